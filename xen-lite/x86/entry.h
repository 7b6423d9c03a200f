/* SPDX-License-Identifier: MIT */
/*
 * The ways into the hypervisor and out of it (entry.S), and the C functions that they call.
 */
#ifndef XEN_LITE_X86_ENTRY_H
#define XEN_LITE_X86_ENTRY_H

#include <stdint.h>

#include "lib/compiler.h"
#include "x86/layout.h"
#include "x86/regs.h"

/* One stub per IDT vector, ENTRY_STUB_SIZE bytes each, from here on. */
#define ENTRY_STUB_SIZE 16
extern const char entry_stubs[];

/* One SYSCALL entry per CPU (its LSTAR): it must find its stack without a register to spare. And
 * one for SYSCALL in 32-bit code (CSTAR). */
#define SYSCALL_STUB_SIZE 32
extern const char syscall_stubs[], syscall32_stubs[];

/* What a SYSCALL stub uses. Keys: o = only its CPU; c = set when the CPU is set up. */
struct syscall_slot {
    uint64_t guest_rsp; /* o: scratch */
    uint64_t stack;     /* c: end of that CPU's cpu_top()->guest */
    uint64_t pad[6];    /* a cache line each */
};
extern struct syscall_slot syscall_slots[MAX_CPUS];

/* Leaves for the guest whose frame is in cpu_top()->guest, by the exit path with all its checks. */
void guest_resume(void) NORETURN;

/* The IRETQ that returns to guests: a fault there is a fault of the guest's frame. */
extern const char guest_iretq[];

/* Called by entry.S; defined in trap.c. All run with interrupts off. */
void trap_from_guest(struct regs *regs); /* any IDT vector, CPL 3 or 1; regs is cpu_top()->guest */
void trap_from_hypervisor(struct regs *regs); /* any IDT vector, CPL 0 */
void trap_nmi(struct regs *regs);             /* NMI and #MC from anywhere, on their own stacks */
/* SYSCALL by the guest's kernel. *h is below cpu_top()->guest. What it returns is the guest's RAX,
 * and nothing else in the frame has changed; or it is one of the two below LONG_MIN +
 * HCALL_SPECIAL, HCALL_AGAIN and HCALL_DONE (hypercall/hypercall.h): then syscall_special() is
 * called with it, and the whole frame counts. */
struct hcall;
long hypercall_from_guest(struct hcall *h);
void syscall_special(struct hcall *h, long result);
/* SYSCALL by the guest's kernel with the number of iret, and by a program. Of the general registers
 * in the frame they change RAX, RCX and R11 only, so that those that C preserves are not reloaded.
 */
void iret_from_guest(struct regs *regs);
void syscall_from_program(struct regs *regs);
/* The same three for int 0x82. Each argument and the number are 32 bits, zero-extended; of the
 * result the lower half counts. */
long hypercall32_from_guest(struct hcall *h);
void hypercall32_special(struct hcall *h, long result);
void iret32_from_guest(struct regs *regs);
/* SYSCALL in 32-bit code, of a program or of the guest's kernel. */
void syscall_from_32bit_code(struct regs *regs);
/* Work bits are set, or an upcall is pending and not masked. */
void guest_exit_work(struct regs *regs);

#endif
