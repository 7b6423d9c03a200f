/* SPDX-License-Identifier: MIT */
/*
 * Entering the kernel of a 32-bit guest. The frame is what the CPU itself would push for it, from
 * the stack pointer up:
 *
 *      [ds es fs gs: failsafe only]  [error code: where the vector has one]  eip  cs  eflags
 *      [esp  ss: where a program was interrupted]
 *
 * From ring 1 it goes to the interrupted stack, from ring 3 (and 2) to that of stack_switch. The
 * upper half of the cs word holds the upcall mask as it was; the selector keeps the ring that was
 * interrupted. As the frame is the CPU's, a kernel can leave it by IRET as well as by hypercall.
 *
 * A stack may lie in a segment with a base. Its limit does not count, as on Xen: what keeps the
 * hypervisor's memory safe is the range of addresses. The failsafe callback, which is there for bad
 * segments, has the flat one, also as on Xen.
 */
#include "abi/layout.h"
#include "pv/bounce.h"
#include "pv/mode.h"
#include "pv/segment.h"
#include "x86/guest_copy.h"

#define WORD 4u

/* Where the frame goes. */
struct stack {
    uint32_t base; /* of its segment */
    uint32_t top;  /* stack pointer: the frame is below */
    uint16_t ss;
};

static NOINLINE bool segment_base(uint16_t ss, uint32_t *base)
{
    struct segment_view s;

    if (!segment_of_selector(ss, &s) || !s.writable)
        return false;
    *base = s.base;
    return true;
}

/* False: there is no such segment, or no stack in it. */
static ALWAYS_INLINE bool find_stack(const struct pv_vcpu *pv, const struct regs *regs,
                                     bool failsafe, bool in_kernel, struct stack *stack)
{
    stack->base = 0;
    stack->top = in_kernel ? (uint32_t)regs->rsp : (uint32_t)pv->kernel_sp;
    stack->ss = in_kernel ? regs->ss : pv->kernel_ss;
    if (failsafe)
        stack->ss = FLAT_RING1_SS;
    return likely(stack->ss == FLAT_RING1_SS) || segment_base(stack->ss, &stack->base);
}

/* So many bytes are written from there on: the end of the frame is alike for all. */
static ALWAYS_INLINE bool write_frame(uint64_t at, const struct vcpu *v, const struct regs *regs,
                                      const struct pv_trap *t, uint32_t error_code, bool failsafe,
                                      bool in_kernel)
{
    bool masked = READ_ONCE(v->info->evtchn_upcall_mask) != 0;

    if (failsafe) {
        const struct pv_vcpu *pv = v->pv;

        if (!guest_put_half_word(at, pv->ds) || !guest_put_half_word(at + WORD, pv->es) ||
            !guest_put_half_word(at + 2 * WORD, pv->fs) ||
            !guest_put_half_word(at + 3 * WORD, pv->gs))
            return false;
        at += 4 * WORD;
    }
    if (t->has_error_code) {
        if (!guest_put_half_word(at, error_code))
            return false;
        at += WORD;
    }
    if (!guest_put_half_word(at, (uint32_t)regs->rip) ||
        !guest_put_half_word(at + WORD, regs->cs | (uint32_t)masked << 16) ||
        !guest_put_half_word(at + 2 * WORD, (uint32_t)pv_visible_flags(v, regs, masked)))
        return false;
    return in_kernel || (guest_put_half_word(at + 3 * WORD, (uint32_t)regs->rsp) &&
                         guest_put_half_word(at + 4 * WORD, regs->ss));
}

static COLD NOINLINE void no_segment(struct vcpu *v, const struct pv_trap *t, uint16_t ss)
{
    domain_crash_by_rule(v->domain, RULE_TRAP_3,
                         "%s: ss %x of the guest's kernel stack is no segment that can be written",
                         pv_trap_name(v->pv, t), ss);
}

/* Makes the handler run next. What cannot be delivered ends the domain: there is nobody to tell. */
static ALWAYS_INLINE void enter_kernel(struct vcpu *v, struct regs *regs, const struct pv_trap *t,
                                       uint32_t error_code, bool failsafe)
{
    bool in_kernel = pv_in_kernel(v, regs);
    uint32_t size = (failsafe ? 7 : 3) * WORD;
    struct stack stack;
    uint32_t sp, at;
    bool found, done;

    if (unlikely(!t->present)) {
        pv_no_handler(v, t);
        return;
    }
    size += (in_kernel ? 0 : 2 * WORD) + (t->has_error_code ? WORD : 0);
    found = find_stack(v->pv, regs, failsafe, in_kernel, &stack);
    sp = stack.top - size;
    at = stack.base + sp;
    if (likely(found && at <= HYPERVISOR_VIRT_START_32 - size)) {
        stac();
        done = write_frame(at, v, regs, t, error_code, failsafe, in_kernel);
        clac();
    } else {
        done = false;
    }
    if (unlikely(!done)) {
        if (found)
            pv_no_stack(v, t, GVA(at));
        else
            no_segment(v, t, stack.ss);
        return;
    }

    if (t->mask_events)
        WRITE_ONCE(v->info->evtchn_upcall_mask, 1);
    regs->rip = t->address;
    regs->cs = t->cs;
    regs->ss = stack.ss;
    regs->rsp = sp;
    regs->rflags &= ~(RFLAGS_VM | RFLAGS_RF | RFLAGS_NT | RFLAGS_TF);
    regs->vector = 0; /* never by SYSRET: see docs/rings.md */
}

void pv_enter_32(struct vcpu *v, struct regs *regs, const struct pv_trap *t, uint32_t error_code)
{
    enter_kernel(v, regs, t, error_code, false);
}

void pv_enter_failsafe_32(struct vcpu *v, struct regs *regs)
{
    enter_kernel(v, regs, &v->pv->callback[PV_CALLBACK_FAILSAFE], 0, true);
}
