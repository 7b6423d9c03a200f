/* SPDX-License-Identifier: MIT */
/*
 * A 64-bit guest's return from an exception: the iret hypercall.
 *
 * The guest's stack pointer points to a struct iret_context. The selectors get RPL 3 whatever the
 * guest wrote, the flags get IF and lose IOPL and VM: so whatever is in the frame, the guest stays
 * in ring 3. A frame that the CPU refuses all the same faults in IRETQ, and that fault is the
 * guest's (trap.c).
 */
#include "hv/work.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "pv/bounce.h"
#include "pv/mode.h"
#include "x86/guest_copy.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

NOINLINE void pv_end_nmi(struct vcpu *v)
{
    v->nmi_blocked = false;
    if (atomic_load(&v->nmi_pending))
        work_raise(WORK_SCHEDULE);
}

/* The words that have more than one meaning to the hypervisor, and the return address. */
struct iret_words {
    uint64_t rax, flags, rip, cs, rflags, rsp, ss;
};

static ALWAYS_INLINE void load_frame(struct vcpu *v, struct regs *regs, const struct iret_words *w)
{
    if (v->domain->vm_assist & BIT(VMASST_TYPE_architectural_iopl))
        v->pv->iopl = (w->rflags & RFLAGS_IOPL) >> 12;
    regs->rip = w->rip;
    regs->cs = (uint16_t)(w->cs | 3);
    regs->rflags = pv_rflags(w->rflags);
    regs->rsp = w->rsp;
    regs->ss = (uint16_t)(w->ss | 3);
    regs->rax = w->rax;
    /* All registers count: leave by IRETQ. With the flag, RCX and R11 may be lost and SYSRET is
     * quicker. */
    if (!(w->flags & VGCF_in_syscall))
        regs->vector = 0;
    WRITE_ONCE(v->info->evtchn_upcall_mask, !(w->rflags & RFLAGS_IF));
    if (unlikely(v->nmi_blocked))
        pv_end_nmi(v);
}

COLD NOINLINE void pv_no_iret_frame(struct vcpu *v, gva_t sp)
{
    domain_crash_by_rule(v->domain, RULE_TRAP_4, "iret cannot read its frame at %lx", sp.n);
}

static COLD NOINLINE void no_user_tables(struct vcpu *v, uint64_t rip, uint64_t cs)
{
    domain_crash_by_rule(v->domain, RULE_TRAP_7,
                         "iret to user mode, but there are no user page tables: rip %lx, cs %lx",
                         rip, cs);
}

#define WORD(from, name, faults) \
    guest_get_word((from).n + offsetof(struct iret_context_64, name), (faults))

/*
 * Reads the frame, word by word, so that the words stay in processor registers. False: it cannot be
 * read, and nothing has changed but RCX and R11 in *regs, which SYSCALL had taken from the guest.
 */
static ALWAYS_INLINE bool read_frame(struct iret_words *w, struct regs *regs)
{
    gva_t from = GVA(regs->rsp);
    unsigned int faults = 0;

    if (unlikely(!guest_start_ok(from)))
        return false;
    stac();
    regs->r11 = WORD(from, r11, &faults);
    regs->rcx = WORD(from, rcx, &faults);
    w->rax = WORD(from, rax, &faults);
    w->flags = WORD(from, flags, &faults);
    w->rip = WORD(from, rip, &faults);
    w->cs = WORD(from, cs, &faults);
    w->rflags = WORD(from, rflags, &faults);
    w->rsp = WORD(from, rsp, &faults);
    w->ss = WORD(from, ss, &faults);
    clac();
    return likely(faults == 0);
}

void pv_iret_64(struct vcpu *v, struct regs *regs)
{
    struct iret_words w;

    if (unlikely(!read_frame(&w, regs))) {
        pv_no_iret_frame(v, GVA(regs->rsp));
        return;
    }
    if ((w.cs & 3) == 3) {
        if (unlikely(!mfn_is_valid(v->pv->user_table))) {
            no_user_tables(v, w.rip, w.cs);
            return;
        }
        pv_switch_mode(cpu_top_of_guest(regs), v->pv, false);
    }
    load_frame(v, regs, &w);
}
