/* SPDX-License-Identifier: MIT */
/* See addresses.h. */
#include "tests/guests/bad-handles/addresses.h"
#include "tests/guests/support/support.h"

const struct bad_address bad_addresses[BAD_ADDRESSES] = {
    { HYPERVISOR_ADDRESS, "the hypervisor's memory" },
    { HYPERVISOR_VIRT_END - 8, "the end of the hypervisor's area" },
    { NONCANONICAL_ADDRESS, "a non-canonical address" },
    { 0x00007ffffffffff8, "the edge of the lower half" },
    { UNMAPPED_ADDRESS, "an unmapped address" },
    { ~7ul, "the last address" },
};

const unsigned long end_of_guest = 1ul << 47;
const long empty_list_there = -XEN_EFAULT;
