/* SPDX-License-Identifier: MIT */
/*
 * 32-bit guests: exceptions as they arrive, before any stub has touched the stack. The handlers of
 * trap.h need a stack in a flat segment and hide what differs by ring; these here note all and
 * never write to the stack on which they came.
 */
#ifndef TESTS_GUESTS_SUPPORT_RAW32_H
#define TESTS_GUESTS_SUPPORT_RAW32_H

#include <stdbool.h>
#include <stdint.h>

/* Where to go, with all that a segment register may hold. What is not said by a test comes from
 * raw_start(): ring 1 or 3, on its own stack, flat segments, interrupts on. */
struct raw_start {
    uint32_t ip, cs, flags, sp, ss; /* as IRET wants them */
    uint32_t ds, es, fs, gs;
    uint32_t ax, bx, cx, dx, si, di, bp;
};

#define RAW_WORDS 10

/* What arrived. */
struct raw_arrival {
    uint32_t vector;
    uint32_t cs, ss, sp, flags; /* of the handler */
    uint32_t ds, es, fs, gs;
    uint32_t bx, si, di, bp;   /* the others are lost */
    uint32_t events;           /* this vCPU's mask */
    uint32_t words[RAW_WORDS]; /* the lowest ones of the stack, by ss:sp */
};

/* Vectors of an arrival beyond the processor's. */
#define RAW_FAILSAFE 256
#define RAW_EVENT    257
#define RAW_SYSCALL  258

/* All exceptions come here, and those `int n` whose vector is listed in raw_vectors, from `level`
 * on. Events stay masked. raw_end gives the library's handlers back. */
void raw_begin(void);
void raw_end(void);

/* One more vector for `int n`. */
void raw_int(unsigned vector, unsigned level);

/* A start in ring 1 or ring 3 at code. */
struct raw_start raw_start(const void *code, unsigned ring);

/* Goes there by loading the registers and, for rings 2 and 3, a native IRET; for ring 1 a far jump
 * after SS:ESP are loaded. Returns with the first exception, which may be one of that loading. How
 * many words of the stack are looked at is said beforehand: the stack may end soon. */
struct raw_arrival raw_go(struct raw_start start, unsigned words);

/* The same, by the iret hypercall on a frame of six words at `frame` (0: built on this stack). */
struct raw_arrival raw_iret(struct raw_start start, unsigned words, uint32_t frame);

/* raw_entry32.S: the entries, one of 16 bytes for each vector and the three more. */
extern char raw_entries[];

/* For tests that register handlers themselves. */
static inline uint32_t raw_entry(unsigned vector)
{
    return (uint32_t)(uintptr_t)raw_entries + 16 * vector;
}

/* Code that does one thing: UD2, INT3, NOP (several). */
extern char raw_ud2[], raw_int3[], raw_nops[];

/*
 * Some code that meets an exception: vector, error code (0 where there is none) and how far behind
 * its begin EIP points are given as assembler expressions, in which 8 is the begin and 9 the end.
 * UD2 stands behind it.
 *
 *     __asm__(SNIPPETS(name) SNIPPET("13", "0", "0", "hlt") SNIPPETS_END(name));
 *     extern const struct snippet name[], name_end[];
 */
struct snippet {
    const char *text;
    const void *code;
    uint32_t vector, error, offset;
};

#define SNIPPETS(name)                                                                        \
    ".pushsection .data.snippets, \"aw\"\n.balign 4\n.globl " #name ", " #name "_end\n" #name \
    ":\n.popsection\n"
#define SNIPPETS_END(name) ".pushsection .data.snippets, \"aw\"\n" #name "_end:\n.popsection\n"
#define SNIPPET(vector, error, offset, text)                                  \
    ".pushsection .rodata.text, \"a\"\n7: .asciz \"" text "\"\n.popsection\n" \
    ".pushsection .text.snippets, \"ax\"\n8: " text "\n9: ud2\n.popsection\n" \
    ".pushsection .data.snippets, \"aw\"\n"                                   \
    ".long 7b, 8b, " vector ", " error ", " offset "\n.popsection\n"
/* Nothing happens until the UD2. */
#define SNIPPET_DONE(text) SNIPPET("6", "0", "9b - 8b", text)

/* Each exception that can be made here, by code for any ring: page faults with the error code of
 * ring 3. They want gdt_new()'s table. */
extern const struct snippet exceptions[], exceptions_end[];

struct raw_arrival snippet_run(const struct snippet *s, struct raw_start start, unsigned words);
bool has_error_code(unsigned vector);

/* A descriptor: base, limit, type with P, DPL and S (0x9a = ring 0 code), flags G D L AVL. */
static inline uint64_t raw_descriptor(uint32_t base, uint32_t limit, uint32_t type, uint32_t flags)
{
    return (uint64_t)(limit & 0xffff) | (uint64_t)(base & 0xffffff) << 16 | (uint64_t)type << 40 |
           (uint64_t)(limit >> 16 & 15) << 48 | (uint64_t)flags << 52 |
           (uint64_t)(base >> 24) << 56;
}

/* A GDT of one page, read-only for the guest, in use from now on; entries are changed by
 * gdt_set. Entry 5, selector 0x2b, is an absent data segment. */
uint64_t *gdt_new(void);
void gdt_set(uint64_t *gdt, unsigned entry, uint64_t descriptor);

/* SET_LDT; the raw result. */
long ldt_load(const void *table, unsigned entries);

#endif
