/* SPDX-License-Identifier: MIT */
/* Model-specific registers: one, and all of them. */
#ifndef TESTS_GUESTS_SUPPORT_MSR_H
#define TESTS_GUESTS_SUPPORT_MSR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/guests/support/trap.h"

/* RDMSR and WRMSR; *value is 0 after a fault. */
struct fault msr_read(uint32_t index, uint64_t *value);
struct fault msr_write(uint32_t index, uint64_t value);

/* What comes of writing a register. */
enum msr_write {
    MSR_REFUSED,   /* each value faults */
    MSR_FORGOTTEN, /* each value is taken and changes nothing */
    MSR_KEPT,      /* each value is taken and read back */
    MSR_ZERO,      /* 0 is taken and changes nothing, others fault */
    MSR_SAME,      /* what it reads as is taken, others fault */
    MSR_SKIPPED,   /* a test of its own is about the register */
};

struct msr_rule {
    uint32_t first, last;
    bool reads;     /* else reading faults */
    uint64_t value; /* what it reads as */
    enum msr_write writes;
};

/* Tries all registers of the four areas in which there are any. Each must do what the rule for it
 * says, or fault if there is none. */
void msr_sweep(const struct msr_rule *rules, size_t count);

#endif
