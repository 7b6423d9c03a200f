/* SPDX-License-Identifier: MIT */
/*
 * What differs between a 64-bit PV kernel and a 32-bit one: two headers with the same names in them
 * (and the files whose names end in 64 or 32).
 *
 *     PV_KIND                      what the kernel says of itself
 *     hypercall()                  a call of up to four register-sized arguments
 *     hypercall_update_va_mapping(), hypercall_set_timer()
 *                                  calls with a 64-bit argument: one register, or two
 *     pv_user_frame()              a frame with the selectors of user mode
 *     REGISTER(), pv_cr3_of()      what another CPU begins with
 *     WALL_CLOCK_HIGH              where the upper half of the date's seconds is
 *     TOPS ...                     what a space is beside one table, as space.c tells
 */
#ifndef GUEST_KERNEL_PV_WIDTH_H
#define GUEST_KERNEL_PV_WIDTH_H

#ifdef __x86_64__
#include "machine/pv/width64.h"
#else
#include "machine/pv/width32.h"
#endif

#endif
