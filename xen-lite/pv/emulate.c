/* SPDX-License-Identifier: MIT */
/*
 * Privileged instructions of a guest: what its kernel would do on bare hardware and what the ABI
 * lets it go on doing. Everything that is not here stays the general protection fault that the CPU
 * has made of it.
 *
 * The instruction is read and decoded once; what it does reaches only the guest's own state.
 */
#include "pv/emulate.h"

#include "core/rules.h"
#include "domain/refuse.h"
#include "pv/cpuid.h"
#include "pv/debugreg.h"
#include "pv/mmu.h"
#include "pv/mode.h"
#include "pv/operands.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/guest_copy.h"
#include "x86/instr.h"
#include "x86/vector.h"

#define RCX 1

bool pv_io_privileged(const struct vcpu *v, const struct regs *regs)
{
    unsigned int level = 3;

    if (pv_in_kernel(v, regs))
        level = v->domain->vm_assist & BIT(VMASST_TYPE_architectural_iopl) ? 0 : 1;
    return level <= v->pv->iopl;
}

void pv_retire_rare(struct vcpu *v, struct regs *regs)
{
    if (!instruction_is_long(regs))
        regs->rip = (uint32_t)regs->rip;
    if (!(regs->rflags & RFLAGS_TF))
        return;
    pv_debug_trap(v, regs, DR6_SINGLE_STEP);
}

void pv_debug_trap(struct vcpu *v, struct regs *regs, unsigned int bits)
{
    pv_note_debug(v->pv, DR6_DEFAULT | bits);
    pv_inject(v, regs, VECTOR_DB, 0);
}

/* Whether there is a page at address, which may be one of a 32-bit guest's M2P. */
static bool is_mapped(struct vcpu *v, uint64_t address)
{
    const struct m2p_view *m2p = v->pv->width->m2p;
    unsigned int index;
    uint64_t entry = 0;
    struct mmu m;
    mfn_t table;

    if (address >= m2p->start && address < m2p->end)
        return mfn_is_valid(m2p->frame_at(address));
    mmu_begin(&m, v);
    table = mmu_walk(v, GVA(address), &index);
    if (mfn_is_valid(table))
        entry = READ_ONCE(((const uint64_t *)mfn_to_virt(table))[index]);
    mmu_end(&m);
    return pte_is_present(entry);
}

/* What the loaded tables say to a program. */
static bool program_may(struct vcpu *v, uint64_t address, bool write)
{
    return pv_stale_fault(v, GVA(address), PF_USER | (write ? PF_WRITE : 0));
}

bool pv_operand_is_allowed(struct vcpu *v, struct regs *regs, const struct decoded *d, size_t size,
                           bool write)
{
    uint64_t address = operand_address(regs, d).n;

    return operand_is_in_segment(regs, d, size, write) &&
           (pv_in_kernel(v, regs) ||
            (program_may(v, address, write) && program_may(v, address + size - 1, write)));
}

/* The first byte of an operand that could not be reached. The copy has said where it came to an
 * end; what is closed to a program it was not asked for. */
static uint64_t faulting_address(struct vcpu *v, const struct regs *regs, uint64_t address,
                                 size_t size, bool write)
{
    uint64_t second_page = (address + size - 1) & -PAGE_SIZE;

    if (!pv_in_kernel(v, regs))
        return program_may(v, address, write) ? max(address, second_page) : address;
    return guest_copy_fault().n - address < size ? guest_copy_fault().n : address;
}

enum emulation pv_operand_fault(struct vcpu *v, struct regs *regs, const struct decoded *d,
                                size_t size, bool write)
{
    uint64_t address = operand_address(regs, d).n;
    uint32_t error_code = write ? PF_WRITE : 0;

    if (!operand_is_in_segment(regs, d, size, write) || !address_is_canonical(address) ||
        !address_is_canonical(address + size - 1)) {
        pv_inject(v, regs, d->memory.segment == SEGMENT_SS ? VECTOR_SS : VECTOR_GP, 0);
        return EMULATION_INJECTED;
    }
    /* The hypervisor's own. */
    if (!guest_range_ok(GVA(address), size))
        return EMULATION_FAULT;
    /* It may be only the second page that is bad. */
    address = faulting_address(v, regs, address, size, write);
    if (is_mapped(v, address))
        error_code |= PF_PRESENT;
    pv_inject_page_fault(v, regs, GVA(address), error_code);
    return EMULATION_INJECTED;
}

/* A result in EDX:EAX. */
static void set_pair(struct regs *regs, uint64_t value)
{
    regs->rax = (uint32_t)value;
    regs->rdx = value >> 32;
}

static uint64_t get_pair(const struct regs *regs)
{
    return (uint32_t)regs->rax | regs->rdx << 32;
}

static enum emulation read_msr(struct vcpu *v, struct regs *regs)
{
    uint32_t index = (uint32_t)regs->rcx;
    uint64_t value;

    if (!pv_read_msr(v, index, &value)) {
        (void)refuse(v, RULE_CPU_1, "RDMSR of %x", index);
        return EMULATION_FAULT;
    }
    set_pair(regs, value);
    return EMULATION_DONE;
}

static enum emulation write_msr(struct vcpu *v, const struct regs *regs)
{
    uint32_t index = (uint32_t)regs->rcx;

    if (pv_write_msr(v, index, get_pair(regs)))
        return EMULATION_DONE;
    (void)refuse(v, RULE_CPU_2, "WRMSR of %x, value %lx", index, get_pair(regs));
    return EMULATION_FAULT;
}

static enum emulation read_cr(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    uint64_t value;

    if (!pv_read_cr(v, d->reg, &value))
        return EMULATION_FAULT;
    operand_write(regs, d, d->rm, value);
    return EMULATION_DONE;
}

static enum emulation write_cr(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    uint64_t value = operand_read(regs, d, d->rm);
    enum emulation result = pv_write_cr(v, d->reg, value);

    /* Of a base pointer more has been said already. */
    if (result == EMULATION_FAULT && d->reg != 3)
        (void)refuse(v, RULE_CPU_4, "CR%u, value %lx", d->reg, value);
    return result;
}

/* DR4 and DR5 exist only until CR4.DE says that debugging extensions are understood. REX can name
 * eight more, of which there are none. */
static bool debug_register_is_absent(const struct pv_vcpu *pv, unsigned int number)
{
    return number > 7 || ((number == 4 || number == 5) && (pv->cr4 & CR4_DE));
}

static enum emulation move_dr(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    uint64_t value = operand_read(regs, d, d->rm);
    enum rule_id rule;

    if (debug_register_is_absent(v->pv, d->reg)) {
        pv_inject(v, regs, VECTOR_UD, 0);
        return EMULATION_INJECTED;
    }
    if (d->instruction == INSTRUCTION_WRITE_DR)
        rule = pv_set_debug_register(v->pv, d->reg, value);
    else
        rule = pv_get_debug_register(v->pv, d->reg, &value);
    if (rule != RULE_NONE) {
        (void)refuse(v, rule, "DR%u, value %lx", d->reg, value);
        return EMULATION_FAULT;
    }
    if (d->instruction == INSTRUCTION_READ_DR)
        operand_write(regs, d, d->rm, value);
    else
        pv_load_debug(v->pv);
    return EMULATION_DONE;
}

/* They fault where the guest has set CR4.TSD, which does not concern a kernel. */
static enum emulation read_tsc(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    set_pair(regs, rdtsc());
    if (d->instruction == INSTRUCTION_RDTSCP)
        *operand_register(regs, RCX) = v->pv->tsc_aux;
    return EMULATION_DONE;
}

/* XGETBV cannot be kept from a guest that has not set CR4.OSXSAVE; XSETBV is, and that comes before
 * the privilege: a program hears of it, too. */
static enum emulation write_xcr(struct vcpu *v, struct regs *regs)
{
    if (!(v->pv->cr4 & CR4_OSXSAVE)) {
        pv_inject(v, regs, VECTOR_UD, 0);
        return EMULATION_INJECTED;
    }
    if (pv_in_kernel(v, regs) && (uint32_t)regs->rcx == 0 && pv_write_xcr0(v->pv, get_pair(regs)))
        return EMULATION_DONE;
    return EMULATION_FAULT;
}

/* A kernel meets these first when it was written for bare hardware. */
static const struct {
    const char *name;
    const char *instead;
} refused[] = {
    [INSTRUCTION_CLI] = { "CLI", "set evtchn_upcall_mask of vcpu_info" },
    [INSTRUCTION_STI] = { "STI", "clear evtchn_upcall_mask of vcpu_info" },
    [INSTRUCTION_HLT] = { "HLT", "SCHEDOP_block" },
    [INSTRUCTION_LGDT] = { "LGDT", "set_gdt" },
    [INSTRUCTION_LIDT] = { "LIDT", "set_trap_table" },
    [INSTRUCTION_LLDT] = { "LLDT", "MMUEXT_SET_LDT" },
    [INSTRUCTION_LTR] = { "LTR", "stack_switch" },
    [INSTRUCTION_LMSW] = { "LMSW", "fpu_taskswitch" },
    [INSTRUCTION_INVLPG] = { "INVLPG", "MMUEXT_INVLPG_LOCAL" },
};

static enum emulation refuse_instruction(struct vcpu *v, const struct regs *regs,
                                         const struct decoded *d)
{
    unsigned int i = d->instruction;

    if (i < ARRAY_SIZE(refused) && refused[i].name != NULL)
        (void)refuse(v, RULE_CPU_3, "%s; instead: %s", refused[i].name, refused[i].instead);
    else
        (void)refuse(v, RULE_CPU_3, "opcode at %lx", regs->rip);
    return EMULATION_FAULT;
}

/* What only a kernel may do, on bare hardware too. */
static enum emulation emulate_for_kernel(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    switch (d->instruction) {
    case INSTRUCTION_RDMSR: return read_msr(v, regs);
    case INSTRUCTION_WRMSR: return write_msr(v, regs);
    case INSTRUCTION_READ_CR: return read_cr(v, regs, d);
    case INSTRUCTION_WRITE_CR: return write_cr(v, regs, d);
    case INSTRUCTION_READ_DR:
    case INSTRUCTION_WRITE_DR: return move_dr(v, regs, d);
    case INSTRUCTION_CLTS: pv_set_ts(v->pv, false); return EMULATION_DONE;
    case INSTRUCTION_RDTSC:
    case INSTRUCTION_RDTSCP: return read_tsc(v, regs, d);
    /* Memory is the machine's: the caches stay coherent without the guest's help. */
    case INSTRUCTION_WBINVD: return EMULATION_DONE;
    default: return refuse_instruction(v, regs, d);
    }
}

bool pv_do_cpuid(const struct vcpu *v, struct regs *regs)
{
    struct cpuid r;

    if (v->pv->cpuid_faulting && !pv_in_kernel(v, regs))
        return false;
    r = pv_cpuid((uint32_t)regs->rax, (uint32_t)regs->rcx);
    regs->rax = r.eax;
    regs->rbx = r.ebx;
    regs->rcx = r.ecx;
    regs->rdx = r.edx;
    return true;
}

/*
 * SYSENTER out of a program, to the kernel's callback. It is switched off in the CPU, which then
 * faults where the instruction can be read; switched on, it would tell nothing of where it came
 * from, and kernels expect no more. On AMD's CPUs it is none in long mode, whatever a kernel has
 * registered.
 */
static enum emulation sysenter(struct vcpu *v, struct regs *regs)
{
    if (pv_in_kernel(v, regs) || !v->pv->callback[PV_CALLBACK_SYSENTER].present ||
        !cpuid_is_intel())
        return EMULATION_FAULT;
    regs->rip = 0;
    regs->cs = 3;
    regs->rsp = 0;
    regs->ss = v->pv->width->user_ss;
    pv_inject_callback(v, regs, PV_CALLBACK_SYSENTER);
    return EMULATION_INJECTED;
}

static enum emulation emulate(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    switch (d->instruction) {
    case INSTRUCTION_IN:
    case INSTRUCTION_OUT:
    case INSTRUCTION_INS:
    case INSTRUCTION_OUTS: return pv_emulate_io(v, regs, d);
    case INSTRUCTION_SMSW:
    case INSTRUCTION_SGDT:
    case INSTRUCTION_SIDT:
    case INSTRUCTION_SLDT:
    case INSTRUCTION_STR: return pv_emulate_umip(v, regs, d);
    case INSTRUCTION_XSETBV: return write_xcr(v, regs);
    case INSTRUCTION_SYSENTER: return sysenter(v, regs);
    /* Faults where the CPU has CPUID faulting. */
    case INSTRUCTION_CPUID: return pv_do_cpuid(v, regs) ? EMULATION_DONE : EMULATION_FAULT;
    case INSTRUCTION_CLI:
    case INSTRUCTION_STI:
        /* The upcall mask stays as it is, as on Xen: POPF could not undo it. */
        if (pv_io_privileged(v, regs))
            return EMULATION_DONE;
        return pv_in_kernel(v, regs) ? refuse_instruction(v, regs, d) : EMULATION_FAULT;
    default: return pv_in_kernel(v, regs) ? emulate_for_kernel(v, regs, d) : EMULATION_FAULT;
    }
}

/* What the CPU does with an instruction that it cannot read to its end, or that is none. Such a one
 * comes here only from a CPU that looks at privilege first, as QEMU's does. */
static enum emulation not_decoded(struct vcpu *v, struct regs *regs, enum decode_result result)
{
    if (result == DECODE_UNKNOWN)
        return EMULATION_FAULT;
    if (result == DECODE_INVALID)
        pv_inject(v, regs, VECTOR_UD, 0);
    else
        pv_inject_page_fault(v, regs, GVA((instruction_address(regs).n | (PAGE_SIZE - 1)) + 1),
                             PF_FETCH);
    return EMULATION_INJECTED;
}

bool pv_emulate_privileged(struct vcpu *v, struct regs *regs)
{
    struct decoded d;
    enum decode_result result = instruction_read(regs, &d);

    switch (result == DECODE_OK ? emulate(v, regs, &d) : not_decoded(v, regs, result)) {
    case EMULATION_DONE: pv_retire(v, regs, d.length); return true;
    case EMULATION_INJECTED:
    case EMULATION_AGAIN: return true;
    case EMULATION_FAULT: break;
    }
    return false;
}
