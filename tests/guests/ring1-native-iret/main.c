/* SPDX-License-Identifier: MIT */
/*
 * Claim: a kernel in ring 1 may go to rings 2 and 3 by the processor's own IRET and far return, and
 *     to other segments of ring 1 by far jumps and calls: where it is the hypervisor reads off CS,
 *     so that such a program's exceptions come on stack_switch's stack, and
 *     the kernel's calls are taken afterwards.
 * Rule: invariants D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit guest changes its mode by hypercalls only
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

enum { CODE1 = 8, CODE2, DATA2 };

extern const struct snippet ways[], ways_end[];

/* From ring 1 with EBX the stack of ring 3 or 2, to an INT3 there. */
// clang-format off
__asm__(SNIPPETS(ways)
        SNIPPET("3", "0xe02b", "9b - 8b - 3",
                "push $0xe033; push %ebx; pushf; push $0xe02b; push $6f; iret; 6: int3; nop; nop")
        SNIPPET("3", "0xe02b", "9b - 8b - 3",
                "push $0xe033; push %ebx; push $0xe02b; push $6f; lret; 6: int3; nop; nop")
        SNIPPET("3", "0xe02b", "9b - 8b - 3",
                "push $0xe033; push %ebx; push $0; push $0; push $0xe02b; push $6f; lret $8; "
                "6: int3; nop; nop")
        SNIPPET("3", "0x4a", "9b - 8b - 3",
                "push $0x52; push %ebx; pushf; push $0x4a; push $6f; iret; 6: int3; nop; nop")
        SNIPPET("3", "0x41", "9b - 8b - 3", "ljmp $0x41, $6f; 6: int3; nop; nop")
        SNIPPET("3", "0x41", "9b - 8b - 3", "lcall $0x41, $6f; 6: int3; nop; nop")
        SNIPPET("3", "0x41", "9b - 8b - 3",
                "pushf; push $0x41; push $6f; iret; 6: int3; nop; nop")
        SNIPPET("3", "0x41", "9b - 8b - 3", "push $0x41; push $6f; lret; 6: int3; nop; nop")
        /* no way down */
        SNIPPET("13", "0x1f00", "10", "pushf; push $0x1f00; push $6f; 6: iret; nop")
        SNIPPET("13", "0xe008", "0", "ljmp $0xe008, $0")
        SNIPPETS_END(ways));
// clang-format on

#define KERNEL_STACK ((uint32_t)trap_stack_end)

static void check(const struct snippet *s)
{
    struct raw_start start = raw_start(0, 1);
    uint32_t bx = (uint32_t)user_stack_end - 0x400;
    struct raw_arrival a;

    start.bx = bx;
    a = snippet_run(s, start, 5);
    expect((long)a.vector, (long)s->vector, "%s: vector", s->text);
    if (a.vector != X_BP) {
        expect_hex(a.words[0], s->error, "%s: error code", s->text);
        return;
    }
    expect_hex(a.words[0], (uint32_t)s->code + s->offset + 1, "%s: eip", s->text);
    expect_hex(a.words[1] & 0xffff, s->error, "%s: cs", s->text);
    if (s->error & 2) {
        expect_hex(a.words[4], (s->error & 3) == 3 ? FLAT_USER_SS : 0x52, "%s: ss", s->text);
        expect_hex(a.sp, KERNEL_STACK - 20, "%s: the kernel's esp", s->text);
    } else {
        expect_true(a.sp < (uint32_t)user_stack_end && a.sp > bx, "%s: the same stack", s->text);
    }
    expect(CALL(xen_version, XENVER_version, NULL), 4 << 16 | 17, "%s: a call", s->text);
}

void test_main(void)
{
    uint64_t *gdt = gdt_new();

    gdt_set(gdt, CODE1, raw_descriptor(0, 0xfffff, 0xbb, 0xc));
    gdt_set(gdt, CODE2, raw_descriptor(0, 0xfffff, 0xdb, 0xc));
    gdt_set(gdt, DATA2, raw_descriptor(0, 0xfffff, 0xd3, 0xc));
    raw_begin();
    for (const struct snippet *s = ways; s < ways_end; s++)
        check(s);
    raw_end();
}
