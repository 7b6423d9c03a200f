/* SPDX-License-Identifier: MIT */
/*
 * This CPU: what is found from the stack pointer alone.
 *
 * The hypervisor uses neither FS nor GS, so a guest's segment bases stay loaded while it runs. Each
 * CPU's stacks lie in one aligned block (layout.h); struct cpu_top is the end of the block and is
 * reached by a mask from any of them, NMI and #DB stacks included.
 *
 * The hypervisor runs with interrupts off. They are on only while a guest runs, and in the idle
 * loop's halt. So nothing here is ever interrupted (but by NMI and #MC), no lock needs an
 * interrupt-safe form, and "current CPU" never changes under a function. The price: whatever may
 * run long asks preempt_wanted() (hv/work.h).
 */
#ifndef XEN_LITE_X86_CPU_H
#define XEN_LITE_X86_CPU_H

#include "x86/layout.h"
#include "x86/regs.h"

/* Offsets in struct cpu_top for assembler, from the end of .guest; asserted by cpu.c. */
#define CPU_TOP_SIZE   232
#define CPU_TOP_VCPU   168
#define CPU_TOP_ID     176
#define CPU_TOP_WORK   184
#define CPU_TOP_UPCALL 192
#define CPU_TOP_USER   224

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/*
 * Keys: o = only this CPU; a = atomic, any CPU.
 */
struct cpu_top {
    struct regs guest; /* o: registers of the guest that was interrupted; TSS.rsp0 is its end */
    struct vcpu *vcpu; /* o: the vCPU whose state is loaded, or null when idle */
    uint64_t id;       /* c: 0 .. MAX_CPUS-1; 0 is the boot CPU */
    uint64_t work;     /* a: WORK_* bits (hv/work.h) to be done before the next return to a guest */
    uint8_t *upcall;   /* o: the loaded vCPU's evtchn_upcall_pending byte; behind it its mask */
    uint64_t alarm_tsc;  /* o: TSC at which this CPU's timer is due (x86/clock.c) */
    uint64_t tlb_askers; /* a: bit n: CPU n wants this one to flush (x86/tlb.c) */
    uint64_t last_full;  /* a: the clock before this CPU's last full flush (x86/tlb.h) */
    uint64_t user_mode;  /* o: not 0: a program of the loaded vCPU runs, not its kernel */
    /* The frame's end is 16-byte aligned, as the CPU makes it before it pushes. */
};

static inline struct cpu_top *cpu_top(void)
{
    uintptr_t sp;

    /* The stack pointer itself, not the address of a local: that could be an optimiser's spill
     * elsewhere. */
    __asm__("mov %%rsp, %0" : "=r"(sp));
    return (struct cpu_top *)((sp | (STACK_BLOCK_SIZE - 1)) + 1) - 1;
}

/* The same from a guest's frame, which is in it. */
static inline struct cpu_top *cpu_top_of_guest(struct regs *regs)
{
    return (struct cpu_top *)regs;
}

static inline unsigned int cpu_id(void)
{
    return (unsigned int)cpu_top()->id;
}

/* The same of another CPU, which must have been set up. */
static inline struct cpu_top *cpu_top_of(unsigned int cpu)
{
    return (struct cpu_top *)(STACKS_BASE + (uint64_t)(cpu + 1) * STACK_BLOCK_SIZE) - 1;
}

/* Number of CPUs that are up; they are 0 .. cpus_online()-1. */
unsigned int cpus_online(void);

#endif
#endif
