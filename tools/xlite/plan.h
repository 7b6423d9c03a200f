/* SPDX-License-Identifier: MIT */
/*
 * What is booted: the hypervisor and the modules, each with its file and its command line.
 */
#ifndef XLITE_PLAN_H
#define XLITE_PLAN_H

#include "options.h"

#include <stdio.h>

struct plan_module {
    const char *file;      /* on the host */
    const char *boot_name; /* its name under /boot in the image */
    const char *arguments;
};

struct plan {
    const char *hypervisor_file;
    const char *hypervisor_name; /* under /boot in the image */
    const char *hypervisor_arguments;
    struct plan_module *modules;
    size_t module_count;
};

/* Loads all files that the options name, checks them, and says what to boot. With `write`, files
 * that have to be unpacked are written to the temporary directory. Ends the tool with a line if
 * something is wrong. */
void plan_make(const struct options *options, bool write, struct plan *plan);

#endif
