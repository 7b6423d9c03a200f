/* SPDX-License-Identifier: MIT */
/*
 * Claim: exceptions find a ring-1 stack anywhere: in a segment with a base, of the GDT or the LDT,
 *     in one that expands down, one whose limit is just enough, at an address that
 *     is no multiple of 4, in a page of the user's, across two pages; be it the one in use or
 *     stack_switch's, whose selector gets ring 1.
 * Rule: TRAP-3; invariants D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit stacks have neither segment nor base
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define DATA1   0xb3 /* present, ring 1, writable */
#define DOWN1   0xb7 /* the same, expands down */
#define BASE    12
#define DOWN    13
#define LIMITED 14

static uint32_t *pages;

static const struct {
    const char *name;
    uint32_t ss;
    int32_t base; /* what the segment adds, beyond the pages' begin; -1: it is flat */
    uint32_t sp;  /* behind the pages' begin */
} stacks[] = {
    { "flat", FLAT_KERNEL_SS, -1, 0x800 },
    { "flat, odd", FLAT_KERNEL_SS, -1, 0x801 },
    { "flat, across two pages", FLAT_KERNEL_SS, -1, 0x1004 },
    { "flat, across two pages, odd", FLAT_KERNEL_SS, -1, 0x1003 },
    { "base", BASE * 8 | 1, 0, 0x800 },
    { "base, odd", BASE * 8 | 1, 0, 0x7fe },
    { "expand-down", DOWN * 8 | 1, 0x100, 0x900 },
    { "limited", LIMITED * 8 | 1, 0, 0x800 },
    { "ldt", 1 * 8 | 5, 0x10, 0x800 },
};

/* The linear address of a stack's end. */
static uint32_t linear(unsigned i)
{
    int32_t base = stacks[i].base < 0 ? 0 : stacks[i].base;

    return (uint32_t)pages + (uint32_t)base + stacks[i].sp;
}

/* What ESP is for it. */
static uint32_t sp_of(unsigned i)
{
    return stacks[i].base < 0 ? linear(i) : stacks[i].sp;
}

static void tables(void)
{
    uint64_t *gdt = gdt_new(), *ldt = page_new();
    uint32_t base = (uint32_t)pages;

    gdt_set(gdt, BASE, raw_descriptor(base, 0xfffff, DATA1, 0xc));
    gdt_set(gdt, DOWN, raw_descriptor(base + 0x100, 0x7ff, DOWN1, 0x4));
    gdt_set(gdt, LIMITED, raw_descriptor(base, 0x7ff, DATA1, 0x4));
    ldt[1] = raw_descriptor(base + 0x10, 0xfffff, DATA1, 0xc);
    set_writable(ldt, false);
    expect(ldt_load(ldt, 2), 0, "set_ldt");
}

static void check(unsigned i, struct raw_arrival a, unsigned words, const char *ring)
{
    uint32_t first;

    expect((long)a.vector, X_PF, "%s, %s: vector", stacks[i].name, ring);
    expect_hex(a.ss, stacks[i].ss, "%s, %s: ss", stacks[i].name, ring);
    expect_hex(a.sp, sp_of(i) - words * 4, "%s, %s: esp", stacks[i].name, ring);
    memcpy(&first, (void *)(linear(i) - words * 4), sizeof(first));
    expect_hex(first, a.words[0], "%s, %s: the same word by another way", stacks[i].name, ring);
    expect_hex(a.words[0], a.words[2] & 2 ? PF_USER : 0, "%s, %s: code", stacks[i].name, ring);
}

void test_main(void)
{
    static const char code[] __attribute__((aligned(16))) = "\xa1\x00\x50\x34\x12"; /* mov a, eax */

    pages = page_new();
    page_new();
    tables();
    raw_begin();
    for (unsigned i = 0; i < COUNT(stacks); i++) {
        struct raw_start kernel = raw_start(code, 1);

        kernel.ss = stacks[i].ss;
        kernel.sp = sp_of(i);
        check(i, raw_go(kernel, 4), 4, "ring 1");
        expect(CALL(stack_switch, stacks[i].ss & ~3u, sp_of(i)), 0, "%s: stack_switch",
               stacks[i].name);
        check(i, raw_go(raw_start(code, 3), 6), 6, "ring 3");
    }
    raw_end();
}
