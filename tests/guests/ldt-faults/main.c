/* SPDX-License-Identifier: MIT */
/*
 * Claim: a selector of an LDT page that is not mapped, or that cannot hold descriptors, is a page
 *     fault at its place in the LDT, in the kernel and in user mode; one beyond the LDT's end is a
 *     protection fault with the selector; mended, the same selector loads. A page that was
 *     loaded from stays a page of descriptors, also without its mapping, until the LDT or the root
 *     changes. Each vCPU has an LDT of its own.
 * Rule: DESC-3, DESC-7, MMU-8; invariants D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 * Widths: pv64, because what ring1-ldt shows at 32 bits has neither a lower half nor
 *     roots that differ by mode
 */
#include "tests/guests/support/support.h"

#define DATA_RING3  0x00cff3000000ffffull
#define NOT_PRESENT 0x00cf73000000ffffull
#define INT_GATE    0x0000ee0000330000ull
#define SELECTOR(i) ((i)*8u | 7u)
#define PER_PAGE    512u

/* The last page of the lower half: behind it there are no addresses. */
#define LAST_LOW_PAGE 0x00007ffffffff000ull

static char *pages; /* two, side by side: the LDT */
static volatile unsigned second_is_done;

static long set_ldt(uint64_t address, unsigned entries)
{
    struct mmuext_op op = { .cmd = MMUEXT_SET_LDT };

    op.arg1.linear_addr = address;
    op.arg2.nr_ents = entries;
    return CALL(mmuext_op, &op, 1, NULL, DOMID_SELF);
}

/* Anew, so that the hypervisor forgets the pages that it has seen. */
static void new_ldt(unsigned entries)
{
    expect(set_ldt(0, 0), 0, "no LDT");
    expect(set_ldt((unsigned long)pages, entries), 0, "an LDT of %u entries", entries);
}

static uint64_t *entry(unsigned i)
{
    return (uint64_t *)pages + i;
}

static struct fault load(unsigned i)
{
    return TRY("mov %0, %%ds; mov %1, %%ds", : : "r"(SELECTOR(i)), "r"(0) : "memory");
}

static void expect_page_fault(unsigned i, const char *what)
{
    struct fault f = load(i);

    expect_fault(f, X_PF, 0, what);
    expect_hex(f.address, (unsigned long)entry(i), "%s: address", what);
}

static void expect_protection_fault(unsigned i, const char *what)
{
    expect_fault(load(i), X_GP, SELECTOR(i) & ~3u, what);
}

static void limits(void)
{
    static const unsigned sizes[] = { 1, 5, PER_PAGE - 1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE };

    for (unsigned i = 0; i < COUNT(sizes); i++) {
        new_ldt(sizes[i]);
        expect_no_fault(load(sizes[i] - 1), "the last entry");
        expect_protection_fault(sizes[i], "the one behind it");
    }
    expect_protection_fault(8191, "the last that a selector can name");
    expect(set_ldt((unsigned long)pages, 8192), 0, "8192 entries");
    expect(set_ldt((unsigned long)pages, 8193), -XEN_EINVAL, "8193 entries");
    expect(set_ldt((unsigned long)pages + 8, 8), -XEN_EINVAL, "not at the begin of a page");
    expect(set_ldt(HYPERVISOR_ADDRESS, 8), -XEN_EINVAL, "in the hypervisor's area");
    expect_no_fault(load(1), "the LDT from before these");
    expect(set_ldt(0, 0), 0, "no LDT");
    expect_protection_fault(1, "an entry of none");
}

/* The second page goes and comes. */
static void unmapped(void)
{
    char *second = pages + PAGE_SIZE;

    new_ldt(2 * PER_PAGE);
    expect(map(second, 0), 0, "unmap the second page");
    expect_page_fault(PER_PAGE + 3, "a page that is not mapped");
    expect_no_fault(load(3), "the page before it");
    expect(map(second, make_entry(second, PTE_RO & ~PTE_PRESENT)), 0,
           "an entry that is not present");
    expect_page_fault(PER_PAGE + 3, "a page of such an entry");
    expect(map(second, make_entry(second, PTE_RO)), 0, "map it");
    expect_no_fault(load(PER_PAGE + 3), "mapped then");
}

static void in_user_mode(void)
{
    __asm__ volatile("mov %0, %%es\n\tsyscall" : : "r"(SELECTOR(PER_PAGE + 4)));
}

/* A program's fault, too, is told at the place in the kernel's tables. */
static void of_a_program(void)
{
    char *second = pages + PAGE_SIZE;
    struct frame left;

    new_ldt(2 * PER_PAGE);
    expect(map(second, 0), 0, "unmap the second page");
    left = user_run(in_user_mode);
    expect((long)left.vector, X_PF, "a program loads from it");
    expect_hex(left.error, PF_USER, "its error code");
    expect_hex(fault.address, (unsigned long)entry(PER_PAGE + 4), "its address");
    expect(map(second, make_entry(second, PTE_RO)), 0, "map it");
    expect((long)user_run(in_user_mode).vector, VECTOR_SYSCALL, "it can load then");
    __asm__ volatile("mov %0, %%es" : : "r"(0));
}

/* What the page is when the hypervisor first looks. */
static void bad_pages(void)
{
    new_ldt(PER_PAGE);
    set_writable(pages, true);
    expect_page_fault(1, "a page that is mapped writable");
    *entry(9) = INT_GATE;
    set_writable(pages, false);
    expect_page_fault(1, "a page with a gate in it");
    expect(update_descriptor(machine_of(entry(9)), NOT_PRESENT), 0, "mend it");
    expect_no_fault(load(1), "without the gate");
    expect_fault(load(9), X_NP, SELECTOR(9) & ~3u, "a segment that is not present");
    expect(map(pages, make_entry(pages, PTE_RW)), -XEN_EBUSY, "map it writable while in use");
    expect(update_descriptor(machine_of(entry(9)), DATA_RING3), 0, "change the descriptor");
    expect_no_fault(load(9), "what is present now");
    expect(set_ldt(0, 0), 0, "no LDT");
    set_writable(pages, true);
    set_writable(pages, false);
}

/* The address of what lies behind the end of the lower half is none: no page fault can tell it. */
static void edge_of_the_addresses(void)
{
    expect(set_ldt(LAST_LOW_PAGE, 2 * PER_PAGE), 0, "an LDT at the end of the lower half");
    expect_fault(load(PER_PAGE + 1), X_GP, SELECTOR(PER_PAGE + 1) & ~3u, "behind that end");
    expect_fault(load(1), X_PF, 0, "before it");
    expect_hex(fault.address, LAST_LOW_PAGE + 8, "its address");
    expect(set_ldt(0, 0), 0, "no LDT");
}

/* Its mapping goes: the page stays in use until the LDT does. */
static void unmapped_in_use(void)
{
    new_ldt(PER_PAGE);
    expect_no_fault(load(1), "in use");
    expect(map(pages, 0), 0, "unmap it");
    expect(map(pages, make_entry(pages, PTE_RW)), -XEN_EBUSY, "map it writable");
    expect_no_fault(load(1), "the same entry then");
    expect(set_ldt(0, 0), 0, "no LDT");
    set_writable(pages, true);
    set_writable(pages, false);
}

/* A root like ours, with another mapping of address 0 on: that of l3, if there is one. */
static uint64_t *new_root(const void *l3)
{
    const uint64_t *ours = (const uint64_t *)start_info->pt_base;
    uint64_t *root = page_new();

    for (unsigned i = 0; i < 512; i++)
        root[i] = i == 0 ? 0 : ours[i];
    if (l3 != NULL)
        root[0] = make_entry(l3, PTE_TABLE);
    set_writable(root, false);
    return root;
}

static uint64_t *table_of(const void *child, uint64_t bits)
{
    uint64_t *table = page_new();

    table[0] = make_entry(child, bits);
    set_writable(table, false);
    return table;
}

/* What was found by way of one root counts in that root only. */
static void of_each_root(void)
{
    const uint64_t *ours = (const uint64_t *)start_info->pt_base;
    uint64_t *l3 = table_of(table_of(table_of(pages, PTE_RO), PTE_TABLE), PTE_TABLE);
    uint64_t *with = new_root(l3), *without = new_root(NULL);
    struct fault f;

    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(with)), 0, "a root with a page at 0");
    expect(set_ldt(0, 4), 0, "an LDT there");
    expect_no_fault(load(1), "its entry");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(without)), 0, "a root without");
    f = load(1);
    expect_fault(f, X_PF, 0, "its entry then");
    expect_hex(f.address, 8, "the address");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(with)), 0, "the first root again");
    expect_no_fault(load(1), "its entry again");
    expect(mmuext(MMUEXT_NEW_BASEPTR, mfn_of(ours)), 0, "the start's root");
    expect(set_ldt(0, 0), 0, "no LDT");
}

static unsigned load_quietly(unsigned i)
{
    unsigned rights = 0;

    __asm__ volatile("lar %1, %0" : "+r"(rights) : "r"(SELECTOR(i)) : "cc");
    return rights;
}

static volatile unsigned second_rights[2];

static void second(unsigned long argument)
{
    (void)argument;
    second_rights[0] = load_quietly(1);
    set_ldt((unsigned long)pages + PAGE_SIZE, 4);
    for (;;) {
        second_rights[1] = load_quietly(1);
        second_is_done++;
        CALL(sched_op, SCHEDOP_yield);
    }
}

static void of_each_vcpu(void)
{
    expect(update_descriptor(machine_of(entry(PER_PAGE + 1)), NOT_PRESENT), 0, "the other");
    new_ldt(4);
    vcpu_start(second, 0);
    expect_true(wait_for(&second_is_done), "the second vCPU has run");
    expect_hex(second_rights[0], 0, "rights on a vCPU without an LDT");
    for (unsigned i = 0; i < 10; i++) {
        CALL(sched_op, SCHEDOP_yield);
        expect_hex(load_quietly(1), 0xc0f300, "rights on vCPU 0");
        expect_hex(second_rights[1], 0xc07300, "rights on vCPU 1");
    }
    expect_true(second_is_done > 2, "they took turns");
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    pages = page_new();
    if (page_new() != pages + PAGE_SIZE)
        error("two pages side by side");
    for (unsigned i = 0; i < 2 * PER_PAGE; i++)
        *entry(i) = DATA_RING3;
    set_writable(pages, false);
    set_writable(pages + PAGE_SIZE, false);

    limits();
    unmapped();
    of_a_program();
    bad_pages();
    edge_of_the_addresses();
    unmapped_in_use();
    of_each_root();
    of_each_vcpu();
}
