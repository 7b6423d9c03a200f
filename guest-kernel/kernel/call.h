/* SPDX-License-Identifier: MIT */
/* The handlers of the system calls, one for each line of api/syscalls.def. arguments are those of
 * the program; what is not used is anything. The result goes back to it. */
#ifndef GUEST_KERNEL_KERNEL_CALL_H
#define GUEST_KERNEL_KERNEL_CALL_H

#define SYSCALL(number, name, ...) long call_##name(const unsigned long arguments[4]);
#include "api/syscalls.def"
#undef SYSCALL

#endif
