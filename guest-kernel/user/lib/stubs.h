/* SPDX-License-Identifier: MIT */
/*
 * One function sys_NAME for each system call of syscalls.def. They return what the kernel returned:
 * negative is an error. The C library's functions on top of them are in calls.c.
 */
#ifndef GUEST_KERNEL_USER_STUBS_H
#define GUEST_KERNEL_USER_STUBS_H

#include "api/api.h"

/* The instruction itself; in call64.S and call32.S. */
long system_call(unsigned long number, unsigned long a, unsigned long b, unsigned long c,
                 unsigned long d);

#define SYSCALL(number, name, nargs, ...) STUB_##nargs(name, ##__VA_ARGS__)
#define STUB_0(name)                                  \
    static inline long sys_##name(void)               \
    {                                                 \
        return system_call(SYS_##name, 0ul, 0, 0, 0); \
    }
#define STUB_1(name, type1, a)                                     \
    static inline long sys_##name(type1 a)                         \
    {                                                              \
        return system_call(SYS_##name, (unsigned long)a, 0, 0, 0); \
    }
#define STUB_2(name, type1, a, type2, b)                                          \
    static inline long sys_##name(type1 a, type2 b)                               \
    {                                                                             \
        return system_call(SYS_##name, (unsigned long)a, (unsigned long)b, 0, 0); \
    }
#define STUB_3(name, type1, a, type2, b, type3, c)                                               \
    static inline long sys_##name(type1 a, type2 b, type3 c)                                     \
    {                                                                                            \
        return system_call(SYS_##name, (unsigned long)a, (unsigned long)b, (unsigned long)c, 0); \
    }
#include "api/syscalls.def"
#undef STUB_0
#undef STUB_1
#undef STUB_2
#undef STUB_3
#undef SYSCALL

#endif
