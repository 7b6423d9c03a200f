/* SPDX-License-Identifier: MIT */
/*
 * What differs between a 64-bit PV kernel and a 32-bit one: two headers with the same names in them
 * (and the files whose names end in 64 or 32).
 *
 *     PV_KIND                      what the kernel says of itself
 *     hypercall()                  a call of up to four register-sized arguments
 *     hypercall_update_va_mapping(), hypercall_set_timer()
 *                                  calls with a 64-bit argument: one register, or two
 *     struct trap_frame            the interrupted code's registers, as entry64.S or entry32.S
 *                                  leaves them; also what it returns to
 *     pv_user_frame(), pv_call()   makes a frame for user mode; a system call's number, arguments
 *                                  and result in a frame
 *     struct context               what machine_context_switch pops
 *     struct space, TOP_LEVEL ...  the shape of page tables
 */
#ifndef GUEST_KERNEL_PV_WIDTH_H
#define GUEST_KERNEL_PV_WIDTH_H

#ifdef __x86_64__
#include "machine/pv/width64.h"
#else
#include "machine/pv/width32.h"
#endif

#endif
