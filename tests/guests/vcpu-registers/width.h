/* SPDX-License-Identifier: MIT */
/* What the two widths have of the registers that this test fills. */
#ifndef TESTS_GUESTS_VCPU_REGISTERS_WIDTH_H
#define TESTS_GUESTS_VCPU_REGISTERS_WIDTH_H

#include "tests/guests/support/support.h"

/* Sixteen XMM registers, or eight; that many bytes of the legacy area are saved. */
#define LEGACY (sizeof(long) == 8 ? 416u : 288u)
/* XRSTOR and XSAVE of components, after FNOP. */
void area_load(const uint8_t *area, uint64_t components);
void area_save(uint8_t *area, uint64_t components);

static inline uint64_t read_msr(uint32_t index)
{
    uint32_t low, high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index));
    return (uint64_t)high << 32 | low;
}

static inline void write_msr(uint32_t index, uint64_t value)
{
    __asm__ volatile("wrmsr" ::"c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

/* Segments, filled by a tag; and whether they still are. */
void segments_load(unsigned long tag);
bool segments_are_kept(unsigned long tag);

/* How much of a further component's area has registers in it. */
size_t size_in_use(unsigned component, size_t size);

#endif
