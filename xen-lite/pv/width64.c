/* SPDX-License-Identifier: MIT */
/*
 * 64-bit guests: kernel and programs both in ring 3, each with a four-level table of its own.
 */
#include "pv/width.h"

#include "abi/xen.h"
#include "core/descriptor.h"
#include "hv/m2p.h"
#include "pv/mmu.h"
#include "pv/pv.h"
#include "x86/cpu_bits.h"
#include "x86/gdt.h"
#include "x86/vector.h"

/* What a guest may switch. Some have had no effect since all kernels are built alike (4 GiB
 * segments, page tables that seem writable); they are taken all the same, as on Xen. */
#define ASSISTS                                                                    \
    (BIT(VMASST_TYPE_4gb_segments) | BIT(VMASST_TYPE_4gb_segments_notify) |        \
     BIT(VMASST_TYPE_writable_pagetables) | BIT(VMASST_TYPE_pae_extended_cr3) |    \
     BIT(VMASST_TYPE_architectural_iopl) | BIT(VMASST_TYPE_runstate_update_flag) | \
     BIT(VMASST_TYPE_m2p_strict))

const struct pv_width pv_width_64 = {
    .guest = GUEST_WIDTH(64, wc_sec_hi),
    .name = "64-bit",
    .kernel_ring = 3,
    .kernel_cs = FLAT_RING3_CS64,
    .kernel_ss = FLAT_RING3_SS64,
    .kernel_ds = FLAT_RING3_DS64,
    .user_cs = FLAT_RING3_CS64,
    .user_ss = FLAT_RING3_SS64,
    .syscall32_cs = FLAT_RING3_CS32,
    .syscall32_ss = FLAT_RING3_SS64,
    .handler_cs = FLAT_RING3_CS64,
    .no_syscall32 = VECTOR_UD,
    .gdt_kind = GDT_FOR_64,
    .check_descriptor = descriptor_check_64,
    .enter = pv_enter_64,
    .enter_failsafe = pv_enter_failsafe_64,
    .iret = pv_iret_64,
    .load_segments = pv_load_segments_64,
    .save_segments = pv_save_segments_64,
    .assists = ASSISTS,
    .callbacks = BIT(PV_CALLBACKS) - 1,
    .efer = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE,
    .has_base_msrs = true,
    .hidden = { .all_but_leaf1_ecx = ~0u, .virtual_bits = 48 },
    .write_stub = pv_write_stub_64,
    .read_context = pv_read_context_64,
    .format = &pte_format_64,
    .m2p = &m2p_view_64,
    .create_top = mmu_create_top_64,
    .destroy_top = mmu_destroy_top_64,
    .use_root = mmu_use_root_64,
    .set_user_table = mmu_set_user_table_64,
    .fill_table = mmu_fill_table_64,
    .cr3_of = mmu_cr3_of_64,
    .cr3_mfn = mmu_cr3_mfn_64,
    .root_level = 4,
    .hypervisor_start = HYPERVISOR_VIRT_START_64,
    .hypervisor_end = HYPERVISOR_VIRT_END_64,
    .magic = "xen-3.0-x86_64",
    .write_start_info = pv_write_start_info_64,
    .counter_name = "rip",
    .stack_name = "rsp",
    .print_registers = pv_print_registers_64,
};
