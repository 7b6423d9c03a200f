/* SPDX-License-Identifier: MIT */
/*
 * A domain as the user asked for it, from a GUEST.cfg or from options.
 */
#ifndef XLITE_DOMAIN_H
#define XLITE_DOMAIN_H

#include "kernel_image.h"

/* Numbers are 0 and texts NULL where nothing was asked for. */
struct domain {
    const char *source; /* whom to name in messages: the GUEST.cfg, or the kernel file */
    char *name;
    char *kernel;
    char *ramdisk;
    char *command_line; /* the guest's own */
    long memory;        /* MB */
    long maxmem;        /* MB */
    long vcpus;
    long maxvcpus;
    char *cpus;
    long cpu_weight;
    long max_event_channels;
    long cap; /* percent of one CPU */
    char *on_poweroff, *on_reboot, *on_crash, *on_watchdog;

    char *image_path; /* the file that is booted: the kernel, or its unwrapped copy */
    struct kernel_image image;
};

enum {
    DOMAIN_MEMORY_DEFAULT = 64, /* MB */
    DOMAIN_MEMORY_MAX = 1 << 20,
    DOMAIN_IMAGE_MAX = 256, /* MB, unpacked: more than any kernel */
    DOMAIN_VCPUS_MAX = 128,
    DOMAIN_WEIGHT_MAX = 65535,
    DOMAIN_CHANNELS_MAX = 131071,
    DOMAIN_CAP_MAX = 100 * DOMAIN_VCPUS_MAX,
};

/* True if the word may be a value on a module's command line: one word, nothing that needs quoting.
 */
bool domain_word_is_plain(const char *word);

/* Completes what was left out and checks what can be checked without reading files. Ends the tool
 * with a line if something is wrong. */
void domain_complete(struct domain *domain);

/* Reads, unwraps and checks the kernel, by kernel_image_check() or kernel_image_check_bare();
 * checks that the ramdisk is there. An unwrapped kernel goes into the image field only;
 * domain_write_image() makes a file of it. Ends the tool with a line if something is wrong. */
void domain_load(struct domain *domain, bool (*check)(struct span elf_file, uint64_t memory_bytes,
                                                      struct problem *problem));

/* Writes the unwrapped kernel, if it was wrapped, to a temporary file and sets image_path. */
void domain_write_image(struct domain *domain, unsigned number);

/* The module command lines of the boot contract (docs/xlite.md): new strings. The kernel's ends the
 * tool with a line if the hypervisor would not take all of it. */
char *domain_kernel_line(const struct domain *domain);
char *domain_ramdisk_line(const struct domain *domain);

#endif
