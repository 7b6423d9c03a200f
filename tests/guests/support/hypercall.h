/* SPDX-License-Identifier: MIT */
/* Hypercalls with any number and any arguments, right or wrong; the result as it came. */
#ifndef TESTS_GUESTS_SUPPORT_HYPERCALL_H
#define TESTS_GUESTS_SUPPORT_HYPERCALL_H

#include "abi/xen.h"

extern char hypercall_page[];

/* By an own SYSCALL, as numbers beyond the page's 128 stubs need. */
static inline long hypercall(unsigned long number, unsigned long a, unsigned long b,
                             unsigned long c, unsigned long d, unsigned long e)
{
    register unsigned long r10 __asm__("r10") = d;
    register unsigned long r8 __asm__("r8") = e;
    long result = (long)number;

    __asm__ volatile("syscall"
                     : "+a"(result), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8)
                     :
                     : "rcx", "r11", "memory");
    return result;
}

/* CALL(mmu_update, &update, 1, 0, DOMID_SELF): up to five arguments of any scalar type. */
#define CALL(name, ...) CALL_(__HYPERVISOR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0)
#define CALL_(number, a, b, c, d, e, ...)                                         \
    hypercall(number, (unsigned long)(a), (unsigned long)(b), (unsigned long)(c), \
              (unsigned long)(d), (unsigned long)(e))

#endif
