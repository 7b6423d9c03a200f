/* SPDX-License-Identifier: MIT */
/*
 * How a test guest says what it found. test_main compares with expect_*; each difference is printed
 * and remembered, and the test goes on. When test_main returns, the verdict is "success" if there
 * was no difference, else "failure" with the first one. The other verdicts end the guest at once.
 */
#ifndef TESTS_GUESTS_SUPPORT_VERDICT_H
#define TESTS_GUESTS_SUPPORT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-kernel/lib/print.h"
#include "guest-kernel/lib/string.h"

/* The number behind "key=" on the command line, or what is usual. */
uint64_t option_number(const char *key, uint64_t usual);

/* Each test defines it. */
void test_main(void);

/* got and wanted are results of hypercalls: small numbers are shown as such, negative ones by their
 * errno's name. what says, with print's conversions, what was tried. */
void expect(long got, long wanted, const char *what, ...) __attribute__((format(printf, 3, 4)));

/* The same for addresses and entries, shown in hexadecimal. */
void expect_hex(uint64_t got, uint64_t wanted, const char *what, ...)
    __attribute__((format(printf, 3, 4)));

/* what is a sentence that should be true. */
void expect_true(bool is_true, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* From here on print does without the console ring and its event channel. */
void print_by_hypercall(void);

/* The test cannot run here; the test itself could not be set up. */
_Noreturn void skip(const char *why, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void error(const char *why, ...) __attribute__((format(printf, 1, 2)));

/* For tests that should have ended otherwise by now. */
_Noreturn void failure(const char *why, ...) __attribute__((format(printf, 1, 2)));

#endif
