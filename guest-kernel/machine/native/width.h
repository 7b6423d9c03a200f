/* SPDX-License-Identifier: MIT */
/*
 * What differs between a 64-bit kernel and a 32-bit one on the bare machine: two headers with the
 * same names in them (and the files whose names end in 64 or 32).
 *
 *     NATIVE_KIND                  what the kernel says of itself
 *     CODE_SEGMENT                 access bits of code in the GDT
 *     struct task                  the TSS, as far as it is used: where kernel stacks begin
 *     struct gate                  an entry of the IDT
 *     native_user_frame()          a frame with the selectors of user mode
 */
#ifndef GUEST_KERNEL_NATIVE_WIDTH_H
#define GUEST_KERNEL_NATIVE_WIDTH_H

#ifdef __x86_64__
#include "machine/native/width64.h"
#else
#include "machine/native/width32.h"
#endif

#endif
