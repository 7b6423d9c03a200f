/* SPDX-License-Identifier: MIT */
/*
 * Properties of virtual addresses.
 */
#ifndef XEN_LITE_X86_ADDRESS_H
#define XEN_LITE_X86_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Bits 63 to 47 are all alike: what the CPU demands with four levels of page tables. */
static inline bool address_is_canonical(uint64_t address)
{
    return (uint64_t)((int64_t)address >> 47) + 1 <= 1;
}

#endif
