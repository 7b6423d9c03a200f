/* SPDX-License-Identifier: MIT */
/* The bases of FS and GS are in MSRs. */
#include "tests/guests/vcpu-registers/width.h"

/* The MSRs that a vCPU has for itself. */
static const uint32_t own_registers[] = { 0xc0000100, 0xc0000101, 0xc0000102 };

void segments_load(unsigned long tag)
{
    for (unsigned i = 0; i < COUNT(own_registers); i++)
        write_msr(own_registers[i], tag << 32 | i);
}

bool segments_are_kept(unsigned long tag)
{
    for (unsigned i = 0; i < COUNT(own_registers); i++)
        if (read_msr(own_registers[i]) != (tag << 32 | i))
            return false;
    return true;
}

size_t size_in_use(unsigned component, size_t size)
{
    (void)component;
    return size;
}

void area_load(const uint8_t *area, uint64_t components)
{
    __asm__ volatile("fnop; xrstor64 (%0)" ::"r"(area), "a"((uint32_t)components),
                     "d"((uint32_t)(components >> 32))
                     : "memory");
}

void area_save(uint8_t *area, uint64_t components)
{
    __asm__ volatile("fnop; xsave64 (%0)" ::"r"(area), "a"((uint32_t)components),
                     "d"((uint32_t)(components >> 32))
                     : "memory");
}
