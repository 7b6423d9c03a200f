/* SPDX-License-Identifier: MIT */
/*
 * Writable page tables: a store of the guest's kernel to a page that is an L1 table faults, and is
 * done here as mmu_update would do it.
 *
 * The instruction is read and decoded once, without a lock. Then, with the lock held, the entry is
 * read, the new one computed and put in place only if the old one is still there: accessed and
 * dirty bits that the CPU sets meanwhile are not lost. Whatever cannot be done is a page fault for
 * the guest, which is what the store would have been without this.
 */
#include "core/alu.h"
#include "core/decode.h"
#include "domain/refuse.h"
#include "pv/emulate.h"
#include "pv/mmu.h"
#include "pv/operands.h"
#include "x86/cpu_bits.h"
#include "x86/guest_copy.h"

/* What the instruction does, in terms of the bytes of the entry that it stores to. */
struct store {
    struct decoded d;
    gva_t address;
    uint64_t source;      /* of so many bytes */
    uint64_t accumulator; /* CMPXCHG, CMPXCHG8B; else not set */
    uint64_t rflags;      /* before; then as they will be */
    uint64_t old;         /* what was there */
};

static bool is_supported(const struct decoded *d)
{
    switch ((enum instruction)d->instruction) {
    case INSTRUCTION_MOV:
    case INSTRUCTION_XCHG:
    case INSTRUCTION_CMPXCHG:
    case INSTRUCTION_XADD:
    case INSTRUCTION_ADD:
    case INSTRUCTION_OR:
    case INSTRUCTION_AND:
    case INSTRUCTION_SUB:
    case INSTRUCTION_XOR:
    case INSTRUCTION_ADC:
    case INSTRUCTION_SBB:
    case INSTRUCTION_INC:
    case INSTRUCTION_DEC:
    case INSTRUCTION_NOT:
    case INSTRUCTION_NEG:
    case INSTRUCTION_MOVS:
    case INSTRUCTION_STOS: return d->has_memory;
    /* An entry is not longer. */
    case INSTRUCTION_CMPXCHG8B: return d->operand_size == sizeof(uint64_t);
    case INSTRUCTION_BTS:
    case INSTRUCTION_BTR:
    case INSTRUCTION_BTC:
        /* With the bit's number in a register the store may be anywhere. */
        return d->has_memory && d->has_immediate;
    default: return false;
    }
}

/* What the instruction stores, or adds, or compares with. False: it cannot be read. */
static bool read_source(struct regs *regs, struct store *s)
{
    uint64_t word = 0;

    switch ((enum instruction)s->d.instruction) {
    case INSTRUCTION_STOS: s->source = alu_cut(regs->rax, s->d.operand_size); return true;
    case INSTRUCTION_CMPXCHG:
        s->accumulator = alu_cut(regs->rax, s->d.operand_size);
        s->source = operand_read(regs, &s->d, s->d.reg);
        return true;
    case INSTRUCTION_CMPXCHG8B:
        s->accumulator = (uint32_t)regs->rax | regs->rdx << 32;
        s->source = (uint32_t)regs->rbx | regs->rcx << 32;
        return true;
    case INSTRUCTION_MOVS:
        if (guest_copy_in(&word, operand_movs_source(regs, &s->d), s->d.operand_size) != 0)
            return false;
        s->source = word;
        return true;
    default:
        s->source = s->d.has_immediate ? alu_cut(s->d.immediate, s->d.operand_size)
                                       : operand_read(regs, &s->d, s->d.reg);
        return true;
    }
}

static bool read_store(struct regs *regs, gva_t fault, struct store *s)
{
    if (instruction_read(regs, &s->d) != DECODE_OK || !is_supported(&s->d))
        return false;
    s->address = operand_address(regs, &s->d);
    if (s->address.n / PAGE_SIZE != fault.n / PAGE_SIZE ||
        (s->address.n & (s->d.operand_size - 1u)) != 0)
        return false;
    s->rflags = regs->rflags;
    return read_source(regs, s);
}

/* The value to be stored in place of s->old. */
static uint64_t compute(struct store *s)
{
    unsigned int size = s->d.operand_size;

    switch ((enum instruction)s->d.instruction) {
    /* What nearly all of them are. */
    case INSTRUCTION_MOV: return s->source;
    case INSTRUCTION_CMPXCHG:
        (void)alu(INSTRUCTION_SUB, size, s->accumulator, s->old, &s->rflags);
        return s->old == s->accumulator ? s->source : s->old;
    case INSTRUCTION_CMPXCHG8B:
        if (s->old != s->accumulator) {
            s->rflags &= ~(uint64_t)ALU_ZERO;
            return s->old;
        }
        s->rflags |= ALU_ZERO;
        return s->source;
    default: return alu(s->d.instruction, size, s->old, s->source, &s->rflags);
    }
}

/* STOS and MOVS. False: with a count they are done one at a time, and the rest faults again. */
static bool step_string(struct regs *regs, const struct decoded *d)
{
    uint64_t step = regs->rflags & RFLAGS_DF ? -(uint64_t)d->operand_size : d->operand_size;

    regs->rdi = alu_cut(regs->rdi + step, d->address_size);
    if (d->instruction == INSTRUCTION_MOVS)
        regs->rsi = alu_cut(regs->rsi + step, d->address_size);
    if (!d->repeat)
        return true;
    regs->rcx = alu_cut(regs->rcx - 1, d->address_size);
    return regs->rcx == 0;
}

static void update_registers(struct vcpu *v, struct regs *regs, const struct store *s)
{
    regs->rflags = s->rflags;
    switch ((enum instruction)s->d.instruction) {
    case INSTRUCTION_XCHG:
    case INSTRUCTION_XADD: operand_write(regs, &s->d, s->d.reg, s->old); break;
    case INSTRUCTION_CMPXCHG:
        if (s->old != s->accumulator)
            operand_write(regs, &s->d, 0, s->old);
        break;
    case INSTRUCTION_CMPXCHG8B:
        if (s->old != s->accumulator) {
            regs->rax = (uint32_t)s->old;
            regs->rdx = s->old >> 32;
        }
        break;
    case INSTRUCTION_STOS:
    case INSTRUCTION_MOVS:
        if (!step_string(regs, &s->d)) {
            if (regs->rflags & RFLAGS_TF)
                pv_debug_trap(v, regs, DR6_SINGLE_STEP);
            return;
        }
        break;
    default: break;
    }
    pv_retire(v, regs, s->d.length);
}

/* The L1 table that the guest has mapped read-only at address, or INVALID_MFN: it is something
 * else. */
static mfn_t table_at(const struct mmu *m, const struct vcpu *v, gva_t address)
{
    unsigned int index;
    mfn_t table = mmu_walk(v, address, &index);
    const struct frame *f;
    uint64_t entry;

    if (!mfn_is_valid(table))
        return INVALID_MFN;
    entry = READ_ONCE(((const uint64_t *)mfn_to_virt(table))[index]);
    if ((entry & (PTE_PRESENT | PTE_WRITABLE)) != PTE_PRESENT)
        return INVALID_MFN;
    /* The mapping is a reference, so that the frame stays the domain's while the lock is held. */
    f = frame_of(pte_mfn(entry));
    if (f->node.owner != m->d->id || !frame_type_is_valid(f->type, FRAME_L1))
        return INVALID_MFN;
    return pte_mfn(entry);
}

/*
 * A kernel that has only 4-byte stores writes an entry in two halves, and may begin with the upper
 * one, while PRESENT still stands in the lower half: then the entry as it is now names no frame of
 * the domain's. It is stored without PRESENT, as on Xen, since the lower half is about to follow.
 */
static bool is_upper_half(const struct mmu *m, const struct store *s)
{
    return m->format->halves && s->d.operand_size == sizeof(uint32_t) &&
           s->address.n % sizeof(uint64_t) != 0 && s->d.instruction != INSTRUCTION_CMPXCHG;
}

/* RULE_MMU_26: there is no table. */
static enum rule_id store(struct mmu *m, const struct vcpu *v, struct store *s)
{
    unsigned int index = (s->address.n % PAGE_SIZE) / sizeof(uint64_t);
    unsigned int shift = (s->address.n % sizeof(uint64_t)) * 8;
    uint64_t mask = alu_cut(~0UL, s->d.operand_size) << shift;
    mfn_t table = table_at(m, v, s->address);
    uint64_t entry, new;
    enum rule_id rule;

    if (!mfn_is_valid(table))
        return RULE_MMU_26;
    entry = READ_ONCE(((const uint64_t *)mfn_to_virt(table))[index]);
    s->old = (entry & mask) >> shift;
    new = (entry & ~mask) | compute(s) << shift;
    rule = mmu_replace_l1_entry(m, table, index, entry, new);
    if (unlikely(rule != RULE_NONE && rule != RULE_AGAIN && is_upper_half(m, s)))
        rule = mmu_replace_l1_entry(m, table, index, entry, new & ~PTE_PRESENT);
    return rule;
}

bool pv_write_fault(struct vcpu *v, struct regs *regs, gva_t address)
{
    enum rule_id rule = RULE_AGAIN;
    struct store s;
    struct mmu m;

    /* The instruction first, although the page may be no table: the tables are then walked only
     * once, and other faults that get here are rare. */
    if (!(v->domain->vm_assist & BIT(VMASST_TYPE_writable_pagetables)) ||
        !read_store(regs, address, &s))
        return false;
    while (rule == RULE_AGAIN) {
        uint64_t rflags = s.rflags;

        mmu_begin(&m, v);
        if (mmu_settle(&m))
            rule = store(&m, v, &s);
        mmu_end(&m);
        if (rule == RULE_AGAIN) {
            s.rflags = rflags;
            /* The guest executes the instruction again. */
            if (!mmu_go_on())
                return true;
        }
    }
    if (rule != RULE_NONE) {
        if (rule != RULE_MMU_26)
            (void)mmu_refuse(&m, v, rule);
        return false;
    }
    update_registers(v, regs, &s);
    return true;
}
