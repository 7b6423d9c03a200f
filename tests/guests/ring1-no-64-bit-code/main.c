/* SPDX-License-Identifier: MIT */
/*
 * Claim: no way leads a 32-bit guest into 64-bit code: descriptors with L are refused by
 *     update_descriptor and set_gdt, and in an LDT they make its page unusable; at the selector
 *     where 64-bit guests have their code there is data; iret, far jumps, calls and returns
 *     meet the same.
 * Rule: DESC-2, DESC-5; invariants D1, D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests are in 64-bit code
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

extern const struct snippet jumps[], jumps_end[];

/* The hypervisor's selectors by all far transfers; EBX is one of them. */
// clang-format off
__asm__(SNIPPETS(jumps)
        SNIPPET("13", "0", "6b - 8b", "push %ebx; push $9f; mov %esp, %eax; 6: ljmp *(%eax)")
        SNIPPET("13", "0", "6b - 8b",
                "push %ebx; push $9f; mov %esp, %eax; 6: lcall *(%eax)")
        SNIPPET("13", "0", "6b - 8b", "push %ebx; push $9f; 6: lret")
        SNIPPET("13", "0", "6b - 8b", "pushf; push %ebx; push $9f; 6: iret")
        SNIPPETS_END(jumps));
// clang-format on

static void transfers(unsigned ring)
{
    for (uint32_t selector = 0xe008; selector < 0xe080; selector += 8) {
        if (selector == (FLAT_KERNEL_CS & ~7u) || selector == (FLAT_USER_CS & ~7u))
            continue;
        for (const struct snippet *s = jumps; s < jumps_end; s++) {
            struct raw_start start = raw_start(0, ring);
            struct raw_arrival a;

            start.bx = selector | ring;
            a = snippet_run(s, start, 3);
            expect((long)a.vector, X_GP, "ring %u, 0x%x, %s: vector", ring, selector, s->text);
            expect_hex(a.words[0], selector, "ring %u, 0x%x, %s: code", ring, selector, s->text);
        }
    }
}

static void descriptors(void)
{
    uint64_t *gdt = gdt_new(), *other = page_new();
    unsigned long mfn = (unsigned long)mfn_of(other);
    uint64_t kept = gdt[8];

    for (uint32_t type = 0x80; type < 0x100; type++) {
        for (uint32_t flags = 0; flags < 16; flags++) {
            uint64_t d = raw_descriptor(0, 0xfffff, type, flags);
            bool segment = type & 0x10, wide = flags & 2;

            if (!segment || !wide)
                continue;
            expect(update_descriptor(machine_of(&gdt[8]), d), -XEN_EINVAL, "type 0x%x", type);
            expect_hex(gdt[8], kept, "the entry then");
        }
    }
    other[511] = raw_descriptor(0, 0xfffff, 0xfb, 0xa);
    set_writable(other, false);
    expect(CALL(set_gdt, &mfn, 512), -XEN_EINVAL, "set_gdt with one of 64 bits");
    expect(update_descriptor(machine_of(&other[510]), other[511]), -XEN_EINVAL, "in a plain page");
}

/* A page with such a code segment is not mapped: use of any entry is a page fault there. */
static void in_ldt(void)
{
    uint64_t *ldt = page_new();
    struct raw_start start = raw_start(raw_int3, 1);
    struct raw_arrival a;

    ldt[1] = raw_descriptor(0, 0xfffff, 0xbb, 0xc);
    ldt[2] = raw_descriptor(0, 0xfffff, 0xbb, 0xa);
    set_writable(ldt, false);
    expect(ldt_load(ldt, 512), 0, "set_ldt");
    for (unsigned entry = 1; entry <= 2; entry++) {
        start.cs = entry * 8 | 5;
        a = raw_iret(start, 3, 0);
        expect((long)a.vector, X_PF, "ldt entry %u: vector", entry);
        expect_hex(shared_info->vcpu_info[0].arch.cr2, (uint32_t)&ldt[entry], "ldt entry %u: where",
                   entry);
    }
    expect(ldt_load(NULL, 0), 0, "no ldt");
}

void test_main(void)
{
    raw_begin();
    descriptors();
    transfers(1);
    transfers(3);
    in_ldt();
    raw_end();
}
