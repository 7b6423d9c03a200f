/* SPDX-License-Identifier: MIT */
/*
 * Builds the IDT from the list of stubs in entry.S.
 */
#include "x86/idt.h"

#include <stdint.h>

#include "x86/cpu.h"
#include "x86/entry.h"
#include "x86/gdt.h"
#include "x86/image.h"
#include "x86/vector.h"

#define TYPE_INTERRUPT_GATE 0x8e

struct gate {
    uint16_t offset0;
    uint16_t selector;
    uint8_t ist;
    uint8_t type;
    uint16_t offset1;
    uint32_t offset2;
    uint32_t reserved;
};

static_assert(sizeof(struct gate) == 16, "the CPU's layout");

static struct gate idt[256] ALIGNED(4096) SET_ONCE;

static void set_gate(unsigned int vector, unsigned int ist)
{
    uint64_t target = (uintptr_t)entry_stubs + vector * ENTRY_STUB_SIZE;

    idt[vector] = (struct gate){
        .offset0 = (uint16_t)target,
        .selector = SELECTOR_HV_CODE,
        .ist = (uint8_t)ist,
        .type = TYPE_INTERRUPT_GATE,
        .offset1 = (uint16_t)(target >> 16),
        .offset2 = (uint32_t)(target >> 32),
    };
}

void idt_set_dpl(unsigned int vector, unsigned int dpl)
{
    idt[vector].type = (uint8_t)(TYPE_INTERRUPT_GATE | dpl << 5);
}

void idt_init(void)
{
    for (unsigned int vector = 0; vector < 256; vector++)
        set_gate(vector, 0);

    /* These can come while RSP is not ours, or is the cause. */
    set_gate(VECTOR_DB, IST_DB);
    set_gate(VECTOR_NMI, IST_NMI);
    set_gate(VECTOR_DF, IST_DF);
    set_gate(VECTOR_MC, IST_MC);

    idt_set_dpl(VECTOR_BP, 3);
    idt_set_dpl(VECTOR_OF, 3);
    idt_set_dpl(VECTOR_INT80, 3);
    /* Kernels in ring 1 only: it is a hypercall, whoever comes by it. */
    idt_set_dpl(VECTOR_HYPERCALL32, 1);
}

void idt_load(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } PACKED pointer = { sizeof(idt) - 1, (uintptr_t)idt };

    __asm__ volatile("lidt %0" ::"m"(pointer));
}
