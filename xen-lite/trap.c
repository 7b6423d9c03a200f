/* SPDX-License-Identifier: MIT */
/*
 * Where every trap arrives.
 *
 * From a guest: exceptions are the guest's or are emulated (pv/traps.c), device interrupts are the
 * machine's (x86/interrupt.c). From the hypervisor: only a fault that has a fix-up, or one in the
 * return to a guest; anything else is our own error. Interrupts never arrive here from the
 * hypervisor except in the idle loop's HLT.
 */
#include "domain/evtchn.h"
#include "domain/sched.h"
#include "hv/print.h"
#include "hv/work.h"
#include "hypercall/hypercall.h"
#include "lib/string.h"
#include "pv/pv.h"
#include "x86/cpu.h"
#include "x86/cpu_bits.h"
#include "x86/entry.h"
#include "x86/ex_table.h"
#include "x86/fault.h"
#include "x86/instr.h"
#include "x86/interrupt.h"
#include "x86/paging.h"
#include "x86/vector.h"

void trap_from_guest(struct regs *regs)
{
    struct vcpu *v = cpu_top_of_guest(regs)->vcpu;

    if (likely(regs->vector < VECTOR_EXCEPTIONS))
        pv_exceptions[regs->vector](v, regs);
    else if (regs->vector == VECTOR_INT80)
        pv_open_gate(v, regs);
    else
        interrupt_dispatch(regs->vector);
}

long hypercall_from_guest(struct hcall *h)
{
    return hypercall_run(h);
}

long hypercall32_from_guest(struct hcall *h)
{
    return hypercall_run_32(h);
}

void iret_from_guest(struct regs *regs)
{
    pv_iret_64(cpu_top_of_guest(regs)->vcpu, regs);
}

void syscall_from_program(struct regs *regs)
{
    pv_syscall(cpu_top_of_guest(regs)->vcpu, regs, PV_CALLBACK_SYSCALL);
}

void iret32_from_guest(struct regs *regs)
{
    pv_iret_32(cpu_top_of_guest(regs)->vcpu, regs);
}

/* No hypercall, whoever makes it: those are made in 64-bit code, or by int 0x82. The CPU does not
 * tell from which segments it came. */
void syscall_from_32bit_code(struct regs *regs)
{
    struct vcpu *v = cpu_top_of_guest(regs)->vcpu;

    regs->cs = v->pv->width->syscall32_cs;
    regs->ss = v->pv->width->syscall32_ss;
    pv_syscall(v, regs, PV_CALLBACK_SYSCALL32);
}

/*
 * IRETQ to the guest faulted: what it asked for is its own fault, at the address it asked for. Its
 * general registers are in the frame of this new trap, the rest still where IRETQ read it, at the
 * end of cpu_top()->guest. Put together they are the guest's state again; the new frame overlaps
 * the old one's place and is lost, so does not return.
 */
static void return_to_guest_faulted(struct regs *fault)
{
    struct regs *guest = &cpu_top()->guest;
    uint32_t vector = fault->vector;
    uint32_t error_code = fault->error_code;

    memmove(guest, fault, offsetof(struct regs, error_code));
    guest->vector = vector;
    guest->error_code = error_code;
    /* A page fault is that of a descriptor: of an LDT page that is mapped when it is needed. */
    if (vector == VECTOR_PF)
        pv_page_fault(current_vcpu(), guest, GVA(read_cr2()));
    else
        pv_inject(current_vcpu(), guest, vector, error_code);
    /* If it is to fault again, and again: no interrupt comes in between that would say so. */
    (void)preempt_wanted();
    guest_resume();
}

/*
 * A guest can aim a breakpoint at its own memory, which the hypervisor then touches on its behalf,
 * or let MOV SS delay one past SYSCALL. It is of no interest here; RF lets the instruction
 * complete.
 */
static void stray_debug_exception(struct regs *regs)
{
    write_dr6(DR6_DEFAULT);
    regs->rflags = (regs->rflags & ~(uint64_t)RFLAGS_TF) | RFLAGS_RF;
}

/* A fault at the guest's memory which is none any more. Or the CPU misses a page of the guest's LDT
 * for a selector that the hypervisor loads or looks at on the guest's behalf: it is mapped when it
 * is needed, here too. */
static bool fault_is_to_be_repeated(const struct regs *regs)
{
    struct vcpu *v = current_vcpu();
    gva_t address = GVA(read_cr2());

    return regs->vector == VECTOR_PF && v != NULL && ex_table_find(regs->rip) != 0 &&
           (pv_hypervisor_stale_fault(v, regs->rip, address, regs->error_code) ||
            pv_hypervisor_ldt_fault(v, address));
}

void trap_from_hypervisor(struct regs *regs)
{
    if (regs->vector >= VECTOR_EXCEPTIONS) {
        interrupt_dispatch(regs->vector);
        return;
    }
    /* Before the fix-ups: it is no fault of the copy in whose midst it comes. */
    if (regs->vector == VECTOR_DB) {
        stray_debug_exception(regs);
        return;
    }
    if (regs->rip == (uint64_t)guest_iretq)
        return_to_guest_faulted(regs);
    if (fault_is_to_be_repeated(regs) || ex_table_fixup(regs))
        return;
    /* A page fault in a guard page finds no stack for its own frame, and becomes a double fault. */
    if (regs->vector == VECTOR_DF && is_stack_guard(read_cr2()))
        panic_regs(regs, "the stack is full: #DF, CR2 %lx is in its guard page", read_cr2());
    panic_regs(regs, "%s in the hypervisor, error code %x, CR2 %lx", pv_vector_name(regs->vector),
               regs->error_code, read_cr2());
}

void trap_nmi(struct regs *regs)
{
    if (regs->vector != VECTOR_NMI)
        panic_regs(regs, "machine check");
    if (!nmi_handle(regs))
        print(LOG_WARNING, "an NMI that nobody expected\n");
}

/* One NMI at a time: the next waits for the guest's iret, as on a CPU. Without a handler it is
 * lost, as on Xen. */
static void deliver_nmi(struct vcpu *v, struct regs *regs)
{
    if (v->nmi_blocked || !atomic_exchange(&v->nmi_pending, false))
        return;
    if (!v->pv->trap[VECTOR_NMI].present)
        return;
    v->nmi_blocked = true;
    pv_inject(v, regs, VECTOR_NMI, 0);
}

/* An NMI for the guest goes before an event. */
static void deliver_upcall(struct vcpu *v, struct regs *regs)
{
    if (unlikely(READ_ONCE(v->nmi_pending)))
        deliver_nmi(v, regs);
    if (evtchn_upcall_wanted(v))
        pv_inject_callback(v, regs, PV_CALLBACK_EVENT);
}

/*
 * Until there is nothing left to do: the CPU's work (which may put another vCPU into *regs), then
 * the upcall of whoever it is now. A delivery that fails ends the domain, which is work again.
 */
void guest_exit_work(struct regs *regs)
{
    struct cpu_top *top = cpu_top_of_guest(regs);

    do {
        if (READ_ONCE(top->work) != 0)
            work_run();
        deliver_upcall(top->vcpu, regs);
    } while (unlikely(READ_ONCE(top->work) != 0));
}
