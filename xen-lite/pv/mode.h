/* SPDX-License-Identifier: MIT */
/*
 * From a guest's kernel to its programs and back: both run in ring 3, each with its own page tables
 * and GS base. In line, as it is part of each system call. The mode gone to must have its table.
 */
#ifndef XEN_LITE_PV_MODE_H
#define XEN_LITE_PV_MODE_H

#include "lib/assert.h"
#include "pv/pv.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/tlb.h"

/* pv is of the vCPU that top's CPU runs. */
static ALWAYS_INLINE void pv_switch_mode(struct cpu_top *top, struct pv_vcpu *pv, bool to_kernel)
{
    mfn_t table = to_kernel ? pv->kernel_table : pv->user_table;

    ASSERT(top == cpu_top());
    pv->kernel_mode = to_kernel;
    top->user_mode = !to_kernel;
    swapgs();
    cr3_load_on(top, table);
}

#endif
