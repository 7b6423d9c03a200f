/* SPDX-License-Identifier: MIT */
/* Hypercalls with any number and any arguments, right or wrong; the result as it came. */
#ifndef TESTS_GUESTS_SUPPORT_HYPERCALL_H
#define TESTS_GUESTS_SUPPORT_HYPERCALL_H

#include "tests/guests/support/width.h"

extern char hypercall_page[];

/* An argument as a register holds it. One of 64 bits does not fit at 32: the calls that take such
 * have functions of their own in width.h. */
#define HYPERCALL_ARGUMENT(value)                                                              \
    (sizeof(struct {                                                                           \
        _Static_assert(sizeof(0 ? (value) : (value)) <= sizeof(long), "fits into a register"); \
        int unused;                                                                            \
    })                                                                                         \
         ? (unsigned long)(value)                                                              \
         : 0)

/* CALL(mmu_update, &update, 1, 0, DOMID_SELF): up to five arguments of any scalar type. */
#define CALL(name, ...) CALL_(__HYPERVISOR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0)
#define CALL_(number, a, b, c, d, e, ...)                                                  \
    hypercall(number, HYPERCALL_ARGUMENT(a), HYPERCALL_ARGUMENT(b), HYPERCALL_ARGUMENT(c), \
              HYPERCALL_ARGUMENT(d), HYPERCALL_ARGUMENT(e))

#endif
