/* SPDX-License-Identifier: MIT */
/*
 * Claim: of the hypervisor's part of the GDT a 32-bit guest can use the flat segments of its own
 *     two rings; LAR, LSL, VERR and VERW tell the same from rings 1 and 3 as on the real Xen.
 * Rule: invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have other ones
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

extern const struct snippet questions[], questions_end[];

/* In ring 3 the answers are in registers that an arrival tells: EBX rights, ESI limit, EDI flags.
 */
// clang-format off
__asm__(SNIPPETS(questions)
        SNIPPET("3", "0", "0",
                "xor %ebx, %ebx; xor %esi, %esi; xor %edi, %edi; "
                "lar %ax, %ebx; jnz 6f; or $1, %edi; 6: lsl %ax, %esi; jnz 6f; or $2, %edi; "
                "6: verr %ax; jnz 6f; or $4, %edi; 6: verw %ax; jnz 6f; or $8, %edi; 6: int3")
        SNIPPETS_END(questions));
// clang-format on

static const struct {
    uint32_t selector, ring; /* the least privileged one that may */
    uint32_t rights, can;
} known[] = {
    { FLAT_KERNEL_CS & ~3u, 1, 0xc0bb00, 7 },
    { FLAT_KERNEL_DS & ~3u, 1, 0xc0b300, 15 },
    { FLAT_USER_CS & ~3u, 3, 0xc0fb00, 7 },
    { FLAT_USER_DS & ~3u, 3, 0xc0f300, 15 },
};

static void ask(uint32_t selector, uint32_t ring)
{
    struct raw_start start = raw_start(0, ring);
    uint32_t rights = 0, can = 0;
    struct raw_arrival a;

    for (unsigned i = 0; i < COUNT(known); i++) {
        if (known[i].selector == selector && ring <= known[i].ring) {
            rights = known[i].rights;
            can = known[i].can;
        }
    }
    start.ax = selector;
    a = snippet_run(questions, start, 1);
    expect((long)a.vector, X_BP, "0x%x in ring %u: vector", selector, ring);
    expect_hex(a.bx, rights, "0x%x in ring %u: rights", selector, ring);
    expect_hex(a.si, can ? 0xffffffff : 0, "0x%x in ring %u: limit", selector, ring);
    expect_hex(a.di, can, "0x%x in ring %u: what can be done", selector, ring);
}

void test_main(void)
{
    raw_begin();
    for (uint32_t selector = 0xe000; selector < 0x10000; selector += 8) {
        ask(selector, 1);
        ask(selector, 3);
    }
    raw_end();
}
