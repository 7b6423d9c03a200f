/* SPDX-License-Identifier: MIT */
/*
 * For mistakes of ours, never for anything that a guest or boot data can cause.
 *
 * ASSERT is checked in debug and test builds and is gone from release builds (CONFIG_DEBUG is 0);
 * BUG and BUG_ON always stay. Where they lead is decided by who links the code: the hypervisor
 * panics with registers and a backtrace, a host test fails.
 */
#ifndef LIB_ASSERT_H
#define LIB_ASSERT_H

#include "lib/compiler.h"

/* Says what was violated and where; does not return. Defined by the hypervisor (hv/) and by the
 * host test programs. */
NORETURN COLD void bug_at(const char *what, const char *file, int line);

#define BUG() bug_at("BUG", __FILE__, __LINE__)

#define BUG_ON(condition)                           \
    do {                                            \
        if (unlikely(condition))                    \
            bug_at(#condition, __FILE__, __LINE__); \
    } while (0)

#if defined(CONFIG_DEBUG) && CONFIG_DEBUG
#define ASSERT(condition)                           \
    do {                                            \
        if (unlikely(!(condition)))                 \
            bug_at(#condition, __FILE__, __LINE__); \
    } while (0)
#else
/* The operand is not evaluated, but still compiled, so that it cannot rot. */
#define ASSERT(condition) ((void)sizeof(!(condition)))
#endif

#endif
