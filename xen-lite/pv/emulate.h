/* SPDX-License-Identifier: MIT */
/*
 * The parts of the emulator of privileged instructions.
 */
#ifndef XEN_LITE_PV_EMULATE_H
#define XEN_LITE_PV_EMULATE_H

#include "core/decode.h"
#include "pv/pv.h"
#include "pv/segment.h"
#include "x86/cpu_bits.h"

enum emulation {
    EMULATION_DONE,     /* go on behind the instruction */
    EMULATION_FAULT,    /* it is a general protection fault */
    EMULATION_INJECTED, /* it was another exception, which the guest's handler has got */
    EMULATION_AGAIN,    /* part of the work is done: the guest executes it again */
};

/* Virtual I/O privilege: whether the code that runs may use I/O instructions, CLI and STI. The
 * guest's kernel counts as ring 1 (ring 0 with the architectural_iopl assist). */
bool pv_io_privileged(const struct vcpu *v, const struct regs *regs);

/* The rest of pv_retire(): the single-step trap, and 32-bit code, whose RIP may have to wrap. */
void pv_retire_rare(struct vcpu *v, struct regs *regs);

/* Ends an emulated instruction of that length as the CPU does: the next one, no RF, and the
 * single-step trap if TF is on. */
static inline void pv_retire(struct vcpu *v, struct regs *regs, unsigned int length)
{
    regs->rip += length;
    regs->rflags &= ~(uint64_t)RFLAGS_RF;
    if (unlikely((regs->rflags & RFLAGS_TF) ||
                 (regs->cs != FLAT_RING3_CS64 && !segment_is_flat_code(regs->cs))))
        pv_retire_rare(v, regs);
}

/* Whether the operand, of so many bytes, is in its segment and, of a program, in memory that is
 * open to it: a 32-bit guest's programs have their kernel's tables, and the hypervisor, which
 * copies for them, could go where they must not. */
bool pv_operand_is_allowed(struct vcpu *v, struct regs *regs, const struct decoded *d, size_t size,
                           bool write);

/* It is not, or could not be copied: the fault that the CPU would have
 * raised; EMULATION_FAULT for the hypervisor's memory. */
enum emulation pv_operand_fault(struct vcpu *v, struct regs *regs, const struct decoded *d,
                                size_t size, bool write);

/* The debug exception, with these bits added to the guest's DR6. */
void pv_debug_trap(struct vcpu *v, struct regs *regs, unsigned int bits);

/* CPUID with and without the forced-emulation prefix. False: it is a protection fault. */
bool pv_do_cpuid(const struct vcpu *v, struct regs *regs);

/* emulate_io.c: IN, OUT, INS, OUTS. v is the current vCPU. */
enum emulation pv_emulate_io(struct vcpu *v, struct regs *regs, const struct decoded *d);

/* emulate_umip.c: SMSW, SGDT, SIDT, SLDT, STR. */
enum emulation pv_emulate_umip(struct vcpu *v, struct regs *regs, const struct decoded *d);

/* emulate_msr.c: RDMSR and WRMSR by allow-list; v is the current vCPU. False: a fault. */
bool pv_read_msr(struct vcpu *v, uint32_t index, uint64_t *value);
bool pv_write_msr(struct vcpu *v, uint32_t index, uint64_t value);

/* emulate_cr.c: MOV from and to CR0, CR2, CR3, CR4. Reading: false is a fault. */
bool pv_read_cr(struct vcpu *v, unsigned int number, uint64_t *value);
enum emulation pv_write_cr(struct vcpu *v, unsigned int number, uint64_t value);

/* CR4 as the guest sees it. */
uint64_t pv_visible_cr4(const struct pv_vcpu *pv);
/* XSETBV of XCR0. False: a fault. */
bool pv_write_xcr0(struct pv_vcpu *pv, uint64_t value);

#endif
