/* SPDX-License-Identifier: MIT */
/*
 * Claim: of all types, levels, sizes and granularities of descriptors a 32-bit guest's tables take
 *     segments without L and whatever is absent. Ring 0's become ring 1's, those of rings 2 and 3
 *     stay, and a flat one that ends behind the guest's addresses is made whole. set_gdt judges a
 *     page of them as update_descriptor judges one.
 * Rule: DESC-5, DESC-13; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because to a 64-bit guest 64-bit code is its own
 *
 * Call gates are refused here, and taken (and emulated) by the real Xen.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define PRESENT   0x80u
#define SEGMENT   0x10u
#define TYPE      0x0fu
#define CALL_GATE 0x0cu
#define LONG      0x2u /* of the flags */
#define PAGES     0x8u
#define ENTRY     9

static const struct {
    uint32_t base, limit;
} places[] = {
    { 0, 0xfffff }, { 0, 0xf57ff }, { 0, 0xf5800 }, { 0, 0xf6800 }, { 0x12345678, 0xf6800 },
};

static bool is_call_gate(uint32_t type)
{
    return (type & (PRESENT | SEGMENT | TYPE)) == (PRESENT | CALL_GATE);
}

/* What becomes of it; false: it is refused. */
static bool accepted(unsigned place, uint32_t type, uint32_t flags, uint64_t *d)
{
    uint32_t limit = places[place].limit;

    *d = raw_descriptor(places[place].base, limit, type, flags);
    if (!(type & PRESENT) || !(type & (SEGMENT | TYPE)))
        return true;
    if (!(type & SEGMENT) || (flags & LONG))
        return false;
    if (!(type & 0x60))
        type |= 0x20;
    if (places[place].base == 0 && (flags & PAGES) && limit >= 0xf5800)
        limit = 0xfffff;
    *d = raw_descriptor(places[place].base, limit, type, flags);
    return true;
}

static void one_by_one(uint64_t place, const volatile uint64_t *look, unsigned count)
{
    for (unsigned p = 0; p < count; p++) {
        for (uint32_t type = 0; type < 0x100; type++) {
            for (uint32_t flags = 0; flags < 16; flags++) {
                uint64_t wanted, before = *look;
                bool good = accepted(p, type, flags, &wanted);
                uint64_t d = raw_descriptor(places[p].base, places[p].limit, type, flags);

                if (is_call_gate(type))
                    continue;
                if (update_descriptor(place, d) != (good ? 0 : -XEN_EINVAL) ||
                    *look != (good ? wanted : before))
                    failure("descriptor 0x%llx became 0x%llx", (unsigned long long)d,
                            (unsigned long long)*look);
            }
        }
    }
}

/* Pages of descriptors all alike but for type (two a page) and flags. */
static void whole_pages(uint64_t *page)
{
    unsigned long mfn = (unsigned long)mfn_of(page);

    for (uint32_t type = 0; type < 0x100; type += 2) {
        bool good = true;
        uint64_t wanted;

        if (is_call_gate(type) || is_call_gate(type + 1))
            continue;
        set_writable(page, true);
        for (unsigned i = 0; i < 512; i++) {
            page[i] = raw_descriptor(0, 0xf6800, type + i / 256, i % 16);
            good &= accepted(3, type + i / 256, i % 16, &wanted);
        }
        set_writable(page, false);
        expect(CALL(set_gdt, &mfn, 512), good ? 0 : -XEN_EINVAL, "a page of type 0x%x", type);
        expect(CALL(set_gdt, 0, 0), 0, "no table");
    }
}

static void call_gates(uint64_t place)
{
    uint64_t gate = 0x0000ec00e0191234ull;

    expect(update_descriptor(place, gate), is_xen_lite() ? -XEN_EINVAL : 0, "a call gate");
    expect(update_descriptor(place, gate | 1ull << 37), -XEN_EINVAL, "one with reserved bits");
    expect(update_descriptor(place, (gate & ~0xffff0000ull) | 0xe0080000), -XEN_EINVAL,
           "one into the hypervisor");
    expect(update_descriptor(place, 0x0000e500e0190000ull), -XEN_EINVAL, "a task gate");
    expect(update_descriptor(place, 0), 0, "nothing");
}

void test_main(void)
{
    uint64_t *gdt = gdt_new(), *plain = page_new();

    one_by_one(machine_of(&gdt[ENTRY]), &gdt[ENTRY], COUNT(places));
    one_by_one(machine_of(&plain[ENTRY]), &plain[ENTRY], 1);
    call_gates(machine_of(&gdt[ENTRY]));
    whole_pages(page_new());
}
