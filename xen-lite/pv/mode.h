/* SPDX-License-Identifier: MIT */
/*
 * Kernel or program? A 64-bit guest's run both in ring 3, each with its own page tables and GS
 * base: the hypervisor takes it from one to the other and so knows which it is. A 32-bit guest's
 * kernel is in ring 1 and goes to ring 3 without asking; both have the same tables, and CS tells.
 *
 * In line, as it is part of each system call.
 */
#ifndef XEN_LITE_PV_MODE_H
#define XEN_LITE_PV_MODE_H

#include "lib/assert.h"
#include "pv/pv.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/tlb.h"

/* True if regs, a frame of v, is of the guest's kernel. */
static ALWAYS_INLINE bool pv_in_kernel(const struct vcpu *v, const struct regs *regs)
{
    return v->pv->kernel_mode && !(regs->cs & v->pv->width->program_ring);
}

/* A 64-bit guest's change; pv is of the vCPU that top's CPU runs. The mode gone to must have its
 * table. */
static ALWAYS_INLINE void pv_switch_mode(struct cpu_top *top, struct pv_vcpu *pv, bool to_kernel)
{
    mfn_t table = to_kernel ? pv->kernel_l4 : pv->user_table;

    ASSERT(top == cpu_top());
    pv->kernel_mode = to_kernel;
    top->user_mode = !to_kernel;
    swapgs();
    cr3_load_on(top, table);
}

#endif
