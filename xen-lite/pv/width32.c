/* SPDX-License-Identifier: MIT */
/*
 * 32-bit (PAE) guests: the kernel in ring 1, its programs in ring 3, one three-level table for
 * both.
 */
#include "pv/width.h"

#include "abi/layout.h"

const struct pv_width pv_width_32 = {
    .guest = { .bits = 32, .bytes = 4 },
    .name = "32-bit",
    .kernel_ring = 1,
    .kernel_cs = FLAT_RING1_CS,
    .kernel_ss = FLAT_RING1_SS,
    .kernel_ds = FLAT_RING1_DS,
    .user_cs = FLAT_RING3_CS_32,
    .user_ss = FLAT_RING3_SS_32,
    .root_level = 3,
    .root_entries = 4,
    .hypervisor_start = HYPERVISOR_VIRT_START_32,
    /* Nothing behind it is the guest's. */
    .hypervisor_end = UINT64_MAX,
    .magic = "xen-3.0-x86_32p",
    .write_start_info = pv_write_start_info_32,
    .counter_name = "eip",
    .stack_name = "esp",
    .print_registers = pv_print_registers_32,
};
