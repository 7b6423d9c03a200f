/* SPDX-License-Identifier: MIT */
/*
 * The boot image: an ISO file with GRUB, the hypervisor and the modules.
 */
#ifndef XLITE_IMAGE_H
#define XLITE_IMAGE_H

#include "plan.h"

/* For which firmware the image shall boot. For a run only one is made, which is quicker. */
enum { IMAGE_BIOS = 1, IMAGE_UEFI = 2 };

/* Makes the image with GRUB's tools and xorriso. Ends the tool with a line if one of them fails. */
void image_make(const struct plan *plan, unsigned firmwares, const char *file);

/* Prints the commands that GRUB executes for this firmware. */
void image_print_commands(const struct plan *plan, unsigned firmware, FILE *file);

#endif
