/* SPDX-License-Identifier: MIT */
/*
 * QEMU's command line.
 */
#ifndef XLITE_QEMU_H
#define XLITE_QEMU_H

#include "plan.h"
#include "words.h"

/* True if the plan is booted from an image, as a kernel of the bare machine always is; false if
 * QEMU itself loads hypervisor and modules. Unless --loader says, it does so on BIOS for Xen (that
 * is quicker, and it is Debian's Xen that is of interest there, not its way in) and for counted
 * boots. */
bool qemu_boots_image(const struct options *options);

/* Builds the command. `image` is the boot image if the run has one. The first serial port is on
 * stdin and stdout. What becomes of the domains comes on descriptor CHILD_STATUS_FD: a pipe from
 * the second serial port, or without a hypervisor a socket on which QEMU tells its events. With
 * `write`, the firmware's variables get a private copy. */
void qemu_command(const struct options *options, const struct plan *plan, const char *image,
                  bool write, struct words *words);

#endif
