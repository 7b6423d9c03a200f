/* SPDX-License-Identifier: MIT */
/*
 * Claim: INS and OUTS of memory that cannot be used fault at the byte that cannot, with the
 *     registers where they are, as if the CPU executed them; of the hypervisor's memory, and of
 *     addresses that are none, they are general protection faults. With addresses of 16 bits in
 *     32-bit code the upper halves of the registers neither count nor change.
 * Rule: IO-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The real Xen leaves the "present" bit out of the error code of a store to a read-only page.
 */
#include "tests/guests/port-memory/width.h"
#include "tests/guests/support/support.h"

#define PORT 0xed /* on the real Xen a port of the machine: one that does nothing */

static uint8_t *page, *next;

/* rep INSB, INSL, OUTSB or OUTSL of count elements at address; how many are left. */
#define STRING(name, address, left)                              \
    ({                                                           \
        unsigned long di_ = (unsigned long)(address), si_ = di_; \
        struct fault f_ = TRY("rep " name,                       \
                              : "+D"(di_), "+S"(si_), "+c"(left) \
                              : "d"(PORT)                        \
                              : "memory");                       \
        f_;                                                      \
    })

static void expect_page_fault(struct fault f, const void *address, unsigned long code,
                              const char *what)
{
    expect(f.happened ? (long)f.vector : -1, X_PF, "%s: vector", what);
    expect_hex(f.code & ~(unsigned long)PF_PRESENT, code, "%s: error code", what);
    expect_hex(f.address, (unsigned long)address, "%s: address", what);
}

static void two_pages(const char *why)
{
    unsigned long left = 8;

    expect_page_fault(STRING("insb", next - 3, left), next, PF_WRITE, why);
    expect((long)left, 5, "%s: bytes that are left", why);
    left = 3;
    expect_page_fault(STRING("insl", next - 6, left), next, PF_WRITE, "an element across");
    expect((long)left, 2, "the element across is not done");
}

static void refused(unsigned long address)
{
    unsigned long left = 2;

    expect_fault(STRING("insb", address, left), X_GP, 0, "rep insb");
    expect_fault(STRING("outsl", address, left), X_GP, 0, "rep outsl");
    expect((long)left, 2, "what is left at 0x%llx", (unsigned long long)address);
}

void test_main(void)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    unsigned long left = 4;

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), 0, "set_iopl");
    page = page_new();
    next = page_new();
    if (next != page + PAGE_SIZE)
        error("two pages are not side by side");

    set_writable(next, false);
    two_pages("a read-only page behind");
    expect_no_fault(STRING("outsb", next - 2, left), "rep outsb of a read-only page");
    expect((long)left, 0, "all of it");
    expect(map(next, 0), 0, "unmap the page");
    two_pages("no page behind");
    left = 4;
    expect_page_fault(STRING("outsb", next - 2, left), next, 0, "rep outsb");
    expect((long)left, 2, "bytes that are left of rep outsb");

    left = 0;
    expect_no_fault(STRING("insb", next, left), "rep insb of nothing");
    if (WORD_BITS == 64) {
        refused(HYPERVISOR_ADDRESS);
        refused(NONCANONICAL_ADDRESS);
    }
    short_addresses(page, PORT);
}
