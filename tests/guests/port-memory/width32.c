/* SPDX-License-Identifier: MIT */
#include "tests/guests/port-memory/width.h"

#include "tests/guests/support/support.h"

#define AT     0x8000ul
/* The prefix for addresses of 16 bits. clang's assembler does not take it by name before INSB. */
#define ADDR16 ".byte 0x67\n\t"

static void map_low(const volatile uint8_t *page)
{
    uint64_t *l1 = table_new(), *l2 = table_new();

    expect(mmu_update(entry_machine(0, TOP_LEVEL), table_entry(l2, TOP_LEVEL)), 0, "an L2 table");
    expect(mmu_update(entry_machine(0, 2), table_entry(l1, 2)), 0, "an L1 table");
    expect(map((void *)AT, make_entry(page, PTE_RW)), 0, "a page");
}

void short_addresses(volatile uint8_t *page, unsigned port)
{
    unsigned long di = 0x12340000 + AT + PAGE_SIZE - 2, si = 0x9abcffff, left = 0x56780002;

    map_low(page);
    page[PAGE_SIZE - 3] = page[PAGE_SIZE - 1] = 0;
    expect_no_fault(TRY(ADDR16 "rep insb",
                        : "+D"(di), "+c"(left)
                        : "d"(port)
                        : "memory"),
                    "rep insb, addresses of 16 bits");
    expect_hex(di, 0x12340000 + AT + PAGE_SIZE, "di behind it");
    expect_hex(left, 0x56780000, "cx behind it");
    expect(page[PAGE_SIZE - 3], 0, "the byte before");
    expect(page[PAGE_SIZE - 1], 0xff, "the last byte");

    left = 0x10002;
    expect_fault(TRY(ADDR16 "rep insb",
                     : "+D"(di), "+c"(left)
                     : "d"(port)
                     : "memory"),
                 X_PF, PF_WRITE, "rep insb of the page behind it");
    expect_hex(fault.address, AT + PAGE_SIZE, "where");
    expect_hex(left, 0x10002, "cx then");
    expect_fault(TRY(ADDR16 "outsb", : "+S"(si) : "d"(port) : "memory"), X_PF, 0, "outsb");
    expect_hex(fault.address, 0xffff, "where");
    expect_hex(si, 0x9abcffff, "si then");
}
