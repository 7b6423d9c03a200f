/* SPDX-License-Identifier: MIT */
/*
 * I/O instructions. No domain owns a port: where the guest's own rules (I/O privilege level, port
 * bitmap) let the instruction through it meets an empty bus, which reads as all ones and forgets
 * what is written. Where they do not, the CPU's general protection fault stands.
 *
 * One register is there, as on Xen: the address of PCI's configuration mechanism, by which kernels
 * see that there is a PCI bus; behind it they find no device.
 */
#include "core/alu.h"
#include "domain/refuse.h"
#include "hv/work.h"
#include "pv/debugreg.h"
#include "pv/emulate.h"
#include "pv/mmu.h"
#include "pv/operands.h"
#include "x86/cpu_bits.h"
#include "x86/guest_copy.h"
#include "x86/tlb.h"
#include "x86/vector.h"

#define PORT_PCI_ADDRESS 0xcf8

/* The bitmap is the kernel's memory, also when a program runs. What cannot be read allows nothing.
 * Two bytes cover the ports of an access. */
static uint16_t read_bitmap(struct vcpu *v, uint16_t port)
{
    uint8_t bytes[2] = { 0xff, 0xff };
    gva_t at = GVA(v->pv->io_bitmap.n + port / 8);

    if (!v->pv->kernel_mode)
        cr3_load(v->pv->kernel_l4);
    if (guest_copy_in(&bytes[0], at, 1) != 0)
        bytes[0] = 0xff;
    at.n++;
    if (guest_copy_in(&bytes[1], at, 1) != 0)
        bytes[1] = 0xff;
    if (!v->pv->kernel_mode)
        pv_load_tables(v);
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static bool port_is_allowed(struct vcpu *v, const struct regs *regs, uint16_t port,
                            unsigned int size)
{
    unsigned int wanted = (1u << size) - 1;

    if (pv_io_privileged(v, regs))
        return true;
    if (port + size > v->pv->io_bitmap_ports)
        return false;
    return (read_bitmap(v, port) >> port % 8 & wanted) == 0;
}

/* Four bytes at once; narrower accesses go past it. */
static bool is_pci_address(uint16_t port, unsigned int size)
{
    return port == PORT_PCI_ADDRESS && size == sizeof(uint32_t);
}

static uint32_t port_read(const struct vcpu *v, uint16_t port, unsigned int size)
{
    return is_pci_address(port, size) ? READ_ONCE(v->domain->pv->pci_address) : ~0u;
}

static void port_write(struct vcpu *v, uint16_t port, unsigned int size, uint32_t value)
{
    if (is_pci_address(port, size))
        WRITE_ONCE(v->domain->pv->pci_address, value);
}

/* One element. False: its memory cannot be used. */
static bool string_step(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    bool input = d->instruction == INSTRUCTION_INS;
    uint64_t *pointer = input ? &regs->rdi : &regs->rsi;
    uint64_t step = regs->rflags & RFLAGS_DF ? -(uint64_t)d->operand_size : d->operand_size;
    gva_t address = operand_address(regs, d);
    uint16_t port = (uint16_t)regs->rdx;
    uint32_t value = 0;

    if (!pv_operand_is_allowed(v, regs, d, d->operand_size, input))
        return false;
    if (input) {
        value = port_read(v, port, d->operand_size);
        if (guest_copy_out(address, &value, d->operand_size) != 0)
            return false;
    } else {
        if (guest_copy_in(&value, address, d->operand_size) != 0)
            return false;
        port_write(v, port, d->operand_size, value);
    }
    *pointer = alu_replace(*pointer, *pointer + step, d->address_size);
    return true;
}

/* With a repeat prefix one element at a time, as the CPU does: registers always say how far it is,
 * and it can be left to do something else, or because somebody wants to see each step. */
static enum emulation string_io(struct vcpu *v, struct regs *regs, const struct decoded *d,
                                bool step)
{
    bool input = d->instruction == INSTRUCTION_INS;

    do {
        if (!string_step(v, regs, d))
            return pv_operand_fault(v, regs, d, d->operand_size, input);
        if (!d->repeat)
            return EMULATION_DONE;
        regs->rcx = alu_replace(regs->rcx, regs->rcx - 1, d->address_size);
        if (alu_cut(regs->rcx, d->address_size) == 0)
            return EMULATION_DONE;
    } while (!step && !preempt_wanted());
    return EMULATION_AGAIN;
}

static enum emulation do_io(struct vcpu *v, struct regs *regs, const struct decoded *d,
                            uint16_t port, bool step)
{
    if (d->instruction == INSTRUCTION_INS || d->instruction == INSTRUCTION_OUTS)
        return string_io(v, regs, d, step);
    if (d->instruction == INSTRUCTION_IN)
        operand_write(regs, d, 0, port_read(v, port, d->operand_size));
    else
        port_write(v, port, d->operand_size, (uint32_t)regs->rax);
    return EMULATION_DONE;
}

enum emulation pv_emulate_io(struct vcpu *v, struct regs *regs, const struct decoded *d)
{
    bool single_step = regs->rflags & RFLAGS_TF;
    uint16_t port = (uint16_t)regs->rdx;
    enum emulation result;
    unsigned int hits;

    if (d->has_immediate)
        port = (uint8_t)d->immediate;
    if (!port_is_allowed(v, regs, port, d->operand_size)) {
        (void)refuse(v, RULE_IO_5, "port %x, %u bytes", port, d->operand_size);
        return EMULATION_FAULT;
    }

    if (d->has_memory && d->repeat && alu_cut(regs->rcx, d->address_size) == 0)
        return EMULATION_DONE;
    hits = pv_port_breakpoints(v->pv, port, d->operand_size);
    result = do_io(v, regs, d, port, single_step || hits != 0);
    if (result == EMULATION_INJECTED || (hits == 0 && (result == EMULATION_DONE || !single_step)))
        return result;

    /* A debug exception follows, also in the midst of a repeated instruction. */
    if (result == EMULATION_DONE)
        regs->rip += d->length;
    regs->rflags &= ~(uint64_t)RFLAGS_RF;
    pv_debug_trap(v, regs, hits | (single_step ? DR6_SINGLE_STEP : 0));
    return EMULATION_INJECTED;
}
