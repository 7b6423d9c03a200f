/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of a CPU that is started (trampoline.S), and what they are given.
 */
#ifndef XEN_LITE_X86_TRAMPOLINE_H
#define XEN_LITE_X86_TRAMPOLINE_H

/* Offsets in the trampoline's page. */
#define TRAMPOLINE_FAR   0xf00
#define TRAMPOLINE_CR3   0xf08
#define TRAMPOLINE_GDT   0xf10
#define TRAMPOLINE_STACK 0xf20
#define TRAMPOLINE_ENTRY 0xf28

#ifndef __ASSEMBLER__
#include <stdint.h>

#include "lib/types.h"

/* What smp.c writes at TRAMPOLINE_FAR. */
struct trampoline_data {
    uint32_t far_offset; /* physical address of trampoline_64 in the page */
    uint16_t far_selector;
    uint16_t pad0;
    uint32_t cr3;
    uint32_t pad1;
    uint16_t gdt_limit;
    uint32_t gdt_base;
    uint16_t pad2[5];
    uint64_t stack; /* where RSP begins */
    uint64_t entry; /* a C function that does not return */
    uint64_t gdt[2];
} PACKED;

static_assert(offsetof(struct trampoline_data, cr3) == TRAMPOLINE_CR3 - TRAMPOLINE_FAR, "layout");
static_assert(offsetof(struct trampoline_data, gdt_limit) == TRAMPOLINE_GDT - TRAMPOLINE_FAR,
              "layout");
static_assert(offsetof(struct trampoline_data, stack) == TRAMPOLINE_STACK - TRAMPOLINE_FAR,
              "layout");
static_assert(offsetof(struct trampoline_data, entry) == TRAMPOLINE_ENTRY - TRAMPOLINE_FAR,
              "layout");

extern const char trampoline_start[], trampoline_64[], trampoline_end[];
#endif
#endif
