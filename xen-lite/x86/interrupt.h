/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: from a vector to the function that serves the device.
 */
#ifndef XEN_LITE_X86_INTERRUPT_H
#define XEN_LITE_X86_INTERRUPT_H

#include <stdbool.h>

#include "x86/regs.h"

/* Installs the handler of a vector (VECTOR_IRQ0 and up). At boot; one handler a vector. */
void interrupt_set_handler(unsigned int vector, void (*handler)(void));

/* Called by the trap code for every vector that is no exception, with interrupts off: acknowledges
 * the interrupt and calls its handler. One that nobody expects is ignored. */
void interrupt_dispatch(unsigned int vector);

/* Installs what is called for each NMI, in order of installation. A handler says whether the NMI
 * was meant for it. It runs on the NMI stack and may have interrupted anything: it takes no lock.
 */
void nmi_add_handler(bool (*handler)(struct regs *regs));

/* Called by the trap code for an NMI. False: nobody knows it. */
bool nmi_handle(struct regs *regs);

#endif
