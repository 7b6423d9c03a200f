/* SPDX-License-Identifier: MIT */
/*
 * The IDT says where each vector goes. Its gates turn interrupts off on the way in; a program may
 * raise only those by `int n` whose gate says ring 3. Of those there must be none that leads to an
 * entry which is not made for it: it would take the program's registers for something else.
 */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define VECTORS 256

static struct gate idt[VECTORS];

void native_gate_set(unsigned vector, unsigned ring, const char *entry)
{
    idt[vector] = gate_to(vector, ring, entry);
}

/* Breakpoint (3) and overflow (4) may be raised by a program. */
void native_traps_init(void)
{
    const struct {
        uint16_t limit;
        uintptr_t address;
    } __attribute__((packed)) pointer = { sizeof(idt) - 1, (uintptr_t)idt };

    for (unsigned i = 0; i < VECTOR_INTERRUPTS + LINES; i++)
        native_gate_set(i, i == 3 || i == 4 ? 3 : 0, native_entries + i * ENTRY_SIZE);
    native_system_calls_init();
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

uintptr_t fault_address(void)
{
    return read_cr2();
}
