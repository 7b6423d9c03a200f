/* SPDX-License-Identifier: MIT */
/*
 * Claim: of all 65,536 attribute words that a descriptor can have (type, DPL, present, limit, AVL,
 *     L, D, G) update_descriptor takes those that are safe, makes segments ring 3's and call gates
 *     useless, and refuses the rest; set_gdt judges a page of them alike; and what then can be
 *     loaded, asked for by LAR and LSL, or read and written is the same as on the real Xen.
 * Rule: DESC-5; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because at 32 bits it is ring1-descriptors and ring1-segment-loads
 */
#include "tests/guests/support/support.h"

#define ATTRIBUTES 65536u
#define SHIFT      40
#define SEGMENT    (1ull << 44)
#define DPL        (3ull << 45)
#define PRESENT    (1ull << 47)
#define TYPE       (0xfull << 40)
#define CALL_GATE  (0xcull << 40)
#define SELECTOR   (5 * 8 | 3)
#define XEN_FIRST  0xe000
/* What the loads came to, on the real Xen 4.17. */
#define LOADED     0x60bdfcd1a785c476ul

/* The rest of the descriptor: base and limit, or a gate's selector and offset. */
static const uint64_t rests[] = {
    0x000000000000fffful, /* no base, selector 0 */
    0x1200003456780123ul, /* a base; as a gate, with bits that must be 0 */
    0x00000000e0080000ul, /* the hypervisor's code */
    0x00000000e0330000ul, /* its code segment for guests */
    0x00000000e00c0000ul, /* an LDT's */
    0xff000000000f1000ul,
};

static uint64_t *table;

/* Whether a gate may have that selector: the guest's own, an LDT's, the flat code segment. */
static bool good_gate(uint64_t d)
{
    uint64_t selector = d >> 16 & 0xffff;

    return (selector < XEN_FIRST || selector == FLAT_RING3_CS64 || (selector & 4)) &&
           (d >> 32 & 0xff) == 0;
}

/* What becomes of it; false: it is refused. */
static bool accepted(uint64_t *d)
{
    if (!(*d & PRESENT) || !(*d & (SEGMENT | TYPE)))
        return true;
    if (*d & SEGMENT) {
        *d |= DPL;
        return true;
    }
    if ((*d & TYPE) != CALL_GATE || !good_gate(*d))
        return false;
    *d = (*d & ~DPL) | 3ul << 16;
    return true;
}

static uint64_t descriptor(uint64_t attributes, uint64_t rest)
{
    return attributes << SHIFT | rest;
}

/* In a table that is in use, and in a page that is none. */
static void update(uint64_t place, const volatile uint64_t *look)
{
    for (unsigned r = 0; r < COUNT(rests); r++) {
        for (uint64_t a = 0; a < ATTRIBUTES; a++) {
            uint64_t d = descriptor(a, rests[r]), wanted = d, before = *look;
            bool good = accepted(&wanted);

            if (update_descriptor(place, d) != (good ? 0 : -XEN_EINVAL) ||
                *look != (good ? wanted : before))
                failure("descriptor 0x%016llx became 0x%016llx", (unsigned long long)d,
                        (unsigned long long)(*look));
        }
    }
}

static void mix(uint64_t *digest, uint64_t value)
{
    *digest = (*digest ^ value) * 0x100000001b3ul;
    *digest ^= *digest >> 29;
}

static uint64_t outcome(struct fault f)
{
    return f.happened ? 1ull << 32 | f.vector << 16 | f.code : 0;
}

/* Data and stack segments are loaded, everything is asked about; then the table has what the CPU
 * made of the entry. */
static void use(uint64_t *digest)
{
    uint64_t rights = 0, limit = 0;

    /* Not kept: a vCPU that loses its CPU loads it again, when the descriptor is another one. */
    mix(digest, outcome(TRY("mov %0, %%es; mov %1, %%es", : : "r"(SELECTOR), "r"(0) : "memory")));
    mix(digest, outcome(TRY("mov %0, %%ss; mov %1, %%ss",
                            :
                            : "r"(SELECTOR), "r"((uint64_t)FLAT_KERNEL_SS)
                            : "memory")));
    __asm__("lar %2, %0; lsl %2, %1"
            : "+&r"(rights), "+&r"(limit)
            : "r"((uint64_t)SELECTOR)
            : "cc");
    mix(digest, rights);
    mix(digest, limit);
    mix(digest, READ_ONCE(table[SELECTOR >> 3]));
}

static void use_all(void)
{
    uint64_t digest = 0;

    for (uint64_t a = 0; a < ATTRIBUTES; a++) {
        uint64_t d = descriptor(a, rests[0]);

        if (update_descriptor(machine_of(&table[SELECTOR >> 3]), d) == 0)
            use(&digest);
    }
    expect_hex(digest, LOADED, "what came of using them");
}

/* A page of 512 descriptors, all alike but for the attributes. */
static void whole_pages(uint64_t *page)
{
    for (uint64_t first = 0; first < ATTRIBUTES; first += 512) {
        uint64_t mfn = mfn_of(page);
        bool good = true;

        set_writable(page, true);
        for (unsigned i = 0; i < 512; i++) {
            uint64_t d = page[i] = descriptor(first + i, rests[2]);

            good &= accepted(&d);
        }
        set_writable(page, false);
        expect(CALL(set_gdt, &mfn, 512), good ? 0 : -XEN_EINVAL, "attributes from 0x%llx",
               (unsigned long long)first);
        for (unsigned i = 0; good && i < 512; i++) {
            uint64_t d = descriptor(first + i, rests[2]);

            accepted(&d);
            if (page[i] != d)
                failure("descriptor 0x%llx became 0x%llx",
                        (unsigned long long)descriptor(first + i, rests[2]),
                        (unsigned long long)page[i]);
        }
        expect(CALL(set_gdt, 0, 0), 0, "no table");
    }
}

void test_main(void)
{
    uint64_t *plain = page_new(), mfn;

    table = page_new();
    mfn = mfn_of(table);
    set_writable(table, false);
    expect(CALL(set_gdt, &mfn, 512), 0, "a table");
    update(machine_of(&table[9]), &table[9]);
    update(machine_of(&plain[9]), &plain[9]);
    use_all();
    whole_pages(page_new());
}
