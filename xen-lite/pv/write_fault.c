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

/* What the instruction does, in terms of the bytes of the entry that it stores to. */
struct store {
    struct decoded d;
    gva_t address;
    uint64_t source;
    uint64_t accumulator; /* CMPXCHG */
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
    case INSTRUCTION_STOS: return d->has_memory;
    case INSTRUCTION_BTS:
    case INSTRUCTION_BTR:
    case INSTRUCTION_BTC:
        /* With the bit's number in a register the store may be anywhere. */
        return d->has_memory && d->has_immediate;
    default: return false;
    }
}

static bool read_store(struct regs *regs, gva_t fault, struct store *s)
{
    if (instruction_read(regs, &s->d) != DECODE_OK || !is_supported(&s->d))
        return false;
    s->address = operand_address(regs, &s->d);
    if (s->address.n / PAGE_SIZE != fault.n / PAGE_SIZE || s->address.n % s->d.operand_size != 0)
        return false;
    s->accumulator = alu_cut(regs->rax, s->d.operand_size);
    s->rflags = regs->rflags;
    if (s->d.has_immediate)
        s->source = s->d.immediate;
    else if (s->d.instruction == INSTRUCTION_STOS)
        s->source = s->accumulator;
    else
        s->source = operand_read(regs, &s->d, s->d.reg);
    return true;
}

/* The value to be stored in place of s->old. */
static uint64_t compute(struct store *s)
{
    unsigned int size = s->d.operand_size;

    /* What nearly all of them are. */
    if (s->d.instruction == INSTRUCTION_MOV)
        return alu_cut(s->source, size);
    if (s->d.instruction != INSTRUCTION_CMPXCHG)
        return alu(s->d.instruction, size, s->old, s->source, &s->rflags);
    (void)alu(INSTRUCTION_SUB, size, s->accumulator, s->old, &s->rflags);
    return alu_cut(s->old == s->accumulator ? s->source : s->old, size);
}

static void update_registers(struct vcpu *v, struct regs *regs, const struct store *s)
{
    regs->rflags = s->rflags;
    if (s->d.instruction == INSTRUCTION_XCHG || s->d.instruction == INSTRUCTION_XADD)
        operand_write(regs, &s->d, s->d.reg, s->old);
    if (s->d.instruction == INSTRUCTION_CMPXCHG && s->old != s->accumulator)
        operand_write(regs, &s->d, 0, s->old);
    if (s->d.instruction == INSTRUCTION_STOS) {
        regs->rdi += regs->rflags & RFLAGS_DF ? -(uint64_t)s->d.operand_size : s->d.operand_size;
        /* With a count, one at a time: the rest faults again. */
        if (s->d.repeat && --regs->rcx != 0)
            return;
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

/* RULE_MMU_26: there is no table. */
static enum rule_id store(struct mmu *m, const struct vcpu *v, struct store *s)
{
    unsigned int index = (s->address.n % PAGE_SIZE) / sizeof(uint64_t);
    unsigned int shift = (s->address.n % sizeof(uint64_t)) * 8;
    uint64_t mask = alu_cut(~0UL, s->d.operand_size) << shift;
    mfn_t table = table_at(m, v, s->address);
    uint64_t entry;

    if (!mfn_is_valid(table))
        return RULE_MMU_26;
    entry = READ_ONCE(((const uint64_t *)mfn_to_virt(table))[index]);
    s->old = (entry & mask) >> shift;
    return mmu_replace_l1_entry(m, table, index, entry, (entry & ~mask) | compute(s) << shift);
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
