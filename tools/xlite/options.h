/* SPDX-License-Identifier: MIT */
/*
 * The command line of `xlite run`.
 */
#ifndef XLITE_OPTIONS_H
#define XLITE_OPTIONS_H

#include "domain.h"

/* None: the kernel itself is booted, on the bare machine. */
enum hypervisor { HYPERVISOR_XEN_LITE, HYPERVISOR_XEN, HYPERVISOR_NONE };
enum firmware { FIRMWARE_BIOS, FIRMWARE_UEFI };
/* Who loads hypervisor and domains: GRUB from a boot image, or QEMU itself. */
enum loader { LOADER_DEFAULT, LOADER_GRUB, LOADER_QEMU };

struct options {
    enum hypervisor hypervisor;
    const char
        *hypervisor_file; /* NULL: the one that was built beside xlite, or the packaged Xen */
    const char *hypervisor_args; /* "" if none */
    enum firmware firmware;
    enum loader loader;
    const char *machine;
    const char *cpu;
    long cpus;
    long host_memory;       /* MB; 0: enough for the domains */
    double timeout;         /* seconds; 0: none */
    bool guest_gets_ctrl_c; /* otherwise it ends the run */
    bool icount;
    long gdb_port; /* 0: no gdb */
    const char *iso;
    const char *qemu_args; /* "" if none */
    bool dry_run;
    struct domain *domains;
    unsigned domain_count;
};

/* Reads the words behind `xlite run` (argv[0] is "run") and the GUEST.cfg files that they name.
 * Ends the tool with a line if something is wrong, or with the help text if that is asked for. */
void options_read(int argc, char **argv, struct options *options);

/* Prints the help texts on stdout. */
void help_print(void);
void help_print_run(void);

#endif
