/* SPDX-License-Identifier: MIT */
/* See width.h. None in the M2P, where Xen reads arguments, too (docs/differences.md). */
#include "tests/guests/handle-product/width.h"

#include "tests/guests/support/support.h"

const unsigned long fixed_addresses[FIXED_ADDRESSES] = {
    0,
    UNMAPPED_ADDRESS,
    0x7ffffff8, /* where a signed number ends */
    0x7fffffff,
    0x80000000,
    HYPERVISOR_VIRT_START - PAGE_SIZE, /* unmapped, and nothing above it */
    HYPERVISOR_VIRT_START - 1,
    HYPERVISOR_VIRT_START - 4,
    HYPERVISOR_VIRT_START - 8,
    MACH2PHYS_VIRT_END,
    MACH2PHYS_VIRT_END + 8,
    HYPERVISOR_ADDRESS,
    NONCANONICAL_ADDRESS,
};

/* 1 << 28 elements of 16 bytes are 0 bytes in 32 bits. */
const unsigned long counts[COUNTS] = { 0, 1, 1ul << 16, 1ul << 28, ~0ul >> 1, 1ul << 31, ~0ul };

bool leaves_guest(unsigned long address, unsigned long long size)
{
    return address < HYPERVISOR_VIRT_START && size > HYPERVISOR_VIRT_START - address;
}
