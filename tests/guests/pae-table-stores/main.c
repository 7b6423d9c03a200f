/* SPDX-License-Identifier: MIT */
/*
 * Claim: a kernel may store to its L1 tables as if they were writable, by halves of an entry as
 *     well as whole: MOV, XCHG, AND, OR, BTS and BTR of 4 bytes, CMPXCHG8B of 8. Each intermediate
 * value is checked; the upper half of a present entry that would name no frame clears the present
 *     bit, so that the lower half can follow. Bits of the frame that is left are not looked at.
 * Rule: MMU-26; invariants A3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit kernels store 8 bytes at a time
 */
#include "tests/guests/support/support.h"

static uint64_t *l1;
static uint32_t *half; /* of entry 7: low, high */
static uint64_t page_a, page_b;

static void reset(uint64_t entry)
{
    expect(mmu_update(machine_of(&l1[7]), entry), 0, "set 0x%llx", (unsigned long long)entry);
}

#define AD (PTE_ACCESSED | PTE_DIRTY)

static void see(uint64_t wanted, const char *what)
{
    expect_hex(l1[7] & ~AD, wanted & ~AD, "%s", what);
}

static void halves(void)
{
    reset(0);
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half + 1), "r"(0x80000000) : "memory"), "NX");
    see(1ull << 63, "the upper half alone");
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half), "r"((uint32_t)page_a) : "memory"), "low");
    see(page_a | PTE_NX, "both halves");
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half + 1), "r"(0) : "memory"), "not NX");
    see(page_a, "without NX");
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half), "r"((uint32_t)page_b) : "memory"), "low");
    see(page_b, "another frame");
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half), "r"(0) : "memory"), "low");
    see(0, "absent");
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half + 1), "r"(0x7f) : "memory"), "high");
    see(0x7full << 32, "an absent one may say anything");
    reset(page_a);
    expect_no_fault(TRY("movl %1, (%0)", : : "r"(half + 1), "r"(0xf0000) : "memory"), "high");
    see((page_a & ~PTE_PRESENT) | 0xf0000ull << 32, "a frame that is not there clears PRESENT");
}

static void operations(void)
{
    uint32_t value = 0;

    reset(page_a);
    expect_no_fault(TRY("andl %1, (%0)",
                        :
                        : "r"(half), "r"(~(uint32_t)PTE_WRITE)
                        : "memory"),
                    "and");
    see(page_a & ~PTE_WRITE, "write-protected by and");
    expect_no_fault(TRY("lock; btsl $1, (%0)", : : "r"(half) : "memory", "cc"), "bts");
    see(page_a, "writable again by bts");
    expect_no_fault(TRY("lock; btrl $6, (%0)", : : "r"(half) : "memory", "cc"), "btr");
    expect_hex(l1[7] & PTE_DIRTY, 0, "not dirty by btr");
    expect_no_fault(TRY("lock; orl $0x40, (%0)", : : "r"(half) : "memory", "cc"), "or");
    expect_hex(l1[7] & PTE_DIRTY, PTE_DIRTY, "dirty by or");
    expect_no_fault(TRY("xchgl %1, (%0)", : : "r"(half), "r"(value) : "memory"), "xchg");
    see(0, "absent by xchg");
}

static struct fault cmpxchg8b(uint64_t *at, uint64_t old, uint64_t new)
{
    return TRY("lock; cmpxchg8b (%1)",
               : "+A"(old)
               : "D"(at), "b"((uint32_t) new), "c"((uint32_t)(new >> 32))
               : "memory", "cc");
}

static void exchanges(void)
{
    reset(page_a);
    expect_no_fault(cmpxchg8b(&l1[7], l1[7], page_b | PTE_NX), "cmpxchg8b");
    see(page_b | PTE_NX, "exchanged");
    expect_no_fault(cmpxchg8b(&l1[7], 0x1234, page_a), "cmpxchg8b with another value");
    see(page_b | PTE_NX, "not exchanged");
    expect_no_fault(cmpxchg8b(&l1[7], l1[7], 0), "cmpxchg8b with 0");
    see(0, "absent");
}

static void refused(void)
{
    uint32_t table = (uint32_t)make_entry(l1, PTE_RW);

    reset(page_a);
    expect_fault(TRY("movl %1, (%0)",
                     :
                     : "r"(half), "r"(table)
                     : "memory"),
                 X_PF, PF_WRITE | PF_PRESENT, "a table, writable");
    see(page_a, "what was there");
    for (unsigned odd = 1; odd < 4; odd++)
        expect_fault(TRY("movl %1, (%0)",
                         :
                         : "r"((char *)half + odd), "r"(0)
                         : "memory"),
                     X_PF, PF_WRITE | PF_PRESENT, "4 bytes, not aligned");
    see(page_a, "what was there");
}

void test_main(void)
{
    l1 = table_new();
    half = (uint32_t *)&l1[7];
    page_a = make_entry(page_new(), PTE_RW);
    page_b = make_entry(page_new(), PTE_RW);
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(l1)), 0, "pin");
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0, "the assist");
    halves();
    operations();
    exchanges();
    refused();
}
