/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU set-up, the same for the boot CPU and the others; and the checks of the numbers that
 * assembler uses for struct regs and struct cpu_top.
 */
#include "x86/cpu_setup.h"

#include <stddef.h>

#include "abi/layout.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/cpu.h"
#include "x86/cpu_bits.h"
#include "x86/entry.h"
#include "x86/feature.h"
#include "x86/fpu.h"
#include "x86/gdt.h"
#include "x86/idt.h"
#include "x86/instr.h"

static_assert(offsetof(struct regs, r15) == REGS_R15, "regs.h");
static_assert(offsetof(struct regs, r14) == REGS_R14, "regs.h");
static_assert(offsetof(struct regs, r13) == REGS_R13, "regs.h");
static_assert(offsetof(struct regs, r12) == REGS_R12, "regs.h");
static_assert(offsetof(struct regs, rbp) == REGS_RBP, "regs.h");
static_assert(offsetof(struct regs, rbx) == REGS_RBX, "regs.h");
static_assert(offsetof(struct regs, r11) == REGS_R11, "regs.h");
static_assert(offsetof(struct regs, r10) == REGS_R10, "regs.h");
static_assert(offsetof(struct regs, r9) == REGS_R9, "regs.h");
static_assert(offsetof(struct regs, r8) == REGS_R8, "regs.h");
static_assert(offsetof(struct regs, rax) == REGS_RAX, "regs.h");
static_assert(offsetof(struct regs, rcx) == REGS_RCX, "regs.h");
static_assert(offsetof(struct regs, rdx) == REGS_RDX, "regs.h");
static_assert(offsetof(struct regs, rsi) == REGS_RSI, "regs.h");
static_assert(offsetof(struct regs, rdi) == REGS_RDI, "regs.h");
static_assert(offsetof(struct regs, error_code) == REGS_ERROR_CODE, "regs.h");
static_assert(offsetof(struct regs, vector) == REGS_VECTOR, "regs.h");
static_assert(offsetof(struct regs, rip) == REGS_RIP, "regs.h");
static_assert(offsetof(struct regs, cs) == REGS_CS, "regs.h");
static_assert(offsetof(struct regs, rflags) == REGS_RFLAGS, "regs.h");
static_assert(offsetof(struct regs, rsp) == REGS_RSP, "regs.h");
static_assert(offsetof(struct regs, ss) == REGS_SS, "regs.h");
static_assert(sizeof(struct regs) == REGS_SIZE, "regs.h");

static_assert(offsetof(struct cpu_top, vcpu) == CPU_TOP_VCPU, "cpu.h");
static_assert(offsetof(struct cpu_top, id) == CPU_TOP_ID, "cpu.h");
static_assert(offsetof(struct cpu_top, work) == CPU_TOP_WORK, "cpu.h");
static_assert(offsetof(struct cpu_top, upcall) == CPU_TOP_UPCALL, "cpu.h");
static_assert(offsetof(struct cpu_top, user_mode) == CPU_TOP_USER, "cpu.h");
static_assert(offsetof(struct cpu_top, guest) == 0, "cpu_top_of_guest()");
static_assert(sizeof(struct cpu_top) == CPU_TOP_SIZE, "cpu.h");
static_assert((CPU_TOP_SIZE - sizeof(struct regs)) % 16 == 0, "RSP0 must be 16-byte aligned");

/* Flags cleared by SYSCALL: no interrupt, no single step, direction as C wants it, and nothing of
 * the guest's that would change how our instructions work. */
#define SYSCALL_CLEARS                                                                     \
    (RFLAGS_TF | RFLAGS_IF | RFLAGS_DF | RFLAGS_IOPL | RFLAGS_NT | RFLAGS_AC | RFLAGS_RF | \
     RFLAGS_VM)

static uint32_t online;

unsigned int cpus_online(void)
{
    return atomic_load(&online);
}

void cpu_set_online(void)
{
    (void)atomic_add_return(&online, 1);
}

static void setup_syscall(unsigned int cpu)
{
    syscall_slots[cpu].stack = (uintptr_t)(&cpu_top_of(cpu)->guest + 1);
    /* SYSRET loads CS = base + 16 and SS = base + 8, with RPL 3. */
    wrmsr(MSR_STAR, ((uint64_t)(FLAT_RING3_CS64 - 16) << 48) | ((uint64_t)SELECTOR_HV_CODE << 32));
    wrmsr(MSR_LSTAR, (uintptr_t)syscall_stubs + cpu * SYSCALL_STUB_SIZE);
    wrmsr(MSR_CSTAR, (uintptr_t)syscall32_stubs + cpu * SYSCALL_STUB_SIZE);
    wrmsr(MSR_SFMASK, SYSCALL_CLEARS);
    /* SYSENTER is #GP for guests, and what becomes of that is decided there (pv/emulate.c). */
    wrmsr(MSR_SYSENTER_CS, 0);
}

void cpu_setup_traps(const struct gdt_pages *pages)
{
    gdt_init(cpu_id(), pages);
    idt_load();
    setup_syscall(cpu_id());
}

void cpu_setup_memory_types(void)
{
    wrmsr(MSR_PAT, MSR_PAT_VALUE);
}

uint64_t cpu_guards(void)
{
    return (features.smep ? CR4_SMEP : 0) | (features.smap ? CR4_SMAP : 0);
}

void cpu_guards_on(void)
{
    uint64_t cr4 = read_cr4();

    if ((cr4 & cpu_guards()) != cpu_guards())
        write_cr4(cr4 | cpu_guards());
}

/* PGE is not among them, on purpose: x86/tlb.h. */
void cpu_setup_control(void)
{
    uint64_t cr4 = CR4_PAE | CR4_DE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT;

    cr4 |= cpu_guards();
    cr4 |= features.umip ? CR4_UMIP : 0;
    cr4 |= features.fsgsbase ? CR4_FSGSBASE : 0;
    cr4 |= features.xsave ? CR4_OSXSAVE : 0;
    write_cr4(cr4);
    write_cr0(CR0_BOOT);
    write_dr6(DR6_DEFAULT);
    write_dr7(DR7_FIXED);
    if (features.cpuid_faulting)
        wrmsr(features.cpuid_faulting_msr,
              rdmsr(features.cpuid_faulting_msr) | features.cpuid_faulting_bits);
    fpu_init_cpu();
}
