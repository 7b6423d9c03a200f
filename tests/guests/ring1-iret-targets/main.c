/* SPDX-License-Identifier: MIT */
/*
 * Claim: the iret hypercall goes to ring 1, 2 or 3 in any code segment that the guest may have, of
 *     the GDT or the LDT, conforming ones and such with a base included; what the processor does
 *     not load comes back as the exception that an IRET would have met, in ring 1, with the frame's
 *     own CS and EIP.
 * Rule: invariants D1; Intel SDM 2, IRET
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have one ring and no stack segments
 *
 * The landing place is an INT3: with UD2 Xen itself would read the code, and forget the base.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

/* Entries of the GDT. */
enum { CODE1 = 8, CODE2, CODE3, CONFORMING1, ABSENT, BASED1, DATA1, DATA2, READ3, CODE0 };

#define SELECTOR(entry, ring) ((uint32_t)(entry)*8 | (ring))
#define LDT_CODE1             (1 * 8 | 5)
#define LDT_CODE3             (2 * 8 | 7)
#define LDT_DATA3             (3 * 8 | 7)
#define BASE                  0x100000u

struct target {
    const char *name;
    uint32_t cs, ss;
    uint32_t ip;            /* 0: an INT3 */
    uint32_t vector, error; /* what comes of it: X_BP is success */
};

static const struct target targets[] = {
    { "flat ring 1", FLAT_KERNEL_CS, 0, 0, X_BP, 0 },
    { "flat ring 3", FLAT_USER_CS, FLAT_USER_SS, 0, X_BP, 0 },
    { "own ring 1", SELECTOR(CODE1, 1), 0, 0, X_BP, 0 },
    { "own ring 2", SELECTOR(CODE2, 2), SELECTOR(DATA2, 2), 0, X_BP, 0 },
    { "own ring 3", SELECTOR(CODE3, 3), FLAT_USER_SS, 0, X_BP, 0 },
    { "ring 0's descriptor, which is ring 1's", SELECTOR(CODE0, 1), 0, 0, X_BP, 0 },
    { "conforming, ring 1", SELECTOR(CONFORMING1, 1), 0, 0, X_BP, 0 },
    { "conforming, ring 3", SELECTOR(CONFORMING1, 3), FLAT_USER_SS, 0, X_BP, 0 },
    { "ldt, ring 1", LDT_CODE1, 0, 0, X_BP, 0 },
    { "ldt, ring 3", LDT_CODE3, LDT_DATA3, 0, X_BP, 0 },
    { "eip of another base", SELECTOR(BASED1, 1), 0, BASE, X_BP, 0 },
    { "eip nowhere", FLAT_USER_CS, FLAT_USER_SS, 0x12345678, X_PF, 0x14 },
    { "eip in the hypervisor's part", FLAT_USER_CS, FLAT_USER_SS, 0xf8000000, X_PF, 0x14 },
    { "null cs", 0x3, FLAT_USER_SS, 0, X_GP, 0 },
    { "null cs, ring 1", 0x1, 0, 0, X_GP, 0 },
    { "null ss", FLAT_USER_CS, 0x3, 0, X_GP, 0 },
    { "data as cs", FLAT_USER_SS, FLAT_USER_SS, 0, X_GP, 0xe030 },
    { "data as cs, ring 1", FLAT_KERNEL_SS, 0, 0, X_GP, 0xe020 },
    { "absent cs", SELECTOR(ABSENT, 3), FLAT_USER_SS, 0, X_NP, ABSENT * 8 },
    { "beyond the table", SELECTOR(600, 3), FLAT_USER_SS, 0, X_GP, 600 * 8 },
    { "beyond the ldt", 0xfff, FLAT_USER_SS, 0, X_GP, 0xffc },
    { "ring 1's code for ring 3", SELECTOR(CODE1, 3), FLAT_USER_SS, 0, X_GP, CODE1 * 8 },
    { "ring 3's code for ring 1", SELECTOR(CODE3, 1), 0, 0, X_GP, CODE3 * 8 },
    { "hypervisor's cs as ring 1", 0xe009, 0, 0, X_GP, 0xe008 },
    { "hypervisor's cs as ring 3", 0xe00b, FLAT_USER_SS, 0, X_GP, 0xe008 },
    { "hypervisor's data as ss", FLAT_USER_CS, 0xe013, 0, X_GP, 0xe010 },
    { "64-bit guests' cs", 0xe033, FLAT_USER_SS, 0, X_GP, 0xe030 },
    { "task state", 0xe043, FLAT_USER_SS, 0, X_GP, 0xe040 },
    { "ring 1's ss for ring 3", FLAT_USER_CS, FLAT_KERNEL_SS | 3, 0, X_GP, 0xe020 },
    { "ss asks for ring 1 in ring 3", FLAT_USER_CS, FLAT_KERNEL_SS, 0, X_GP, 0xe020 },
    { "read-only ss", FLAT_USER_CS, SELECTOR(READ3, 3), 0, X_GP, READ3 * 8 },
    { "code as ss", FLAT_USER_CS, FLAT_USER_CS, 0, X_GP, 0xe028 },
};

static void tables(void)
{
    uint64_t *gdt = gdt_new(), *ldt = page_new();

    gdt_set(gdt, CODE0, raw_descriptor(0, 0xfffff, 0x9b, 0xc));
    gdt_set(gdt, CODE1, raw_descriptor(0, 0xfffff, 0xbb, 0xc));
    gdt_set(gdt, CODE2, raw_descriptor(0, 0xfffff, 0xdb, 0xc));
    gdt_set(gdt, CODE3, raw_descriptor(0, 0xfffff, 0xfb, 0xc));
    gdt_set(gdt, CONFORMING1, raw_descriptor(0, 0xfffff, 0xbf, 0xc));
    gdt_set(gdt, ABSENT, raw_descriptor(0, 0xfffff, 0x7b, 0xc));
    gdt_set(gdt, BASED1, raw_descriptor((uint32_t)raw_int3 - BASE, 0xfffff, 0xbb, 0xc));
    gdt_set(gdt, DATA1, raw_descriptor(0, 0xfffff, 0xb3, 0xc));
    gdt_set(gdt, DATA2, raw_descriptor(0, 0xfffff, 0xd3, 0xc));
    gdt_set(gdt, READ3, raw_descriptor(0, 0xfffff, 0xf1, 0xc));
    ldt[1] = raw_descriptor(0, 0xfffff, 0xbb, 0xc);
    ldt[2] = raw_descriptor(0, 0xfffff, 0xfb, 0xc);
    ldt[3] = raw_descriptor(0, 0xfffff, 0xf3, 0xc);
    set_writable(ldt, false);
    expect(ldt_load(ldt, 4), 0, "set_ldt");
}

static void check(const struct target *t)
{
    struct raw_start start = raw_start(t->ip ? (void *)t->ip : raw_int3, 3);
    struct raw_arrival a;
    const uint32_t *frame = a.words;

    start.cs = t->cs;
    start.ss = t->ss;
    start.ds = FLAT_KERNEL_DS;
    start.es = FLAT_KERNEL_DS;
    a = raw_iret(start, 6, 0);
    expect((long)a.vector, (long)t->vector, "%s: vector", t->name);
    if (has_error_code(a.vector))
        expect_hex(*frame++, t->error, "%s: error code", t->name);
    expect_hex(frame[0], start.ip + (a.vector == X_BP), "%s: eip", t->name);
    expect_hex(frame[1] & 0xffff, t->cs, "%s: cs", t->name);
    if ((t->cs & 2) && a.vector == t->vector && t->ss) {
        expect_hex(frame[3], start.sp, "%s: esp", t->name);
        expect_hex(frame[4], t->ss, "%s: ss", t->name);
    }
    expect_hex(a.cs, FLAT_KERNEL_CS, "%s: the handler's cs", t->name);
}

void test_main(void)
{
    tables();
    raw_begin();
    for (unsigned i = 0; i < COUNT(targets); i++)
        check(&targets[i]);
    raw_end();
}
