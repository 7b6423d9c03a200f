/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUESTS_MULTICALL_IRET_MULTICALL_H
#define TESTS_GUESTS_MULTICALL_IRET_MULTICALL_H

#include "abi/xen.h"

extern struct multicall_entry calls[3];

void in_user_mode(void);

/* width64.c, width32.c: makes the multicall with an iret frame for user mode on the stack. The way
 * back is that of frame_enter. */
void in_kernel_mode(void);

#endif
