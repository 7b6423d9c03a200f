/* SPDX-License-Identifier: MIT */
/*
 * SMSW, SGDT, SIDT, SLDT and STR: harmless instructions that any program could execute before
 * UMIP, and that would tell where the hypervisor's tables are. With UMIP on they fault. Guests of
 * Xen, which has it off, do not expect that: so they are done here, with answers that tell nothing.
 */
#include "lib/string.h"
#include "pv/emulate.h"
#include "pv/operands.h"
#include "x86/cpu_bits.h"
#include "x86/gdt.h"
#include "x86/guest_copy.h"

/* What SLDT, STR and SMSW store to memory, whatever the operand size. */
#define WORD 2

static uint64_t value_of(struct vcpu *v, const struct decoded *d)
{
    uint64_t value = 0;

    if (d->instruction == INSTRUCTION_SMSW)
        (void)pv_read_cr(v, 0, &value);
    else if (d->instruction == INSTRUCTION_SLDT)
        value = v->pv->ldt_entries != 0 ? SELECTOR_LDT : 0;
    else if (d->instruction == INSTRUCTION_STR)
        value = SELECTOR_TSS;
    return value;
}

/* Without UMIP the CPU would have done the store, and met the hypervisor's mapping. */
static enum emulation store_fault(struct vcpu *v, struct regs *regs, const struct decoded *d,
                                  size_t size)
{
    enum emulation result = pv_operand_fault(v, regs, d, size, true);

    if (result == EMULATION_INJECTED)
        return result;
    pv_inject_page_fault(v, regs, operand_address(regs, d), PF_PRESENT | PF_WRITE);
    return EMULATION_INJECTED;
}

enum emulation pv_emulate_umip(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    /* Limit and base of a table: none. 32-bit code stores four bytes of the base. */
    uint8_t bytes[10] = { 0 };
    size_t size = WORD + (d->is_long ? 8 : 4);
    uint64_t value = value_of(v, d);

    if (!d->has_memory) {
        operand_write(regs, d, d->rm, value);
        return EMULATION_DONE;
    }
    if (d->instruction != INSTRUCTION_SGDT && d->instruction != INSTRUCTION_SIDT)
        size = WORD;
    memcpy(bytes, &value, WORD);
    if (pv_operand_is_allowed(v, regs, d, size, true) &&
        guest_copy_out(operand_address(regs, d), bytes, size) == 0)
        return EMULATION_DONE;
    return store_fault(v, regs, d, size);
}
