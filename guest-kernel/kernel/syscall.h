/* SPDX-License-Identifier: MIT */
/* System calls by number. */
#ifndef GUEST_KERNEL_KERNEL_SYSCALL_H
#define GUEST_KERNEL_KERNEL_SYSCALL_H

/* What the call with that number returns; -API_ENOSYS: there is none. */
long system_call(unsigned long number, const unsigned long arguments[4]);

#endif
