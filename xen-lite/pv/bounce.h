/* SPDX-License-Identifier: MIT */
/*
 * What entering and leaving a guest's kernel has in common at both widths: bounce.c and iret.c for
 * 64 bits, bounce32.c and iret32.c for 32.
 */
#ifndef XEN_LITE_PV_BOUNCE_H
#define XEN_LITE_PV_BOUNCE_H

#include "domain/domain.h"
#include "lib/atomic.h"
#include "pv/pv.h"
#include "x86/cpu_bits.h"

/* The flags as the guest is to find them in a frame. masked: events were, so its interrupts are
 * off. */
static inline uint64_t pv_visible_flags(const struct vcpu *v, const struct regs *regs, bool masked)
{
    uint64_t flags = regs->rflags & ~(RFLAGS_IF | RFLAGS_IOPL);

    if (v->domain->vm_assist & BIT(VMASST_TYPE_architectural_iopl))
        flags |= (uint64_t)v->pv->iopl << 12;
    return masked ? flags : flags | RFLAGS_IF;
}

/* ---- bounce.c: the ends of domains that cannot be told what happened to them ---- */

/* What t was to be entered for. What is in neither table is a copy, of INT n. */
const char *pv_trap_name(const struct pv_vcpu *pv, const struct pv_trap *t);
void pv_no_handler(struct vcpu *v, const struct pv_trap *t);
/* The frame for t cannot be written at sp. */
void pv_no_stack(struct vcpu *v, const struct pv_trap *t, gva_t sp);

/* ---- iret.c ---- */

void pv_no_iret_frame(struct vcpu *v, gva_t sp);
/* Whichever handler it was that returns, as on a CPU. The way out looks for the next NMI. */
void pv_end_nmi(struct vcpu *v);

#endif
