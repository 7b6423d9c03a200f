/* SPDX-License-Identifier: MIT */
/* From the kernel's way to tell an error to C's. */
#ifndef GUEST_KERNEL_USER_RESULT_H
#define GUEST_KERNEL_USER_RESULT_H

#include <errno.h>

/* Errors are -1 to -4095: what else is negative is an address of the upper half (mmap). */
static inline long result(long of_call)
{
    if (of_call >= 0 || of_call < -4095)
        return of_call;
    errno = (int)-of_call;
    return -1;
}

#endif
