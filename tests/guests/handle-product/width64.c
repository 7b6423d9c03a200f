/* SPDX-License-Identifier: MIT */
/* See width.h. */
#include "tests/guests/handle-product/width.h"

#include "tests/guests/support/support.h"

#define LOWER_HALF (1ul << 47)

const unsigned long fixed_addresses[FIXED_ADDRESSES] = {
    0,
    UNMAPPED_ADDRESS,
    NONCANONICAL_ADDRESS,
    LOWER_HALF - PAGE_SIZE, /* unmapped, and nothing above it */
    LOWER_HALF - 1,
    LOWER_HALF - 8,
    LOWER_HALF,
    MACH2PHYS_VIRT_START,
    MACH2PHYS_VIRT_START - 8,
    0xffff82d080000000, /* where Xen's code is, and its tables */
    HYPERVISOR_ADDRESS,
    HYPERVISOR_VIRT_END - 1,
    HYPERVISOR_VIRT_END - 8,
};

const unsigned long counts[COUNTS] = { 0, 1, 1ul << 16, 1ul << 31, 1ul << 32, 1ul << 63, ~0ul };

bool leaves_guest(unsigned long address, unsigned long long size)
{
    return address < LOWER_HALF ? size > LOWER_HALF - address : size > 0 - address;
}
