/* SPDX-License-Identifier: MIT */
/*
 * Routing of the old PC's interrupts through the IOAPICs.
 */
#include "x86/ioapic.h"

#include "x86/apic.h"
#include "x86/instr.h"
#include "x86/paging.h"
#include "x86/vector.h"

#define REG_VERSION          1
#define REG_REDIRECTION(pin) (0x10 + 2 * (pin))

#define ENTRY_NMI        0x400
#define ENTRY_ACTIVE_LOW 0x2000
#define ENTRY_LEVEL      0x8000
#define ENTRY_MASKED     0x10000

#define PIC1_COMMAND 0x20
#define PIC1_DATA    0x21
#define PIC2_COMMAND 0xa0
#define PIC2_DATA    0xa1

struct ioapic {
    volatile uint32_t *registers; /* [0] selects, [4] is the data */
    uint32_t first;               /* interrupt number of its pin 0 */
    uint32_t pins;
};

/* All set at boot, then constant. */
static struct ioapic ioapics[ACPI_MAX_IOAPICS];
static unsigned int ioapic_count;
static struct acpi_isa_interrupt isa[ACPI_ISA_INTERRUPTS];

static uint32_t ioapic_read(const struct ioapic *io, uint32_t reg)
{
    io->registers[0] = reg;
    return io->registers[4];
}

static void ioapic_write(const struct ioapic *io, uint32_t reg, uint32_t value)
{
    io->registers[0] = reg;
    io->registers[4] = value;
}

/* Masked while half of it is written. */
static void write_entry(const struct ioapic *io, uint32_t pin, uint32_t apic_id, uint32_t low)
{
    ioapic_write(io, REG_REDIRECTION(pin), ENTRY_MASKED);
    ioapic_write(io, REG_REDIRECTION(pin) + 1, apic_id << 24);
    ioapic_write(io, REG_REDIRECTION(pin), low);
}

/* The IOAPIC that has this interrupt among its pins. Unsigned: a number below .first is huge. */
static const struct ioapic *find(uint32_t interrupt)
{
    for (unsigned int i = 0; i < ioapic_count; i++)
        if (interrupt - ioapics[i].first < ioapics[i].pins)
            return &ioapics[i];
    return NULL;
}

/* Initialised and all masked: its spurious interrupts arrive in our range and mean nothing. */
static void pic_shut_off(void)
{
    out8(PIC1_COMMAND, 0x11);
    out8(PIC2_COMMAND, 0x11);
    out8(PIC1_DATA, VECTOR_IRQ0);
    out8(PIC2_DATA, VECTOR_IRQ0 + 8);
    out8(PIC1_DATA, 4);
    out8(PIC2_DATA, 2);
    out8(PIC1_DATA, 1);
    out8(PIC2_DATA, 1);
    out8(PIC1_DATA, 0xff);
    out8(PIC2_DATA, 0xff);
}

void ioapic_init(const struct acpi_madt *madt)
{
    for (unsigned int i = 0; i < madt->ioapic_count; i++) {
        struct ioapic *io = &ioapics[i];

        io->registers = device_map(madt->ioapics[i].address, 0x20);
        io->first = madt->ioapics[i].first_interrupt;
        io->pins = (ioapic_read(io, REG_VERSION) >> 16 & 0xff) + 1;
        for (uint32_t pin = 0; pin < io->pins; pin++)
            write_entry(io, pin, 0, ENTRY_MASKED);
    }
    ioapic_count = madt->ioapic_count;
    for (unsigned int irq = 0; irq < ACPI_ISA_INTERRUPTS; irq++)
        isa[irq] = madt->isa[irq];
    pic_shut_off();
}

static bool route(unsigned int irq, unsigned int cpu, uint32_t how)
{
    const struct ioapic *io = find(isa[irq].interrupt);

    if (io == NULL)
        return false;
    how |= isa[irq].active_low ? ENTRY_ACTIVE_LOW : 0;
    how |= isa[irq].level ? ENTRY_LEVEL : 0;
    write_entry(io, isa[irq].interrupt - io->first, apic_id_of(cpu), how);
    return true;
}

bool ioapic_route(unsigned int irq, unsigned int cpu)
{
    return route(irq, cpu, VECTOR_IRQ0 + irq);
}

bool ioapic_route_nmi(unsigned int irq, unsigned int cpu)
{
    return route(irq, cpu, ENTRY_NMI);
}

void ioapic_mask(unsigned int irq)
{
    (void)route(irq, 0, ENTRY_MASKED);
}
