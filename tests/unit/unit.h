/* SPDX-License-Identifier: MIT */
/*
 * What every unit test includes: cmocka, and checks that name the table's case when they fail.
 *
 * A test is a table of cases with the expected value written out, and a loop that hands each to
 * the function under test. A failed BUG_ON or ASSERT in the code under test is a failed test,
 * or what expect_assert_failure() waits for.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define check(name, condition)                            \
    do {                                                  \
        if (!(condition))                                 \
            fail_msg("%s: not so: %s", name, #condition); \
    } while (0)

#define check_number(name, got, expected)                                                       \
    do {                                                                                        \
        unsigned long long got_ = (unsigned long long)(got);                                    \
        unsigned long long expected_ = (unsigned long long)(expected);                          \
        if (got_ != expected_)                                                                  \
            fail_msg("%s: %s is %llu (0x%llx), expected %llu (0x%llx)", name, #got, got_, got_, \
                     expected_, expected_);                                                     \
    } while (0)

#define check_string(name, got, expected)                                                     \
    do {                                                                                      \
        const char *got_ = (got);                                                             \
        const char *expected_ = (expected);                                                   \
        if (got_ == NULL || strcmp(got_, expected_) != 0)                                     \
            fail_msg("%s: %s is \"%s\", expected \"%s\"", name, #got, got_ ? got_ : "(null)", \
                     expected_);                                                              \
    } while (0)

/* Runs the group that main() lists. */
#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif
