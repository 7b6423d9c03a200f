/* SPDX-License-Identifier: MIT */
/* The bases of FS and GS come from descriptors: each vCPU has other selectors. */
#include "tests/guests/vcpu-registers/width.h"

#define AVX 2

static unsigned selector_of(unsigned long tag, bool gs)
{
    return (tag & 1) != gs ? FLAT_USER_DS : FLAT_KERNEL_DS;
}

void segments_load(unsigned long tag)
{
    __asm__ volatile("mov %0, %%fs; mov %1, %%gs" ::"r"(selector_of(tag, false)),
                     "r"(selector_of(tag, true)));
}

bool segments_are_kept(unsigned long tag)
{
    return READ_SEGMENT(fs) == selector_of(tag, false) &&
           READ_SEGMENT(gs) == selector_of(tag, true);
}

/* Eight of the sixteen upper halves. */
size_t size_in_use(unsigned component, size_t size)
{
    return component == AVX ? size / 2 : size;
}

void area_load(const uint8_t *area, uint64_t components)
{
    __asm__ volatile("fnop; xrstor (%0)" ::"r"(area), "a"((uint32_t)components),
                     "d"((uint32_t)(components >> 32))
                     : "memory");
}

void area_save(uint8_t *area, uint64_t components)
{
    __asm__ volatile("fnop; xsave (%0)" ::"r"(area), "a"((uint32_t)components),
                     "d"((uint32_t)(components >> 32))
                     : "memory");
}
