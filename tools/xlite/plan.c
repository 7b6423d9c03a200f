/* SPDX-License-Identifier: MIT */
/*
 * From options to what is booted. The hypervisors differ here, and in how their end is read
 * (verdict.c); everything between is the same for all, the bare machine among them: there the
 * kernel stands where a hypervisor would.
 */
#include "plan.h"

#include "lib/boot_info.h"
#include "report.h"
#include "tempdir.h"
#include "unpack.h"
#include "words.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HYPERVISOR_MAX = 64 }; /* MB, unpacked */

/* The directory that xlite itself is in: new string. */
static char *own_directory(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *slash;

    path[length > 0 ? length : 0] = '\0';
    slash = strrchr(path, '/');
    return slash != NULL ? text_format("%.*s", (int)(slash - path), path) : text_format(".");
}

/* The last file of a pattern in alphabetical order (for versions: mostly the newest), or NULL. */
static char *find_last(const char *pattern)
{
    glob_t found;
    char *file = NULL;

    if (glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0) {
        file = text_format("%s", found.gl_pathv[found.gl_pathc - 1]);
    }
    globfree(&found);
    return file;
}

/* The packaged Xen: installed, or unpacked below build/packages by tools/fetch-package.sh. */
static char *find_xen(void)
{
    static const char in_packages[] = "packages/xen-hypervisor-*/boot/xen-*.gz";
    char *file = find_last("/boot/xen-*.gz");

    if (file == NULL) {
        file = find_last(text_format("%s/%s", own_directory(), in_packages));
    }
    /* xlite of another build, such as build/release/xlite. */
    if (file == NULL) {
        file = find_last(text_format("%s/../%s", own_directory(), in_packages));
    }
    if (file == NULL) {
        fail("the real Xen is not installed: there is no /boot/xen-*.gz (package "
             "xen-hypervisor-4.17-amd64); or use --hypervisor xen=FILE");
    }
    return file;
}

/* Reads the hypervisor's file and unpacks it if it is packed, as the packaged Xen is. */
static void load_hypervisor(struct plan *plan, const char *file, bool write)
{
    struct problem problem;
    struct bytes packed;
    struct bytes unpacked = { NULL, 0 };
    struct span image;

    plan->hypervisor_file = file;
    if (!bytes_read_file(file, &packed, &problem)) {
        fail("%s: %s", file, problem.text);
    }
    image = bytes_span(packed);
    if (unpack_format(image) != NULL) {
        if (!unpack(image, (size_t)HYPERVISOR_MAX << 20, &unpacked, &problem)) {
            fail("%s: %s", file, problem.text);
        }
        image = bytes_span(unpacked);
        plan->hypervisor_file = tempdir_path("hypervisor");
    }
    if (image.size < 4 || memcmp(image.data, "\177ELF", 4) != 0) {
        fail("%s: not a hypervisor: no ELF file", file);
    }
    if (write && unpacked.data != NULL) {
        bytes_write_file(plan->hypervisor_file, image);
    }
    bytes_free(&unpacked);
    bytes_free(&packed);
}

/* The line with more words behind it, if there are any: new string. */
static char *join(const char *line, const char *more)
{
    return *more != '\0' ? text_format("%s %s", line, more) : text_format("%s", line);
}

/* xen-lite: built beside xlite unless a file is named. */
static void plan_xen_lite(const struct options *options, bool write, struct plan *plan)
{
    const char *file = options->hypervisor_file;

    if (file == NULL) {
        file = text_format("%s/xen-lite.elf", own_directory());
    }
    load_hypervisor(plan, file, write);
    plan->hypervisor_name = "xen-lite";
    /* status: how the hypervisor tells xlite what became of the domains, on a line that no guest
     * reaches. */
    plan->hypervisor_arguments =
        join("console=com1,vga com1=115200,8n1 status=com2", options->hypervisor_args);
}

/* The real Xen: it takes what xen-lite reads from module lines from its own command line, for dom0.
 */
static void plan_xen(const struct options *options, bool write, struct plan *plan)
{
    const struct domain *domain = &options->domains[0];
    const char *file = options->hypervisor_file;
    char *line;

    if (options->domain_count > 1) {
        fail("--hypervisor xen boots one domain, its dom0; %u are given (to start more would need "
             "Xen's tools inside dom0)",
             options->domain_count);
    }
    load_hypervisor(plan, file != NULL ? file : find_xen(), write);
    plan->hypervisor_name = "xen";
    /* smap=0: in QEMU 7.2, TCG lets an iretq that is executed in ring 3 take a spurious page fault
     * while SMAP is on, and a 64-bit PV kernel runs in ring 3. Xen's own path is not at fault, real
     * CPUs do not do it. */
    line = text_format("console=com1 com1=115200,8n1 smap=0 "
                       "dom0_mem=%ldM,max:%ldM "
                       "dom0_max_vcpus=%ld",
                       domain->memory, domain->maxmem > 0 ? domain->maxmem : domain->memory,
                       domain->vcpus);
    plan->hypervisor_arguments = join(line, options->hypervisor_args);
}

/* The order of the modules is the order of the domains' numbers. */
static void add_module(struct plan *plan, const char *file, const char *boot_name,
                       const char *arguments)
{
    if (plan->module_count == BOOT_MAX_MODULES) {
        fail("the hypervisor takes %d kernels and ramdisks at most", BOOT_MAX_MODULES);
    }
    plan->modules = realloc(plan->modules, (plan->module_count + 1) * sizeof(*plan->modules));
    if (plan->modules == NULL) {
        fail("out of memory");
    }
    plan->modules[plan->module_count++] = (struct plan_module){ file, boot_name, arguments };
}

/* The kernel's file: its own, or where domain_write_image() puts the unwrapped one. */
static const char *image_of(const struct domain *domain, unsigned number)
{
    return domain->image_path != NULL ? domain->image_path
                                      : tempdir_path(text_format("d%u-kernel", number));
}

/* The domain's modules: the kernel, and the ramdisk behind it. Xen takes a module's line as the
 * guest's own; xen-lite's says more (the boot contract in docs/boot.md). */
static void add_domain(struct plan *plan, const struct domain *domain, unsigned number,
                       enum hypervisor hypervisor)
{
    bool plain = hypervisor == HYPERVISOR_XEN;
    const char *own_line = domain->command_line != NULL ? domain->command_line : "";

    add_module(plan, image_of(domain, number), text_format("d%u-kernel", number),
               plain ? own_line : domain_kernel_line(domain));
    if (domain->ramdisk != NULL) {
        add_module(plan, domain->ramdisk, text_format("d%u-ramdisk", number),
                   plain ? "" : domain_ramdisk_line(domain));
    }
}

/* The bare machine: one kernel, and its ramdisk as its only module. */
static void plan_bare_machine(const struct options *options, bool write, struct plan *plan)
{
    struct domain *domain = &options->domains[0];

    domain_load(domain, kernel_image_check_bare);
    if (write) {
        domain_write_image(domain, 1);
    }
    plan->hypervisor_file = image_of(domain, 1);
    plan->hypervisor_name = "kernel";
    plan->hypervisor_arguments = domain->command_line != NULL ? domain->command_line : "";
    if (domain->ramdisk != NULL) {
        add_module(plan, domain->ramdisk, "ramdisk", "");
    }
}

void plan_make(const struct options *options, bool write, struct plan *plan)
{
    *plan = (struct plan){ .module_count = 0 };
    switch (options->hypervisor) {
    case HYPERVISOR_XEN: plan_xen(options, write, plan); break;
    case HYPERVISOR_XEN_LITE: plan_xen_lite(options, write, plan); break;
    case HYPERVISOR_NONE: plan_bare_machine(options, write, plan); return;
    }
    for (unsigned i = 0; i < options->domain_count; i++) {
        struct domain *domain = &options->domains[i];

        domain_load(domain, kernel_image_check);
        if (write) {
            domain_write_image(domain, i + 1);
        }
        add_domain(plan, domain, i + 1, options->hypervisor);
    }
}
