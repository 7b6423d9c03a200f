/* SPDX-License-Identifier: MIT */
/* See addresses.h. */
#include "tests/guests/bad-handles/addresses.h"
#include "tests/guests/support/support.h"

const struct bad_address bad_addresses[BAD_ADDRESSES] = {
    { HYPERVISOR_ADDRESS, "the hypervisor's memory" },
    { MACH2PHYS_VIRT_END, "the end of the machine-to-physical table" },
    { HYPERVISOR_VIRT_START - 8, "the edge of the hypervisor's area" },
    { HYPERVISOR_VIRT_START - 1, "the last byte below the hypervisor's area" },
    { UNMAPPED_ADDRESS, "an unmapped address" },
    { ~7ul, "the last address" },
};

const unsigned long end_of_guest = HYPERVISOR_VIRT_START;
const long empty_list_there = 0; /* nobody looks */
