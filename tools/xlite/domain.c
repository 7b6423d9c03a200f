/* SPDX-License-Identifier: MIT */
/*
 * Domains: defaults, checks, and the module command lines that tell the hypervisor about them.
 */
#include "domain.h"

#include "lib/boot_info.h"
#include "report.h"
#include "tempdir.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool domain_word_is_plain(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_.+:,^/@";

    return *word != '\0' && word[strspn(word, plain)] == '\0';
}

/* A guest's command line ends up in a line of grub.cfg and in one of the hypervisor: it must stay
 * one. */
static void check_command_line(const struct domain *domain)
{
    const char *line = domain->command_line;

    if (line == NULL) {
        return;
    }
    if (strpbrk(line, "\n\r") != NULL) {
        fail("%s: the guest's command line must be one line", domain->source);
    }
}

void domain_complete(struct domain *domain)
{
    if (domain->kernel == NULL) {
        fail("%s: no kernel is given", domain->source);
    }
    if (domain->name == NULL) {
        fail("%s: no name is given", domain->source);
    }
    if (!domain_word_is_plain(domain->name)) {
        fail("%s: name \"%s\": only letters, digits and -_.+:,^/@ can be in a name", domain->source,
             domain->name);
    }
    if (domain->memory == 0) {
        domain->memory = domain->maxmem > 0 ? domain->maxmem : DOMAIN_MEMORY_DEFAULT;
    }
    if (domain->maxmem != 0 && domain->maxmem < domain->memory) {
        fail("%s: maxmem (%ld MB) is less than memory (%ld MB)", domain->source, domain->maxmem,
             domain->memory);
    }
    if (domain->vcpus == 0) {
        domain->vcpus = domain->maxvcpus > 0 ? domain->maxvcpus : 1;
    }
    if (domain->maxvcpus != 0 && domain->maxvcpus < domain->vcpus) {
        fail("%s: maxvcpus (%ld) is less than vcpus (%ld)", domain->source, domain->maxvcpus,
             domain->vcpus);
    }
    check_command_line(domain);
}

void domain_load(struct domain *domain, bool (*check)(struct span elf_file, uint64_t memory_bytes,
                                                      struct problem *problem))
{
    struct problem problem;
    struct bytes file;
    uint64_t memory = (uint64_t)domain->memory << 20;

    if (!bytes_read_file(domain->kernel, &file, &problem) ||
        !kernel_image_unwrap(bytes_span(file), (size_t)DOMAIN_IMAGE_MAX << 20, &domain->image,
                             &problem) ||
        !check(domain->image.elf, memory, &problem)) {
        fail("%s: %s", domain->kernel, problem.text);
    }
    if (domain->image.elf.data == file.data) {
        domain->image_path = domain->kernel;
    }
    if (domain->ramdisk != NULL) {
        struct bytes ramdisk;

        if (!bytes_read_file(domain->ramdisk, &ramdisk, &problem)) {
            fail("%s: %s", domain->ramdisk, problem.text);
        }
        if (ramdisk.size >= memory) {
            fail("%s: the ramdisk (%zu bytes) does not fit into the guest's memory of %ld MB",
                 domain->ramdisk, ramdisk.size, domain->memory);
        }
        bytes_free(&ramdisk);
    }
}

void domain_write_image(struct domain *domain, unsigned number)
{
    if (domain->image_path == NULL) {
        domain->image_path = tempdir_path(text_format("d%u-kernel", number));
        bytes_write_file(domain->image_path, domain->image.elf);
    }
}

/* Appends " key=value" if there is a value. */
static char *add_text(char *line, const char *key, const char *value)
{
    return value != NULL ? text_format("%s %s=%s", line, key, value) : line;
}

/* Appends " key=number"; 0 stands for a number that was not asked for. */
static char *add_number(char *line, const char *key, long value)
{
    return value != 0 ? text_format("%s %s=%ld", line, key, value) : line;
}

char *domain_kernel_line(const struct domain *domain)
{
    char *line = text_format("kernel name=%s memory=%ld", domain->name, domain->memory);

    line = add_number(line, "maxmem", domain->maxmem);
    line = add_number(line, "vcpus", domain->vcpus);
    line = add_number(line, "maxvcpus", domain->maxvcpus);
    line = add_text(line, "cpus", domain->cpus);
    line = add_number(line, "cpu_weight", domain->cpu_weight);
    line = add_number(line, "max_event_channels", domain->max_event_channels);
    line = add_number(line, "cap", domain->cap);
    line = add_text(line, "on_poweroff", domain->on_poweroff);
    line = add_text(line, "on_reboot", domain->on_reboot);
    line = add_text(line, "on_crash", domain->on_crash);
    line = add_text(line, "on_watchdog", domain->on_watchdog);
    if (domain->command_line != NULL && *domain->command_line != '\0') {
        line = text_format("%s -- %s", line, domain->command_line);
    }
    if (strlen(line) >= BOOT_COMMAND_LINE) {
        fail("%s: the settings and the guest's command line take %zu characters, at most %d reach "
             "the hypervisor",
             domain->source, strlen(line), BOOT_COMMAND_LINE - 1);
    }
    return line;
}

char *domain_ramdisk_line(const struct domain *domain)
{
    return text_format("ramdisk name=%s", domain->name);
}
