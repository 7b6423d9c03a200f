/* SPDX-License-Identifier: MIT */
/*
 * Claim: to a domain without privilege another domain is closed: each call that takes a domain's id
 *     refuses the other's with EPERM (EINVAL, EACCES where Xen looks at something else first), and
 *     no frame that is not its own can be mapped, cleared, copied, become a table or be given back.
 * Rule: MMU-28, MMU-5, MMU-13, EVT-3, MEM-9, HCALL-8, HCALL-9, SCHED-6; invariants A1, C5
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * "peer=N" on the command line names another domain, which may run the same (run_pair in
 * tests/qemu/test_domains.py, test_domu.py): neither ends before the other has tried all. Without
 * it nobody is there. "peer=0" is the real Xen's initial domain, which nobody asks to be shut down
 * here.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define UNWRITTEN 77
#define NOBODY    0x7000
#define PATIENCE  150000000000ull /* ns */
#define A_WHILE   5000000ull
#define SOME      61 /* of the frames one in so many is tried in every way */

static domid_t peer;
static bool exists;
/* What is mostly said of the peer: EPERM, or ESRCH where there is none. */
static long closed;
static uint64_t *page;
/* Of its own, but not in its list. */
static uint64_t grant_frame;

static void tables(void)
{
    struct mmu_update update = { .ptr = machine_of(page), .val = 0 };
    struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_LOCAL };
    uint32_t count = UNWRITTEN;

    expect(CALL(mmu_update, &update, 1, &count, peer), closed, "mmu_update, its frames");
    expect(count, 0, "done");
    count = UNWRITTEN;
    expect(CALL(mmu_update, &update, 1, &count, (peer + 1u) << 16 | DOMID_SELF), closed,
           "mmu_update, its tables");
    expect(count, exists ? 0 : UNWRITTEN, "done");
    expect(CALL(mmu_update, &update, 1, &count, (peer + 1u) << 16 | peer), closed, "both");
    expect(CALL(mmuext_op, &op, 1, NULL, peer), closed, "mmuext_op");
    op.cmd = MMUEXT_PIN_L1_TABLE;
    op.arg1.mfn = mfn_of(page);
    expect(CALL(mmuext_op, &op, 1, NULL, peer), closed, "pin for it");
    expect(update_va_mapping_of(page, make_entry(page, PTE_RW), 0, peer), closed,
           "update_va_mapping_otherdomain");
}

static void ports(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = peer, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind = { .remote_dom = peer, .remote_port = 60 };
    struct evtchn_status status = { .dom = peer, .port = 60 };
    struct evtchn_reset reset = { .dom = peer };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), closed, "a port of its own");
    expect(event_op(EVTCHNOP_reset, &reset), closed, "a reset of its ports");
    /* xen-lite does not say whether the port is there: docs/differences.md. */
    expect_true(event_op(EVTCHNOP_status, &status) < 0, "the status of its port");
    expect(event_op(EVTCHNOP_bind_interdomain, &bind), exists ? -XEN_EINVAL : closed,
           "a port that it did not offer");
}

static long reservation(unsigned operation)
{
    uint64_t frame = mfn_of(page);
    struct xen_memory_reservation argument = { .extent_start = (unsigned long)&frame,
                                               .nr_extents = 1,
                                               .domid = peer };

    return CALL(memory_op, operation, &argument);
}

static void memory(void)
{
    uint64_t frame = mfn_of(page);
    struct xen_memory_exchange exchange = {
        .in = { .extent_start = (unsigned long)&frame, .nr_extents = 1, .domid = peer },
        .out = { .extent_start = (unsigned long)&frame, .nr_extents = 1, .domid = peer },
    };
    struct xen_memory_reservation claim = { .domid = peer };
    struct xen_add_to_physmap add = { .domid = peer, .space = XENMAPSPACE_shared_info };
    struct xen_remove_from_physmap remove = { .domid = peer };
    struct xen_foreign_memory_map map = { .domid = peer };
    struct xen_mem_acquire_resource resource = { .domid = peer };
    struct xen_pod_target target = { .domid = peer };
    struct xen_vnuma_topology_info numa = { .domid = peer };

    expect(CALL(memory_op, XENMEM_current_reservation, &peer), closed, "its reservation");
    expect(CALL(memory_op, XENMEM_maximum_reservation, &peer), closed, "its maximum");
    expect(CALL(memory_op, XENMEM_maximum_gpfn, &peer), closed, "its last page");
    expect(reservation(XENMEM_increase_reservation), 0, "frames for it");
    expect(reservation(XENMEM_decrease_reservation), 0, "frames of it");
    expect(reservation(XENMEM_populate_physmap), 0, "pages for it");
    /* docs/differences.md: the real Xen's 32-bit guests have no such call. */
    if (WORD_BITS == 64 || is_xen_lite())
        expect(CALL(memory_op, XENMEM_claim_pages, &claim), exists ? -XEN_EPERM : -XEN_EINVAL,
               "a claim for it");
    else
        expect(CALL(memory_op, XENMEM_claim_pages, &claim), -XEN_ENOSYS, "a claim for it");
    expect(CALL(memory_op, XENMEM_exchange, &exchange), closed, "its frames exchanged");
    expect(CALL(memory_op, XENMEM_set_memory_map, &map), closed, "its memory map");
    expect(CALL(memory_op, XENMEM_acquire_resource, &resource), closed, "a resource of it");
    expect(CALL(memory_op, XENMEM_set_pod_target, &target), exists ? -XEN_EINVAL : -XEN_ESRCH,
           "its target");
    expect(CALL(memory_op, XENMEM_get_vnumainfo, &numa), closed, "its NUMA layout");
    expect(CALL(memory_op, XENMEM_add_to_physmap, &add), exists ? -XEN_EACCES : -XEN_ESRCH,
           "a page placed in it");
    expect(CALL(memory_op, XENMEM_remove_from_physmap, &remove), exists ? -XEN_EACCES : -XEN_ESRCH,
           "a page taken from it");
}

static void end_of_it(void)
{
    struct sched_remote_shutdown remote = { .domain_id = peer, .reason = SHUTDOWN_crash };

    if (peer != 0)
        expect(CALL(sched_op, SCHEDOP_remote_shutdown, &remote), closed, "its end");
}

/* The M2P says which pfn a frame is; the pfn list which frame a pfn is. Both must agree. */
static bool is_own(uint64_t mfn)
{
    const unsigned long *list = (const unsigned long *)start_info->mfn_list;
    uint64_t pfn = ((const unsigned long *)MACH2PHYS_VIRT_START)[mfn];

    return mfn == start_info->shared_info / PAGE_SIZE || mfn == grant_frame ||
           (pfn < start_info->nr_pages && list[pfn] == mfn);
}

static long copy_frame(uint64_t to, uint64_t from)
{
    struct mmuext_op op = { .cmd = MMUEXT_COPY_PAGE, .arg1.mfn = to, .arg2.src_mfn = from };

    return CALL(mmuext_op, &op, 1, NULL, DOMID_SELF);
}

static void not_by_mmuext(uint64_t mfn)
{
    if (mmuext(MMUEXT_PIN_L1_TABLE, mfn) == 0 ||
        mmuext(MMUEXT_PIN_L1_TABLE + TOP_LEVEL - 1, mfn) == 0)
        expect_true(false, "frame 0x%llx could be pinned", (unsigned long long)mfn);
    if (mmuext(MMUEXT_CLEAR_PAGE, mfn) == 0)
        expect_true(false, "frame 0x%llx could be cleared", (unsigned long long)mfn);
    if (copy_frame(mfn, mfn_of(page)) == 0 || copy_frame(mfn_of(page), mfn) == 0)
        expect_true(false, "frame 0x%llx could be copied", (unsigned long long)mfn);
    if (mmuext(MMUEXT_NEW_USER_BASEPTR, mfn) == 0)
        expect_true(false, "frame 0x%llx could be the root", (unsigned long long)mfn);
}

/* Each of the machine's frames; the peer's are among them. (0 as user root means: none.) */
static void frames(void)
{
    uint64_t last = (unsigned long)CALL(memory_op, XENMEM_maximum_ram_page, NULL), refused = 0;
    uint64_t *window = page_new();

    grant_setup(1);
    grant_frame = (*entry_of((const void *)grant_v1(0), 1) & PTE_FRAME) / PAGE_SIZE;
    for (uint64_t mfn = 1; mfn < last; mfn++) {
        if (is_own(mfn))
            continue;
        if (map(window, mfn * PAGE_SIZE | PTE_RW) == 0)
            expect_true(false, "frame 0x%llx could be mapped", (unsigned long long)mfn);
        if (mfn % SOME == 0)
            not_by_mmuext(mfn);
        refused++;
    }
    expect_true(refused > 100, "there were others' frames (%llu)", (unsigned long long)refused);
}

/* Each offers the first port that it has, whose number is the same in both. */
static unsigned offer(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = peer };

    expect(event_op(EVTCHNOP_alloc_unbound, &alloc), 0, "offer a port");
    return alloc.port;
}

/* Until the peer sends, or a while is over. Who waits sleeps: where others build the peer
 * meanwhile, they need the CPUs. */
static void sleep(evtchn_port_t port)
{
    struct sched_poll poll = { .ports = (unsigned long)&port,
                               .nr_ports = 1,
                               .timeout = system_time() + A_WHILE };

    CALL(sched_op, SCHEDOP_poll, &poll);
}

/* Binds to the peer's offer, which is there when the peer runs: what is still being built may
 * answer otherwise. */
static unsigned meet(unsigned offered)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = peer, .remote_port = offered };
    uint64_t end = system_time() + PATIENCE;

    while (event_op(EVTCHNOP_bind_interdomain, &bind) != 0) {
        if (system_time() > end)
            error("domain %u does not come up", peer);
        sleep(offered);
    }
    return bind.local_port;
}

/* Tells the peer that this one has done with it, and waits for the same. */
static void part(unsigned offered, unsigned bound)
{
    uint64_t end = system_time() + PATIENCE;

    event_send(bound);
    while (!event_pending(offered) && system_time() < end)
        sleep(offered);
    expect_true(event_pending(offered), "the peer has done, too");
}

void test_main(void)
{
    unsigned offered, bound = 0;
    bool runs_this;

    peer = (domid_t)option_number("peer=", NOBODY);
    exists = peer != NOBODY;
    closed = exists ? -XEN_EPERM : -XEN_ESRCH;
    page = page_new();
    offered = offer();
    runs_this = exists && peer != 0;
    if (runs_this)
        bound = meet(offered);

    tables();
    ports();
    memory();
    end_of_it();
    frames();

    if (runs_this)
        part(offered, bound);
}
