/* SPDX-License-Identifier: MIT */
/*
 * Claim: code, data and stack of rings 1 and 3 may be in segments of an LDT. A page of it becomes
 *     one of descriptors with its first use; one that is mapped writable, or holds what may not be,
 *     makes that use a page fault at the entry. What is loaded outlives a new LDT, or none, until
 *     it is loaded again: by the next return to it.
 * Rule: DESC-3, DESC-7, MMU-8; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have one ring
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

enum { CODE1 = 1, DATA1, CODE3, DATA3, ABSENT };

#define SELECTOR(entry, ring) ((uint32_t)(entry)*8 | 4 | (ring))

static uint64_t *ldt;
extern const struct snippet code[], code_end[];

/* With DS of the LDT that goes meanwhile, then loaded anew. */
// clang-format off
__asm__(SNIPPETS(code)
        SNIPPET("3", "0", "1", "int3")
        SNIPPET("3", "0", "0", "int $0x82; mov (%edi), %eax; int3")
        SNIPPET("13", "0", "0", "int $0x82; mov (%edi), %eax; mov %ds, %eax; 6: mov %eax, %ds")
        SNIPPETS_END(code));
// clang-format on

static struct raw_start start_in(unsigned ring)
{
    struct raw_start start = raw_start(0, ring);

    start.cs = SELECTOR(ring == 1 ? CODE1 : CODE3, ring);
    start.ss = SELECTOR(ring == 1 ? DATA1 : DATA3, ring);
    start.ds = start.ss;
    start.es = start.ss;
    start.fs = start.ss;
    return start;
}

/* From the first use on its page cannot be mapped writable. */
static void uses(void)
{
    set_writable(ldt, true);
    expect(map(ldt, make_entry(ldt, PTE_RO)), 0, "read-only again");
    expect(ldt_load(ldt, 512), 0, "set_ldt");
    expect(map(ldt, make_entry(ldt, PTE_RW)), 0, "writable before its first use");
    expect(map(ldt, make_entry(ldt, PTE_RO)), 0, "read-only again");
    for (unsigned ring = 1; ring <= 3; ring += 2) {
        struct raw_start start = start_in(ring);
        struct raw_arrival a = snippet_run(&code[0], start, ring == 3 ? 5 : 3);

        expect((long)a.vector, X_BP, "ring %u: vector", ring);
        expect_hex(a.words[1] & 0xffff, start.cs, "ring %u: cs", ring);
        expect_hex(a.ds, start.ds, "ring %u: ds", ring);
        expect_hex(ring == 3 ? a.words[4] : a.ss, start.ss, "ring %u: ss", ring);
    }
    expect(map(ldt, make_entry(ldt, PTE_RW)), -XEN_EBUSY, "writable after its first use");
    expect(ldt_load(NULL, 0), 0, "no ldt");
    expect(map(ldt, make_entry(ldt, PTE_RW)), 0, "writable when it is none");
}

/* The use of entry 1 is a fault there. */
static void expect_fault_at(const void *table, const char *what)
{
    struct raw_start start = start_in(1);
    struct raw_arrival a;

    start.ss = FLAT_KERNEL_SS;
    start.ds = FLAT_KERNEL_DS;
    start.es = FLAT_KERNEL_DS;
    start.fs = 0;
    start.ip = (uint32_t)code[0].code;
    a = raw_iret(start, 3, 0);
    expect((long)a.vector, X_PF, "%s: vector", what);
    expect_hex(shared_info->vcpu_info[0].arch.cr2, (uint32_t)table + 8, "%s: address", what);
}

static void refused(void)
{
    char *hole = page_new();

    expect(ldt_load(ldt, 512), 0, "set_ldt, writable");
    expect_fault_at(ldt, "a writable page");
    ldt[100] = 0x0000ee0000190000ull; /* an interrupt gate */
    set_writable(ldt, false);
    expect(ldt_load(ldt, 512), 0, "set_ldt, with a gate");
    expect_fault_at(ldt, "a page with a gate");
    expect(ldt_load(NULL, 0), 0, "no ldt");
    set_writable(ldt, true);
    ldt[100] = 0;
    set_writable(ldt, false);
    expect(map(hole, 0), 0, "unmap");
    expect(ldt_load(hole, 512), 0, "set_ldt, no page");
    expect_fault_at(hole, "no page");
    /* The real Xen looks at that address only when it is used. */
    expect(ldt_load((void *)HYPERVISOR_ADDRESS, 512), is_xen_lite() ? -XEN_EINVAL : 0,
           "set_ldt, the hypervisor's");
    if (!is_xen_lite())
        expect_fault_at((void *)HYPERVISOR_ADDRESS, "the hypervisor's memory");
    expect(ldt_load((char *)ldt + 8, 64), -XEN_EINVAL, "not at a page's begin");
    expect(ldt_load(ldt, 8193), -XEN_EINVAL, "8193 entries");
}

/* The call in the code above is a SET_LDT. */
static void replaced(void)
{
    static struct mmuext_op op;
    struct raw_start start = start_in(1);

    start.ss = FLAT_KERNEL_SS;
    start.cs = FLAT_KERNEL_CS;
    start.es = FLAT_KERNEL_DS;
    start.fs = 0;
    start.ax = __HYPERVISOR_mmuext_op;
    start.bx = (uint32_t)&op;
    start.cx = 1;
    start.si = DOMID_SELF;
    start.di = (uint32_t)&op;
    for (const struct snippet *s = &code[1]; s < code_end; s++) {
        struct raw_arrival a;

        /* A vCPU that loses its CPU behind the call loses DS with it: the failsafe callback. */
        for (unsigned i = 0; i < 100; i++) {
            expect(ldt_load(ldt, 512), 0, "set_ldt");
            op = (struct mmuext_op){ .cmd = MMUEXT_SET_LDT };
            a = snippet_run(s, start, 3);
            if (a.vector != RAW_FAILSAFE)
                break;
        }
        expect((long)a.vector, (long)s->vector, "%s: vector", s->text);
        expect_hex(a.ds, start.ds, "%s: ds", s->text);
    }
}

void test_main(void)
{
    ldt = page_new();
    ldt[CODE1] = raw_descriptor(0, 0xfffff, 0xbb, 0xc);
    ldt[DATA1] = raw_descriptor(0, 0xfffff, 0xb3, 0xc);
    ldt[CODE3] = raw_descriptor(0, 0xfffff, 0xfb, 0xc);
    ldt[DATA3] = raw_descriptor(0, 0xfffff, 0xf3, 0xc);
    raw_begin();
    uses();
    refused();
    replaced();
    raw_end();
}
