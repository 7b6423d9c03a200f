/* SPDX-License-Identifier: MIT */
/*
 * 32-bit (PAE) guests: the kernel in ring 1, its programs in ring 3, one three-level table for
 * both.
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

/* What a guest may switch; see width64.c. */
#define ASSISTS                                                                 \
    (BIT(VMASST_TYPE_4gb_segments) | BIT(VMASST_TYPE_4gb_segments_notify) |     \
     BIT(VMASST_TYPE_writable_pagetables) | BIT(VMASST_TYPE_pae_extended_cr3) | \
     BIT(VMASST_TYPE_architectural_iopl) | BIT(VMASST_TYPE_runstate_update_flag))

const struct pv_width pv_width_32 = {
    .guest = GUEST_WIDTH(32, arch.wc_sec_hi),
    .name = "32-bit",
    .kernel_ring = 1,
    .kernel_cs = FLAT_RING1_CS,
    .kernel_ss = FLAT_RING1_SS,
    .kernel_ds = FLAT_RING1_DS,
    .user_cs = FLAT_RING3_CS_32,
    .user_ss = FLAT_RING3_SS_32,
    .program_ring = 2,
    .syscall32_cs = FLAT_RING3_CS_32,
    .syscall32_ss = FLAT_RING3_SS_32,
    .no_syscall32 = VECTOR_GP,
    .gdt_kind = GDT_FOR_32,
    .check_descriptor = descriptor_check_32,
    .enter = pv_enter_32,
    .enter_failsafe = pv_enter_failsafe_32,
    .iret = pv_iret_32,
    .load_segments = pv_load_segments_32,
    .save_segments = pv_save_segments_32,
    .assists = ASSISTS,
    .callbacks = (BIT(PV_CALLBACKS) - 1) & ~BIT(PV_CALLBACK_SYSCALL),
    /* To them ring 1 is what ring 0 is: pages of the guest's programs would be closed to its
     * kernel. */
    .cr4_off = CR4_SMEP | CR4_SMAP,
    .efer = EFER_SCE | EFER_NXE,
    .efer_not_intel = EFER_SCE,
    /* Long mode, and what there is in it only; SYSCALL, which in 32-bit code AMD's CPUs have. */
    .hidden = {
        .all_but_leaf1_ecx = ~(uint32_t)CPUID1_ECX_CX16,
        .extended1_ecx = CPUID81_ECX_LAHF,
        .extended1_edx = CPUID81_EDX_LM,
        .extended1_edx_not_amd = CPUID81_EDX_SYSCALL,
        .virtual_bits = 32,
    },
    .write_stub = pv_write_stub_32,
    .read_context = pv_read_context_32,
    .format = &pte_format_32,
    .m2p = &m2p_view_32,
    .create_top = mmu_create_top_32,
    .destroy_top = mmu_destroy_top_32,
    .use_root = mmu_use_root_32,
    .set_user_table = mmu_set_user_table_32,
    .fill_table = mmu_fill_table_32,
    .cr3_of = mmu_cr3_of_32,
    .cr3_mfn = mmu_cr3_mfn_32,
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
