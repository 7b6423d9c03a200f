/* SPDX-License-Identifier: MIT */
/*
 * QEMU's command line. The machine is a small one: CPUs, memory, firmware, two serial ports, a
 * screen that nobody sees and, if there is an image, a disk.
 */
#include "qemu.h"

#include "child.h"
#include "report.h"
#include "tempdir.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where distributions put OVMF: code (read-only) and the variables to begin with. */
static const struct {
    const char *code, *variables;
} ovmf_files[] = {
    { "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd" },
    { "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd" },
    { "/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd" },
    { "/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd" },
};

enum {
    HOST_MEMORY_DEFAULT = 512,
    HOST_MEMORY_OVERHEAD =
        64, /* what hypervisor, firmware and page tables of the domains need at least */
};

bool qemu_boots_image(const struct options *options)
{
    if (options->hypervisor == HYPERVISOR_NONE) {
        return true;
    }
    if (options->loader != LOADER_DEFAULT || options->firmware == FIRMWARE_UEFI) {
        return options->loader != LOADER_QEMU;
    }
    /* GRUB polls its disk, which answers in the time of the host: a boot from it never repeats
     * exactly, not even with counted instructions. */
    return options->hypervisor == HYPERVISOR_XEN_LITE && !options->icount;
}

/* A file name inside an option of QEMU: commas are doubled. */
static char *quote_commas(const char *text)
{
    char *quoted = malloc(2 * strlen(text) + 1);
    char *to = quoted;

    if (quoted == NULL) {
        fail("out of memory");
    }
    for (; *text != '\0'; text++) {
        if (*text == ',') {
            *to++ = ',';
        }
        *to++ = *text;
    }
    *to = '\0';
    return quoted;
}

/* An option and its value are two words. */
static void add_option(struct words *words, const char *option, const char *value)
{
    words_add(words, "%s", option);
    words_add(words, "%s", value);
}

/* Memory of the host: as asked, or enough for the domains with a quarter on top. What the only
 * kernel of a bare machine has is that of the host. */
static long host_memory(const struct options *options)
{
    long domains = 0;
    long wanted;

    for (unsigned i = 0; i < options->domain_count; i++) {
        domains += options->domains[i].memory;
    }
    if (options->hypervisor == HYPERVISOR_NONE) {
        return domains;
    }
    if (options->host_memory == 0) {
        wanted = domains + domains / 4 + 2 * HOST_MEMORY_OVERHEAD;
        return wanted > HOST_MEMORY_DEFAULT ? wanted : HOST_MEMORY_DEFAULT;
    }
    if (domains >= options->host_memory) {
        fail("--host-memory: the domains need %ld MB, the host has %ld MB", domains,
             options->host_memory);
    }
    return options->host_memory;
}

/* The machine itself. -nodefaults leaves out network, floppy, CD and monitor, which cost start-up
 * time and bring ROMs that the firmware would run. */
static void add_machine(struct words *words, const struct options *options)
{
    add_option(words, "-accel", "tcg");
    add_option(words, "-machine", options->machine);
    add_option(words, "-cpu", options->cpu);
    add_option(words, "-smp", text_format("%ld", options->cpus));
    add_option(words, "-m", text_format("%ld", host_memory(options)));
    words_add(words, "-nodefaults");
    words_add(words, "-no-user-config");
    /* Whoever resets the machine has given up: QEMU ends. */
    words_add(words, "-no-reboot");
    add_option(words, "-display", "none");
    add_option(words, "-vga", "std");
    if (options->icount) {
        add_option(words, "-icount", "shift=0,sleep=off");
        add_option(words, "-rtc", "base=2026-01-01T00:00:00,clock=vm");
    }
    if (options->gdb_port != 0) {
        words_add(words, "-S");
        add_option(words, "-gdb", text_format("tcp:127.0.0.1:%ld", options->gdb_port));
    }
}

/* signal=off: QEMU's stdin is a pipe, and Ctrl-C is xlite's to handle. */
static void add_console(struct words *words)
{
    add_option(words, "-chardev", "stdio,id=console,signal=off");
    add_option(words, "-serial", "chardev:console");
}

/* A hypervisor tells the end on the second serial port. A kernel of its own has only the machine to
 * tell it by: QEMU says whether it was switched off or reset, and a port ends QEMU with an exit
 * status of the kernel's choice (verdict.c). */
static void add_status(struct words *words, const struct options *options)
{
    if (options->hypervisor == HYPERVISOR_NONE) {
        add_option(words, "-chardev", text_format("socket,id=status,fd=%d", CHILD_STATUS_FD));
        add_option(words, "-mon", "chardev=status,mode=control");
        add_option(words, "-device", "isa-debug-exit,iobase=0xf4");
        return;
    }
    add_option(words, "-chardev", text_format("file,id=status,path=/dev/fd/%d", CHILD_STATUS_FD));
    add_option(words, "-serial", "chardev:status");
}

/* A private copy: UEFI writes its boot entries there. */
static void copy_file(const char *from, const char *to)
{
    struct problem problem;
    struct bytes file;

    if (!bytes_read_file(from, &file, &problem)) {
        fail("%s: %s", from, problem.text);
    }
    bytes_write_file(to, bytes_span(file));
    bytes_free(&file);
}

/* The first pair of files that is installed. Both are needed, and they must fit each other. */
static void add_uefi(struct words *words, bool write)
{
    char *variables = tempdir_path("ovmf-variables.fd");

    for (size_t i = 0; i < sizeof(ovmf_files) / sizeof(ovmf_files[0]); i++) {
        if (access(ovmf_files[i].code, R_OK) != 0 || access(ovmf_files[i].variables, R_OK) != 0) {
            continue;
        }
        if (write) {
            copy_file(ovmf_files[i].variables, variables);
        }
        add_option(
            words, "-drive",
            text_format("if=pflash,format=raw,unit=0,readonly=on,file=%s", ovmf_files[i].code));
        add_option(words, "-drive",
                   text_format("if=pflash,format=raw,unit=1,file=%s", quote_commas(variables)));
        return;
    }
    fail("--firmware uefi: OVMF is not installed: there is no %s (package ovmf)",
         ovmf_files[0].code);
}

/* A virtio disk: SeaBIOS and OVMF read from it more quickly than from any other, and without the
 * legacy interface, twice as quickly. */
static void add_image(struct words *words, const char *image)
{
    add_option(words, "-drive",
               text_format("if=none,id=boot,format=raw,readonly=on,file=%s", quote_commas(image)));
    add_option(words, "-device", "virtio-blk-pci,drive=boot,disable-legacy=on,bootindex=0");
}

/* QEMU's own loader of Multiboot 1 kernels: modules are "FILE ARGUMENTS", separated by commas. */
static void add_kernel(struct words *words, const struct plan *plan)
{
    char *modules = text_format("%s", "");

    for (size_t i = 0; i < plan->module_count; i++) {
        char *module =
            quote_commas(text_format("%s %s", plan->modules[i].file, plan->modules[i].arguments));

        if (strpbrk(plan->modules[i].file, " ") != NULL) {
            fail("%s: QEMU cannot load a module whose file name has a blank in it",
                 plan->modules[i].file);
        }
        modules = text_format("%s%s%s", modules, i > 0 ? "," : "", module);
    }
    add_option(words, "-kernel", plan->hypervisor_file);
    add_option(words, "-append", plan->hypervisor_arguments);
    add_option(words, "-initrd", modules);
}

void qemu_command(const struct options *options, const struct plan *plan, const char *image,
                  bool write, struct words *words)
{
    struct problem problem;

    words_add(words, "%s", program_find("qemu-system-x86_64"));
    add_machine(words, options);
    add_console(words);
    add_status(words, options);
    if (options->firmware == FIRMWARE_UEFI) {
        add_uefi(words, write);
    }
    if (image != NULL) {
        add_image(words, image);
    } else {
        add_kernel(words, plan);
    }
    if (!words_add_line(words, options->qemu_args, &problem)) {
        fail("--qemu-args: %s", problem.text);
    }
}
