/* SPDX-License-Identifier: MIT */
/*
 * Loading a PV vCPU's state into a CPU, and saving it: all but the register frame and the FPU,
 * which every kind of guest has (domain/sched.c).
 *
 * The bases of a 32-bit guest's segments are those of its descriptors, which loading a selector
 * loads. A 64-bit guest sets those of FS and GS apart from that. Its GS has two bases. The one in
 * use is GS_BASE, the other waits in KERNEL_GS_BASE, whether the guest's kernel or a program runs;
 * going from one to the other is SWAPGS. The guest itself may change the bases where the CPU has
 * WRFSBASE, so they are read back when the vCPU leaves.
 */
#include "domain/domain.h"
#include "lib/types.h"
#include "pv/area.h"
#include "pv/pv.h"
#include "x86/cpu_bits.h"
#include "x86/ex_table.h"
#include "x86/feature.h"
#include "x86/fpu.h"
#include "x86/gdt.h"
#include "x86/instr.h"
#include "x86/tlb.h"

/* Loads a data segment register; a selector that the CPU refuses becomes the null selector. Returns
 * whether it was taken. */
#define LOAD_SEGMENT(name)                                    \
    static bool load_##name(uint16_t selector)                \
    {                                                         \
        unsigned int refused = 0;                             \
                                                              \
        __asm__ volatile("1: movw %w1, %%" #name "\n"         \
                         "2:\n"                               \
                         ".pushsection .text.fixup, \"ax\"\n" \
                         "3: xorl %0, %0\n"                   \
                         "movw %w0, %%" #name "\n"            \
                         "incl %0\n"                          \
                         "jmp 2b\n"                           \
                         ".popsection\n" EX_TABLE(1b, 3b)     \
                         : "+&r"(refused)                     \
                         : "r"((uint32_t)selector));          \
        return !refused;                                      \
    }
LOAD_SEGMENT(ds)
LOAD_SEGMENT(es)
LOAD_SEGMENT(fs)
LOAD_SEGMENT(gs)
#undef LOAD_SEGMENT

void pv_load_tables(struct vcpu *v)
{
    cr3_load(v->pv->kernel_mode ? v->pv->kernel_l4 : v->pv->user_table);
}

/* The CPU's own page of descriptors joins the guest's frames in the window. */
static void load_descriptor_tables(struct vcpu *v)
{
    const enum gdt_kind kind = (enum gdt_kind)v->pv->width->gdt_kind;

    pv_window_map(v, GDT_RESERVED_OFFSET / PAGE_SIZE, gdt_frame(cpu_id(), kind), true);
    gdt_load(pv_window_address(v));
    pv_load_ldt(v);
}

void pv_load_ldt(struct vcpu *v)
{
    ldt_load(pv_window_address(v) + VCPU_WINDOW_LDT_OFFSET, v->pv->ldt_entries);
}

bool pv_load_segments_32(struct pv_vcpu *pv)
{
    bool ok = load_ds(pv->ds);

    /* All four, whatever the first ones say. */
    ok = load_es(pv->es) && ok;
    ok = load_fs(pv->fs) && ok;
    return load_gs(pv->gs) && ok;
}

/* Selectors first: loading one overwrites the base with the descriptor's. */
bool pv_load_segments_64(struct pv_vcpu *pv)
{
    bool ok = pv_load_segments_32(pv);

    wrmsr(MSR_FS_BASE, pv->fs_base);
    wrmsr(MSR_GS_BASE, pv->kernel_mode ? pv->gs_base_kernel : pv->gs_base_user);
    wrmsr(MSR_KERNEL_GS_BASE, pv->kernel_mode ? pv->gs_base_user : pv->gs_base_kernel);
    return ok;
}

void pv_save_segments_32(struct pv_vcpu *pv)
{
    pv->ds = read_ds();
    pv->es = read_es();
    pv->fs = read_fs();
    pv->gs = read_gs();
}

void pv_save_segments_64(struct pv_vcpu *pv)
{
    pv_save_segments_32(pv);
    pv->fs_base = rdmsr(MSR_FS_BASE);
    if (pv->kernel_mode) {
        pv->gs_base_kernel = rdmsr(MSR_GS_BASE);
        pv->gs_base_user = rdmsr(MSR_KERNEL_GS_BASE);
    } else {
        pv->gs_base_user = rdmsr(MSR_GS_BASE);
        pv->gs_base_kernel = rdmsr(MSR_KERNEL_GS_BASE);
    }
}

void pv_load_debug(const struct pv_vcpu *pv)
{
    if (!(pv->dr[7] & DR7_ENABLED)) {
        write_dr7(DR7_FIXED);
        return;
    }
    write_dr0(pv->dr[0]);
    write_dr1(pv->dr[1]);
    write_dr2(pv->dr[2]);
    write_dr3(pv->dr[3]);
    write_dr7(pv->dr[7]);
}

void pv_set_ts(struct pv_vcpu *pv, bool ts)
{
    pv->ts = ts;
    if (ts)
        write_cr0(read_cr0() | CR0_TS);
    else
        clts();
}

void pv_switch_out(struct vcpu *v)
{
    v->pv->width->save_segments(v->pv);
    if (v->pv->dr[7] & DR7_ENABLED)
        write_dr7(DR7_FIXED);
    if (v->pv->ts)
        clts();
    if (v->pv->xcr0 != fpu_components())
        fpu_select(fpu_components());
}

void pv_switch_in(struct vcpu *v)
{
    cpu_top()->user_mode = !v->pv->kernel_mode;
    pv_load_tables(v);
    load_descriptor_tables(v);
    /* A descriptor that another vCPU has changed meanwhile: the guest hears of it by its failsafe
     * callback (TRAP-6). */
    if (!v->pv->width->load_segments(v->pv))
        pv_inject_failsafe(v, &cpu_top()->guest);
    pv_load_debug(v->pv);
    if (v->pv->ts)
        write_cr0(read_cr0() | CR0_TS);
    if (v->pv->xcr0 != fpu_components())
        fpu_select(v->pv->xcr0);
    if (features.rdtscp)
        wrmsr(MSR_TSC_AUX, v->pv->tsc_aux);
    pv_load_cr4(v->pv);
}

void pv_set_segment_base(struct pv_vcpu *pv, unsigned int which, uint64_t base)
{
    bool other = (which == SEGBASE_GS_KERNEL) != pv->kernel_mode;

    if (which == SEGBASE_FS)
        wrmsr(MSR_FS_BASE, base);
    else
        wrmsr(other ? MSR_KERNEL_GS_BASE : MSR_GS_BASE, base);
}

/* The selector belongs to user mode, whose base waits in KERNEL_GS_BASE while the guest's kernel
 * runs. With RPL 3 the CPU judges it as the guest's, not as ours; 0 to 3 are all null. */
void pv_load_user_gs(uint16_t selector)
{
    if (selector > 3)
        selector |= 3;
    swapgs();
    (void)load_gs(selector);
    swapgs();
}
