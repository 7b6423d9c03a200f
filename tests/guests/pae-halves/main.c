/* SPDX-License-Identifier: MIT */
/*
 * Claim: stores to an L1 table are done in halves of an entry, too, in either order, each of them
 *     checked; an upper half that makes a present entry wrong takes PRESENT away. CMPXCHG8B
 *     changes an entry at once.
 * Rule: MMU-5, MMU-26
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit kernels write whole entries (trapped-write-widths has the rest)
 */
#include "tests/guests/support/support.h"

/* An entry of the boot tables that is ours to change, as its halves. */
static volatile uint32_t *halves;
static const volatile uint64_t *entry;

static void store(unsigned half, uint32_t value, const char *what)
{
    expect_no_fault(TRY("movl %0, %1", : : "r"(value), "m"(halves[half]) : "memory"), what);
}

static void put(uint64_t value)
{
    expect(mmu_update(machine_of((const void *)entry), value), 0, "put %llx",
           (unsigned long long)value);
}

static void in_halves(uint64_t page, uint64_t other)
{
    put(0);
    store(1, (uint32_t)(page >> 32), "upper half first");
    store(0, (uint32_t)page, "lower half then");
    expect_hex(*entry & ~(PTE_ACCESSED | PTE_DIRTY), page & ~(PTE_ACCESSED | PTE_DIRTY),
               "upper, lower");
    store(0, 0, "lower half away");
    store(1, 0, "upper half away");
    store(0, (uint32_t)other, "lower half first");
    store(1, (uint32_t)(other >> 32), "upper half then");
    expect_hex(*entry & ~(PTE_ACCESSED | PTE_DIRTY), other & ~(PTE_ACCESSED | PTE_DIRTY),
               "lower, upper");
}

/* Frames beyond all memory. */
static void wrong_halves(uint64_t page)
{
    uint32_t lower;

    put(page);
    store(1, 0x7000, "an upper half that names no memory");
    expect_hex(*entry & ~(PTE_ACCESSED | PTE_DIRTY),
               ((page & 0xffffffff) | 0x7000ull << 32) & ~(PTE_ACCESSED | PTE_DIRTY | PTE_PRESENT),
               "PRESENT is gone");
    expect_fault(TRY("movl %0, %1",
                     :
                     : "r"((uint32_t)page), "m"(halves[0])
                     : "memory"),
                 X_PF, PF_PRESENT | PF_WRITE, "the lower half of that");
    /* The table itself, writable. */
    put(page);
    lower = (uint32_t)make_entry((const void *)((uintptr_t)entry & ~(PAGE_SIZE - 1)), PTE_RW);
    expect_fault(TRY("movl %0, %1",
                     :
                     : "r"(lower), "m"(halves[0])
                     : "memory"),
                 X_PF, PF_PRESENT | PF_WRITE, "a wrong lower half");
    expect_hex(*entry & ~(PTE_ACCESSED | PTE_DIRTY), page & ~(PTE_ACCESSED | PTE_DIRTY),
               "the entry after that");
}

static void at_once(uint64_t from, uint64_t to)
{
    uint64_t was;
    uint8_t equal;

    put(from);
    was = *entry;
    __asm__ volatile("lock cmpxchg8b %1; sete %2"
                     : "+A"(was), "+m"(*(volatile uint64_t *)(uintptr_t)entry), "=q"(equal)
                     : "b"((uint32_t)to), "c"((uint32_t)(to >> 32)));
    expect_true(equal, "CMPXCHG8B finds what is there");
    expect_hex(*entry & ~(PTE_ACCESSED | PTE_DIRTY), to & ~(PTE_ACCESSED | PTE_DIRTY),
               "CMPXCHG8B has stored");
    was = to ^ 0x8000;
    __asm__ volatile("lock cmpxchg8b %1; sete %2"
                     : "+A"(was), "+m"(*(volatile uint64_t *)(uintptr_t)entry), "=q"(equal)
                     : "b"(0), "c"(0));
    expect_true(!equal, "CMPXCHG8B finds another value");
    expect_hex(was, *entry, "and gives it");
}

void test_main(void)
{
    void *window = page_new(), *page = page_new(), *other = page_new();

    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0, "vm_assist");
    entry = entry_of(window, 1);
    halves = (volatile uint32_t *)(uintptr_t)entry;
    in_halves(make_entry(page, PTE_RW), make_entry(other, PTE_RO | PTE_NX));
    wrong_halves(make_entry(page, PTE_RW));
    at_once(make_entry(page, PTE_RW), make_entry(other, PTE_RW));
    put(make_entry(window, PTE_RW));
}
