/* SPDX-License-Identifier: MIT */
/* Control registers as this test reads and writes them, and what the two widths say of them. */
#ifndef TESTS_GUESTS_CONTROL_REGISTERS_CONTROL_H
#define TESTS_GUESTS_CONTROL_REGISTERS_CONTROL_H

#include "tests/guests/support/support.h"

#define READ(name)                                                                          \
    ({                                                                                      \
        unsigned long value_ = 0;                                                           \
                                                                                            \
        expect_no_fault(TRY("mov %%" name ", %0", : "=r"(value_)::"memory"), "read " name); \
        value_;                                                                             \
    })
#define WRITE(name, value) TRY("mov %0, %%" name, : : "r"((unsigned long)(value)) : "memory")

/* CR3 that names the table, with bits that are flags of a processor's own. */
void cr3_low_bits(unsigned long table);

void cr8(void);

#endif
