/* SPDX-License-Identifier: MIT */
/*
 * The IOAPIC: interrupts of devices, as far as the hypervisor uses devices itself: the 16 of the
 * old PC. The older controller (8259) is shut off.
 */
#ifndef XEN_LITE_X86_IOAPIC_H
#define XEN_LITE_X86_IOAPIC_H

#include <stdbool.h>

#include "lib/acpi.h"

/* Maps all IOAPICs and masks every input; masks the 8259. */
void ioapic_init(const struct acpi_madt *madt);

/* Sends ISA interrupt `irq` to a CPU, as VECTOR_IRQ0 + irq or as NMI. False: not wired. */
bool ioapic_route(unsigned int irq, unsigned int cpu);
bool ioapic_route_nmi(unsigned int irq, unsigned int cpu);
void ioapic_mask(unsigned int irq);

#endif
