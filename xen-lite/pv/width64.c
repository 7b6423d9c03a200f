/* SPDX-License-Identifier: MIT */
/*
 * 64-bit guests: kernel and programs both in ring 3, each with a four-level table of its own.
 */
#include "pv/width.h"

#include "abi/layout.h"

const struct pv_width pv_width_64 = {
    .guest = { .bits = 64, .bytes = 8 },
    .name = "64-bit",
    .kernel_ring = 3,
    .kernel_cs = FLAT_RING3_CS64,
    .kernel_ss = FLAT_RING3_SS64,
    .kernel_ds = FLAT_RING3_DS64,
    .user_cs = FLAT_RING3_CS64,
    .user_ss = FLAT_RING3_SS64,
    .root_level = 4,
    .hypervisor_start = HYPERVISOR_VIRT_START_64,
    .hypervisor_end = HYPERVISOR_VIRT_END_64,
    .magic = "xen-3.0-x86_64",
    .write_start_info = pv_write_start_info_64,
    .counter_name = "rip",
    .stack_name = "rsp",
    .print_registers = pv_print_registers_64,
};
