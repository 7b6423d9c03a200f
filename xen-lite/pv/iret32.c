/* SPDX-License-Identifier: MIT */
/*
 * The iret hypercall of a 32-bit guest: the stack pointer is at a struct iret_context_32, of which
 * esp and ss are read only if the selector of cs leads out of ring 1, as by the CPU's IRET. The
 * kernel could do most of it by that instruction itself; but not change the upcall mask with it.
 *
 * The frame's ring is checked here: a selector of ring 0 would lead into the hypervisor's code.
 * What else the CPU refuses faults in IRETQ and is the guest's fault (trap.c). The stack is
 * addressed without its segment's base, as on Xen.
 */
#include "pv/bounce.h"
#include "pv/pv.h"
#include "x86/guest_copy.h"
#include "x86/vector.h"

#define RING(selector) ((selector)&3u)

/* What ring 1 pops; the context has two words more. */
#define SHORT_SIZE offsetof(struct iret_context_32, esp)

#define WORD(from, name, faults) \
    guest_get_half_word((from) + offsetof(struct iret_context_32, name), (faults))

/* False: it cannot be read. esp and ss are what they are to become, whatever the ring. */
static ALWAYS_INLINE bool read_frame(struct iret_context_32 *c, const struct regs *regs)
{
    uint32_t from = (uint32_t)regs->rsp;
    unsigned int faults = 0;

    stac();
    c->eax = WORD((uint64_t)from, eax, &faults);
    c->eip = WORD((uint64_t)from, eip, &faults);
    c->cs = WORD((uint64_t)from, cs, &faults);
    c->eflags = WORD((uint64_t)from, eflags, &faults);
    if (RING(c->cs) == 1) {
        c->esp = from + SHORT_SIZE;
        c->ss = regs->ss;
    } else {
        c->esp = WORD((uint64_t)from, esp, &faults);
        c->ss = WORD((uint64_t)from, ss, &faults);
    }
    clac();
    return likely(faults == 0);
}

static void take_iopl(struct vcpu *v, uint32_t eflags)
{
    if (v->domain->vm_assist & BIT(VMASST_TYPE_architectural_iopl))
        v->pv->iopl = (eflags & RFLAGS_IOPL) >> 12;
}

/*
 * Virtual 8086 mode does not exist below a 64-bit hypervisor. The guest finds a general protection
 * fault at the first instruction there, as on Xen: its handler's frame on the stack of stack_switch
 * is the one that it wanted to return by, with the four data segments of that mode, and 0 for error
 * code where EAX was.
 */
static COLD NOINLINE void refuse_vm86(struct vcpu *v, struct regs *regs, uint32_t eflags)
{
    const struct pv_trap *t = &v->pv->trap[VECTOR_GP];
    uint32_t to, frame[10];

    if (!t->present) {
        pv_no_handler(v, t);
        return;
    }
    to = (uint32_t)v->pv->kernel_sp - (uint32_t)sizeof(frame);
    if (guest_copy_in(frame, GVA((uint32_t)regs->rsp), sizeof(frame)) != 0) {
        pv_no_iret_frame(v, GVA((uint32_t)regs->rsp));
        return;
    }
    frame[0] = 0;
    if (guest_copy_out(GVA(to), frame, sizeof(frame)) != 0) {
        pv_no_stack(v, t, GVA(to));
        return;
    }
    take_iopl(v, eflags);
    regs->rip = t->address;
    regs->cs = t->cs;
    regs->ss = v->pv->kernel_ss;
    regs->rsp = to;
    regs->rflags = pv_rflags(eflags) & ~(RFLAGS_RF | RFLAGS_TF);
    regs->vector = 0;
    WRITE_ONCE(v->info->evtchn_upcall_mask, t->mask_events || !(eflags & RFLAGS_IF));
    if (v->nmi_blocked)
        pv_end_nmi(v);
}

static COLD NOINLINE void ring_0(struct vcpu *v, uint32_t eip, uint32_t cs)
{
    domain_crash_by_rule(v->domain, RULE_TRAP_13, "iret to ring 0: eip %x, cs %x", eip, cs);
}

void pv_iret_32(struct vcpu *v, struct regs *regs)
{
    struct iret_context_32 c;

    if (unlikely(!read_frame(&c, regs))) {
        pv_no_iret_frame(v, GVA((uint32_t)regs->rsp));
        return;
    }
    if (unlikely(c.eflags & RFLAGS_VM)) {
        refuse_vm86(v, regs, c.eflags);
        return;
    }
    if (unlikely(RING(c.cs) == 0)) {
        ring_0(v, c.eip, c.cs);
        return;
    }
    take_iopl(v, c.eflags);
    regs->rax = c.eax;
    regs->rip = c.eip;
    regs->cs = (uint16_t)c.cs;
    regs->rflags = pv_rflags(c.eflags);
    regs->rsp = c.esp;
    regs->ss = (uint16_t)c.ss;
    regs->vector = 0;
    WRITE_ONCE(v->info->evtchn_upcall_mask, !(c.eflags & RFLAGS_IF));
    if (unlikely(v->nmi_blocked))
        pv_end_nmi(v);
}
