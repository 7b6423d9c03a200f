/* SPDX-License-Identifier: MIT */
/*
 * Claim: the form in which a long call is continued is one that a guest may make itself, and change
 *     while the call is under way: each round is checked like a call of its own.
 * Rule: HCALL-2; invariants B4, B6, C3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 *
 * Batches are continued by a bit of their count, and at last by an empty list with the result;
 * multicall and exchange keep what remains in the guest's memory, where vCPU 1 changes it.
 */
#include "tests/guests/support/support.h"

#define CONTINUED (1u << 31)
#define PAGES     8
#define ROUNDS    150

/* A batch that is said to be the rest of one. */
static const struct {
    const char *name;
    bool no_list;
    uint32_t count;
    unsigned long domain; /* the fourth argument */
    long result;
    uint32_t done; /* from 100 */
} batches[] = {
    { "two elements", false, 2, DOMID_SELF, 0, 2 },
    { "two elements of a continued call", false, CONTINUED | 2, DOMID_SELF, 0, 102 },
    { "no element of a continued call", false, CONTINUED, DOMID_SELF, 0, 100 },
    { "the end of a call with result 0", true, CONTINUED, 0, 0, 100 },
    { "the end of a call with an errno", true, CONTINUED, (unsigned long)-XEN_EINVAL, -XEN_EINVAL,
      100 },
    { "the end of a call with a number", true, CONTINUED, 12345, 12345, 100 },
    { "the end of a call, 33 bits", true, CONTINUED, (unsigned long)0x1ffffffff, -1, 100 },
};

static uint32_t run_batch(unsigned number, void *list, unsigned i)
{
    uint32_t done = 100;
    long result = hypercall(number, batches[i].no_list ? 0 : (unsigned long)list, batches[i].count,
                            (unsigned long)&done, batches[i].domain, 0);

    expect(result, batches[i].result, "call %u, %s", number, batches[i].name);
    return done;
}

static void forged_batches(void)
{
    uint64_t *page = page_new();
    struct mmu_update updates[2];
    struct mmuext_op flushes[2] = { { .cmd = MMUEXT_TLB_FLUSH_LOCAL },
                                    { .cmd = MMUEXT_TLB_FLUSH_LOCAL } };

    for (unsigned i = 0; i < 2; i++)
        updates[i] = (struct mmu_update){ .ptr = entry_machine(page, 1),
                                          .val = make_entry(page, i ? PTE_RW : PTE_RO) };
    for (unsigned i = 0; i < COUNT(batches); i++) {
        expect(run_batch(__HYPERVISOR_mmu_update, updates, i), batches[i].done,
               "mmu_update, %s: how many", batches[i].name);
        expect(run_batch(__HYPERVISOR_mmuext_op, flushes, i), batches[i].done,
               "mmuext_op, %s: how many", batches[i].name);
    }
}

/* ---- What vCPU 1 does meanwhile ---- */

static volatile unsigned stop, stopped;
static struct multicall_entry calls[2];
static struct xen_memory_exchange exchange;
static unsigned long in[PAGES], out[PAGES];

/* .nr_exchanged is never set back: the call would give again what it has given, which may be a
 * frame that it had got for another one meanwhile, and of that the guest has been told. Rarely, so
 * that calls come that far. */
static void scribble(unsigned long argument)
{
    uint64_t seed = argument;

    while (!stop) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        WRITE_ONCE(calls[0].args[1], seed >> 63 ? 1 : CONTINUED | 1);
        WRITE_ONCE(calls[0].args[0], seed >> 62 & 1 ? calls[1].args[0] : 0);
        if (seed >> 58 == 0)
            WRITE_ONCE(exchange.nr_exchanged, PAGES + (unsigned)(seed >> 40 & 7));
        WRITE_ONCE(exchange.in.nr_extents, seed >> 44 & 3 ? PAGES : (unsigned)(seed >> 46 & 15));
        WRITE_ONCE(exchange.out.extent_order, seed >> 50 & 3 ? 0 : 1);
        WRITE_ONCE(exchange.in.nr_extents, PAGES);
        WRITE_ONCE(exchange.out.extent_order, 0);
    }
    stopped = 1;
    CALL(vcpu_op, VCPUOP_down, 1);
}

/* Pins and unpins in a list whose rest is changed. */
static void changed_multicalls(void)
{
    static struct mmuext_op pin, unpin;
    uint64_t *table = table_new();

    pin = (struct mmuext_op){ .cmd = MMUEXT_PIN_L1_TABLE, .arg1.mfn = mfn_of(table) };
    unpin = (struct mmuext_op){ .cmd = MMUEXT_UNPIN_TABLE, .arg1.mfn = mfn_of(table) };
    for (unsigned i = 0; i < ROUNDS; i++) {
        calls[0] = (struct multicall_entry){ .op = __HYPERVISOR_mmuext_op,
                                             .args = { (unsigned long)&pin, 1, 0, DOMID_SELF } };
        calls[1] = (struct multicall_entry){ .op = __HYPERVISOR_mmuext_op,
                                             .args = { (unsigned long)&unpin, 1, 0, DOMID_SELF } };
        expect(CALL(multicall, calls, 2), 0, "a changed list");
    }
    mmuext(MMUEXT_UNPIN_TABLE, mfn_of(table)); /* -EINVAL if it is not pinned */
    expect(map(table, make_entry(table, PTE_RW)), 0, "the table writable in the end");
}

static long frames_owned(void)
{
    struct xen_memory_domain self = { .domid = DOMID_SELF };

    return CALL(memory_op, XENMEM_current_reservation, &self);
}

/* Exchanges frames by a structure that is changed: no frame is lost or won, and what the guest is
 * told is its own. */
static void changed_exchanges(uint64_t *const *pages)
{
    long before = frames_owned();

    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < PAGES; i++)
            out[i] = ~0ul;
        exchange.in = (struct xen_memory_reservation){ .extent_start = (unsigned long)in,
                                                       .domid = DOMID_SELF };
        exchange.in.nr_extents = PAGES;
        exchange.out = exchange.in;
        exchange.out.extent_start = (unsigned long)out;
        exchange.nr_exchanged = 0;
        CALL(memory_op, XENMEM_exchange, &exchange);
        for (unsigned i = 0; i < PAGES; i++)
            in[i] = out[i] != ~0ul ? out[i] : in[i];
    }
    stop = 1;
    expect_true(wait_for(&stopped), "vCPU 1 stops");
    expect(frames_owned(), before, "frames of the domain");
    for (unsigned i = 0; i < PAGES; i++)
        expect(map(pages[i], (uint64_t)in[i] * PAGE_SIZE | PTE_RW), 0, "frame %u is the guest's",
               i);
}

void test_main(void)
{
    uint64_t *pages[PAGES];

    forged_batches();
    for (unsigned i = 0; i < PAGES; i++) {
        pages[i] = page_new();
        in[i] = (unsigned long)mfn_of(pages[i]);
        if (map(pages[i], 0) != 0)
            error("cannot unmap a page");
    }
    vcpu_start(scribble, 1);
    changed_multicalls();
    changed_exchanges(pages);
}
