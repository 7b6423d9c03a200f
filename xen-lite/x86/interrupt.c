/* SPDX-License-Identifier: MIT */
/*
 * Dispatch of interrupts and NMIs.
 */
#include "x86/interrupt.h"

#include "lib/assert.h"
#include "lib/types.h"
#include "x86/apic.h"
#include "x86/image.h"
#include "x86/vector.h"

#define NMI_HANDLERS 4

static void (*handlers[256])(void) SET_ONCE;
static bool (*nmi_handlers[NMI_HANDLERS])(struct regs *regs) SET_ONCE;

void interrupt_set_handler(unsigned int vector, void (*handler)(void))
{
    ASSERT(vector >= VECTOR_IRQ0 && vector < 256 && handlers[vector] == NULL);
    handlers[vector] = handler;
}

void interrupt_dispatch(unsigned int vector)
{
    /* A spurious interrupt is none: it must not be acknowledged. */
    if (vector == VECTOR_SPURIOUS)
        return;

    /* Before the handler: it may re-arm its source, and with interrupts off nothing can nest. */
    apic_acknowledge();
    if (handlers[vector] != NULL)
        handlers[vector]();
}

void nmi_add_handler(bool (*handler)(struct regs *regs))
{
    for (unsigned int i = 0; i < NMI_HANDLERS; i++) {
        if (nmi_handlers[i] == NULL) {
            nmi_handlers[i] = handler;
            return;
        }
    }
    BUG();
}

bool nmi_handle(struct regs *regs)
{
    bool known = false;

    /* All are asked: two NMIs that come at once arrive as one. */
    for (unsigned int i = 0; i < NMI_HANDLERS && nmi_handlers[i] != NULL; i++)
        known |= nmi_handlers[i](regs);
    return known;
}
