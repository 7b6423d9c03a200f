/* SPDX-License-Identifier: MIT */
/*
 * Claim: the user bit of an L1 entry is what keeps programs out of their kernel, in one table for
 *     both; page faults say by their error code who was refused what: nothing there, read, write,
 *     execution of a page with NX. The hypervisor adds no bit to an entry.
 * Rule: invariants M1; Intel SDM 3, 4.7
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit kernels and programs have a table each
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define NONE (~0u)

static const struct {
    const char *name;
    uint64_t bits;
    uint32_t codes[2][3]; /* in ring 1, ring 3: of a read, a write, an execution */
} pages[] = {
    { "absent", 0, { { 0, 2, 0x10 }, { 4, 6, 0x14 } } },
    { "kernel's, read-only", PTE_PRESENT, { { NONE, 3, NONE }, { 5, 7, 0x15 } } },
    { "kernel's", PTE_PRESENT | PTE_WRITE, { { NONE, NONE, NONE }, { 5, 7, 0x15 } } },
    { "kernel's, NX", PTE_PRESENT | PTE_WRITE | PTE_NX, { { NONE, NONE, 0x11 }, { 5, 7, 0x15 } } },
    { "user's, read-only", PTE_PRESENT | PTE_USER, { { NONE, 3, NONE }, { NONE, 7, NONE } } },
    { "user's",
      PTE_PRESENT | PTE_USER | PTE_WRITE,
      { { NONE, NONE, NONE }, { NONE, NONE, NONE } } },
    { "user's, NX", PTE_PRESENT | PTE_USER | PTE_NX, { { NONE, 3, 0x11 }, { NONE, 7, 0x15 } } },
};

// clang-format off
__asm__(SNIPPETS(accesses)
        SNIPPET_DONE("mov (%ebx), %eax")
        SNIPPET_DONE("mov %eax, (%ebx)")
        SNIPPET_DONE("jmp *%ebx")
        SNIPPETS_END(accesses));
// clang-format on
extern const struct snippet accesses[], accesses_end[];

static void check(unsigned i, unsigned access, unsigned ring, uint32_t page)
{
    const struct snippet *s = &accesses[access];
    struct raw_start start = raw_start(0, ring);
    uint32_t code = pages[i].codes[ring == 3][access];
    struct raw_arrival a;

    start.ax = 0x0b0f0b0f; /* ud2, twice */
    start.bx = page;
    a = snippet_run(s, start, 4);
    if (code == NONE) {
        expect((long)a.vector, X_UD, "%s, ring %u, %s: vector", pages[i].name, ring, s->text);
        return;
    }
    expect((long)a.vector, X_PF, "%s, ring %u, %s: vector", pages[i].name, ring, s->text);
    expect_hex(a.words[0], code, "%s, ring %u, %s: code", pages[i].name, ring, s->text);
    expect_hex(shared_info->vcpu_info[0].arch.cr2, page, "%s, ring %u, %s: address", pages[i].name,
               ring, s->text);
}

void test_main(void)
{
    uint8_t *page = page_new();

    memset(page, 0x0b, 4096);
    page[0] = 0x0f;
    raw_begin();
    for (unsigned i = 0; i < COUNT(pages); i++) {
        uint64_t entry = pages[i].bits ? make_entry(page, pages[i].bits) : 0;

        expect(map(page, entry), 0, "%s: map", pages[i].name);
        for (unsigned access = 0; access < 3; access++)
            for (unsigned ring = 1; ring <= 3; ring += 2)
                check(i, access, ring, (uint32_t)page);
        expect_hex(*entry_of(page, 1) & ~(PTE_ACCESSED | PTE_DIRTY), entry, "%s: the entry",
                   pages[i].name);
    }
    raw_end();
}
