/* SPDX-License-Identifier: MIT */
/*
 * Panic: says what happened as well as it still can, stops the machine.
 *
 * May be called from anywhere, also from an NMI that interrupted a holder of the console's lock. So
 * the other CPUs are stopped by NMI first, and then locks no longer count.
 */
#include "hv/panic.h"

#include <stdarg.h>

#include "hv/console.h"
#include "hv/options.h"
#include "hv/power.h"
#include "hv/print.h"
#include "hv/print_va.h"
#include "hv/symbols.h"
#include "lib/atomic.h"
#include "lib/format.h"
#include "lib/types.h"
#include "x86/apic.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/instr.h"
#include "x86/interrupt.h"
#include "x86/report.h"

#define REASON_SIZE 200
/* For the other CPUs to stop: at most so many times this long. */
#define STOP_NS     100000UL
#define STOP_TRIES  1000

/* The CPU that panics, plus 1. */
static uint32_t panicking; /* a */
/* Where the others were when they were stopped; 0: not stopped. */
static uint64_t stopped_at[MAX_CPUS]; /* a */

bool panic_in_progress(void)
{
    return atomic_load(&panicking) != 0;
}

void panic_print(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_va(format, args);
    va_end(args);
}

static void stop_for_ever(void) NORETURN;
static void stop_for_ever(void)
{
    for (;;)
        cpu_halt();
}

/* NMI handler: the others end here. */
static bool stop_if_panic(struct regs *regs)
{
    if (!panic_in_progress() || atomic_load(&panicking) == cpu_id() + 1)
        return false;
    atomic_store(&stopped_at[cpu_id()], regs->rip);
    stop_for_ever();
}

void panic_init(void)
{
    nmi_add_handler(stop_if_panic);
}

static bool others_stopped(void)
{
    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++)
        if (cpu != cpu_id() && atomic_load(&stopped_at[cpu]) == 0)
            return false;
    return true;
}

/* By NMI, since they may wait for a lock that this CPU holds. One that does not answer within 100
 * ms is left to itself: the report is worth more. */
static void stop_others(void)
{
    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++)
        if (cpu != cpu_id())
            apic_send_nmi(cpu);
    for (unsigned int i = 0; i < STOP_TRIES && !others_stopped(); i++)
        clock_delay_ns(STOP_NS);
}

/* Becomes the one CPU that panics. Another one that tries stops; a panic in a panic ends it. */
static void take_over(void)
{
    uint32_t nobody = 0;

    if (!atomic_cmpxchg(&panicking, &nobody, cpu_id() + 1)) {
        if (nobody == cpu_id() + 1)
            machine_reset();
        stop_for_ever();
    }
    stop_others();
    console_enter_panic();
}

/* cr2 is that of the last page fault, which need not be the reason. */
static void print_registers(const struct regs *r)
{
    panic_print("cpu %u  rip %04x:%016lx  rflags %08lx  vector %u  error code %x\n", cpu_id(),
                r->cs, r->rip, r->rflags, r->vector, r->error_code);
    panic_print("rax %016lx  rbx %016lx  rcx %016lx\n", r->rax, r->rbx, r->rcx);
    panic_print("rdx %016lx  rsi %016lx  rdi %016lx\n", r->rdx, r->rsi, r->rdi);
    panic_print("rbp %016lx  rsp %016lx  r8  %016lx\n", r->rbp, r->rsp, r->r8);
    panic_print("r9  %016lx  r10 %016lx  r11 %016lx\n", r->r9, r->r10, r->r11);
    panic_print("r12 %016lx  r13 %016lx  r14 %016lx\n", r->r12, r->r13, r->r14);
    panic_print("r15 %016lx  cr2 %016lx  cr3 %016lx\n", r->r15, read_cr2(), read_cr3());
}

/* A CPU that waits for ever is often the victim of another one. */
static void print_others(void)
{
    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++) {
        uint64_t rip = atomic_load(&stopped_at[cpu]);
        uint64_t offset = 0;
        const char *name = symbol_find(rip, &offset);

        if (cpu == cpu_id())
            continue;
        if (rip == 0)
            panic_print("cpu %u does not answer\n", cpu);
        else
            panic_print("cpu %u was at %016lx %s+0x%lx\n", cpu, rip, name != NULL ? name : "guest",
                        offset);
    }
}

/* The machine is left as it is with noreboot, for a person to read the screen. */
static void finish(const char *reason) NORETURN;
static void finish(const char *reason)
{
    print_others();
    status_line("panic %s", reason);
    console_sync();
    if (options.noreboot)
        stop_for_ever();
    machine_reset();
}

/* No trap frame here: the caller and its callers, found by the frame pointer, tell the place. */
void panic(const char *format, ...)
{
    char reason[REASON_SIZE];
    va_list args;

    va_start(args, format);
    format_va(reason, sizeof(reason), format, args);
    va_end(args);
    take_over();
    panic_print("panic: %s\n", reason);
    panic_print("cpu %u  rsp %016lx  cr3 %016lx\n", cpu_id(), (uintptr_t)__builtin_frame_address(0),
                read_cr3());
    backtrace_print((uintptr_t)__builtin_return_address(0),
                    *(uint64_t *)__builtin_frame_address(0));
    finish(reason);
}

/* A guest's frame has no backtrace of ours. */
void panic_regs(const struct regs *regs, const char *format, ...)
{
    char reason[REASON_SIZE];
    va_list args;

    va_start(args, format);
    format_va(reason, sizeof(reason), format, args);
    va_end(args);
    take_over();
    panic_print("panic: %s\n", reason);
    print_registers(regs);
    if ((regs->cs & 3) == 0)
        backtrace_print(regs->rip, regs->rbp);
    finish(reason);
}

void machine_panic(const char *format, ...)
{
    char reason[REASON_SIZE];
    va_list args;

    va_start(args, format);
    format_va(reason, sizeof(reason), format, args);
    va_end(args);
    panic("%s", reason);
}

void bug_at(const char *what, const char *file, int line)
{
    panic("bug: %s at %s:%d", what, file, line);
}
