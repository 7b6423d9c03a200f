/* SPDX-License-Identifier: MIT */
/*
 * What an exception of a guest means: something for the hypervisor to do (an emulated instruction,
 * a page-table write, a descriptor page to map), or else the guest's own business, which its
 * handler gets.
 */
#include "core/rules.h"
#include "domain/domain.h"
#include "domain/refuse.h"
#include "lib/format.h"
#include "lib/types.h"
#include "pv/debugreg.h"
#include "pv/mode.h"
#include "pv/operands.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/guest_copy.h"
#include "x86/instr.h"
#include "x86/layout.h"
#include "x86/vector.h"

#define INT_N_OPCODE 0xcd
#define INT_N_LENGTH 2

/* Error code of a descriptor fault: bit 1 says that the index is of the IDT. */
#define SELECTOR_IDT 2u
/* Bit 2: of the LDT. */
#define SELECTOR_LDT 4u

const char *pv_vector_name(unsigned int vector)
{
    static const char *const names[] = {
        "#DE", "#DB", "NMI", "#BP", "#OF",       "#BR", "#UD", "#NM", "#DF", "vector 9", "#TS",
        "#NP", "#SS", "#GP", "#PF", "vector 15", "#MF", "#AC", "#MC", "#XM", "#VE",      "#CP",
    };

    if (vector < ARRAY_SIZE(names))
        return names[vector];
    return vector == VECTOR_INT80 ? "int 0x80" : "software interrupt";
}

/* The instruction pointer is at INT n: the guest's handler runs if its level allows, else it is #GP
 * there. The kernel counts as ring 1 here, also with the assist architectural_iopl. */
static void raise_interrupt(struct vcpu *v, struct regs *regs, unsigned int vector)
{
    unsigned int level = pv_in_kernel(v, regs) ? 1 : 3;

    if (v->pv->trap[vector].dpl < level) {
        pv_inject(v, regs, VECTOR_GP, vector * 8 + SELECTOR_IDT);
        return;
    }
    regs->rip += INT_N_LENGTH;
    pv_inject_software(v, regs, vector);
}

/*
 * INT n of a vector whose gate is closed to the guest faults with #GP. The vector is read from the
 * instruction: the error code would tell it too, but QEMU 7.2 puts n * 16 + 2 there instead of n *
 * 8 + 2.
 */
static bool software_interrupt(struct vcpu *v, struct regs *regs)
{
    uint8_t code[INT_N_LENGTH];

    if (!(regs->error_code & SELECTOR_IDT))
        return false;
    if (guest_copy_in(code, instruction_address(regs), sizeof(code)) != 0 ||
        code[0] != INT_N_OPCODE)
        return false;
    raise_interrupt(v, regs, code[1]);
    return true;
}

static void general_protection(struct vcpu *v, struct regs *regs)
{
    if (software_interrupt(v, regs))
        return;
    if (regs->error_code == 0 && pv_emulate_privileged(v, regs))
        return;
    pv_inject(v, regs, VECTOR_GP, regs->error_code);
}

/* The guest's CR0.TS is real; as on bare hardware the trap leaves it set, but the ABI says that the
 * handler finds it clear. */
static void device_not_available(struct vcpu *v, struct regs *regs)
{
    if (v->pv->ts)
        pv_set_ts(v->pv, false);
    pv_inject(v, regs, VECTOR_NM, 0);
}

/* The CPU's DR6 is put back to its rest state: what it says next is only what is new. */
static void debug_exception(struct vcpu *v, struct regs *regs)
{
    pv_note_debug(v->pv, read_dr6());
    write_dr6(DR6_DEFAULT);
    pv_inject(v, regs, VECTOR_DB, 0);
}

/*
 * int 0x80 has an open gate, so that 32-bit programs get through quickly. A guest's handler of it
 * is open, too, whatever its level, as on Xen; without one it is as if the gate had been closed.
 */
void pv_open_gate(struct vcpu *v, struct regs *regs)
{
    if (likely(v->pv->trap[VECTOR_INT80].present)) {
        pv_inject(v, regs, VECTOR_INT80, 0);
        return;
    }
    regs->rip -= INT_N_LENGTH;
    raise_interrupt(v, regs, VECTOR_INT80);
}

/*
 * A fault inside slot 257 comes from the CPU reading a descriptor on the guest's behalf. An LDT
 * page not yet seen is mapped and the instruction repeated; otherwise the guest is told what a
 * table in its own memory would have told: a page fault there, or for the GDT, and where the LDT
 * goes on behind the last address of the lower half, a fault naming the selector.
 */
static void descriptor_fault(struct vcpu *v, struct regs *regs, uint64_t address,
                             uint32_t error_code)
{
    uint64_t offset = address & ((1UL << VCPU_WINDOW_SHIFT) - 1);

    if (offset < VCPU_WINDOW_LDT_OFFSET) {
        pv_inject(v, regs, VECTOR_GP, (uint32_t)(offset & 0xfff8));
        return;
    }
    offset -= VCPU_WINDOW_LDT_OFFSET;
    if (pv_ldt_fault(v, offset))
        return;
    address = v->pv->ldt_base.n + offset;
    if (address_is_canonical(address))
        pv_inject_page_fault(v, regs, GVA(address), error_code);
    else
        pv_inject(v, regs, VECTOR_GP, (uint32_t)(offset & 0xfff8) | SELECTOR_LDT);
}

static bool in_own_window(const struct vcpu *v, uint64_t address)
{
    return address >= DOMAIN_AREA_BASE &&
           (address - DOMAIN_AREA_BASE) >> VCPU_WINDOW_SHIFT == v->id;
}

bool pv_hypervisor_ldt_fault(struct vcpu *v, gva_t address)
{
    uint64_t offset = address.n & ((1UL << VCPU_WINDOW_SHIFT) - 1);

    return in_own_window(v, address.n) && offset >= VCPU_WINDOW_LDT_OFFSET &&
           pv_ldt_fault(v, offset - VCPU_WINDOW_LDT_OFFSET);
}

void pv_page_fault(struct vcpu *v, struct regs *regs, gva_t address)
{
    const uint32_t write_protected = PF_PRESENT | PF_WRITE;
    uint32_t error_code = regs->error_code;

    if (in_own_window(v, address.n) && !(error_code & PF_USER)) {
        descriptor_fault(v, regs, address.n, error_code);
        return;
    }
    if (pv_in_kernel(v, regs) &&
        (error_code & (write_protected | PF_RESERVED)) == write_protected &&
        pv_write_fault(v, regs, address))
        return;
    if ((error_code & PF_PRESENT) && pv_stale_fault(v, address, error_code))
        return;
    pv_inject_page_fault(v, regs, address, error_code);
}

static void page_fault(struct vcpu *v, struct regs *regs)
{
    pv_page_fault(v, regs, GVA(read_cr2()));
}

/* All that is the guest's alone. */
static void other_exception(struct vcpu *v, struct regs *regs)
{
    pv_inject(v, regs, regs->vector, regs->error_code);
}

#define OTHER other_exception
// clang-format off
pv_exception_handler *const pv_exceptions[VECTOR_EXCEPTIONS] = {
    OTHER, debug_exception, OTHER, OTHER, OTHER, OTHER, pv_invalid_opcode, device_not_available,
    OTHER, OTHER, OTHER, OTHER, OTHER, general_protection, page_fault, OTHER,
    OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER,
    OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER, OTHER,
};
// clang-format on

static COLD NOINLINE void no_syscall_callback(struct vcpu *v, struct regs *regs,
                                              enum pv_callback which)
{
    unsigned int vector = which == PV_CALLBACK_SYSCALL32 ? v->pv->width->no_syscall32 : VECTOR_UD;

    regs->rip -= SYSCALL_LENGTH;
    regs->vector = vector; /* it is no call: what is in RAX is none's number */
    (void)refuse(v, RULE_TRAP_12, "SYSCALL at %lx", regs->rip);
    pv_inject(v, regs, vector, 0);
}

/* SYSCALL out of a program: to the kernel's callback, on the kernel's stack. Without one it is what
 * it would be on a CPU whose kernel has not enabled it: an invalid opcode. */
void pv_syscall(struct vcpu *v, struct regs *regs, enum pv_callback which)
{
    if (likely(v->pv->callback[which].present))
        pv_inject_callback(v, regs, which);
    else
        no_syscall_callback(v, regs, which);
}
