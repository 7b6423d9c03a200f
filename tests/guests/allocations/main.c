/* SPDX-License-Identifier: MIT */
/*
 * Claim: where the hypervisor has no memory for a call, the call says so by its documented errno or
 *     number, has done what it says and no more, and can be made again.
 * Rule: MEM-2, MEM-13, EVT-2, EVT-22; invariants B6
 * Runs on: xen-lite (the real Xen cannot be told to run out of memory)
 * Ends: poweroff
 * Options: --vcpus 4
 *
 * test_allocations.py runs it with the hypervisor's option fail_alloc=; without that nothing fails.
 * It makes the calls that allocate, again where they fail, and tells how many did.
 */
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define PAGES 8
#define PORTS 300
#define TRIES 10 /* none fails so often in a row */

static unsigned failures;
static uint64_t *pages[PAGES];
static unsigned long numbers[PAGES];

static uint64_t pfn_of(const void *page)
{
    return ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
}

static long frames_in_all(void)
{
    struct xen_memory_domain self = { .domid = DOMID_SELF };

    return CALL(memory_op, XENMEM_current_reservation, &self);
}

/* The call again, as long as it gives that errno. */
#define AGAIN(call, no_memory)                                              \
    ({                                                                      \
        long result_ = (call);                                              \
                                                                            \
        for (unsigned i_ = 0; result_ == (no_memory) && i_ < TRIES; i_++) { \
            failures++;                                                     \
            result_ = (call);                                               \
        }                                                                   \
        result_;                                                            \
    })

static struct xen_memory_reservation extents(unsigned long *list, unsigned count)
{
    return (struct xen_memory_reservation){ .extent_start = (unsigned long)list,
                                            .nr_extents = count,
                                            .domid = DOMID_SELF };
}

static void parked(unsigned long unused)
{
    (void)unused;
    for (;;)
        CALL(sched_op, SCHEDOP_block);
}

static void vcpus(void)
{
    static struct vcpu_guest_context context;

    for (unsigned id = 1; id < 4; id++) {
        vcpu_context(&context, parked, 0);
        expect(AGAIN(CALL(vcpu_op, VCPUOP_initialise, id, &context), -XEN_ENOMEM), 0,
               "initialise vCPU %u", id);
        expect(AGAIN(CALL(vcpu_op, VCPUOP_initialise, id, &context), -XEN_ENOMEM), -XEN_EEXIST,
               "vCPU %u again", id);
    }
}

/* Their number and order are as if nothing had failed. */
static void ports(void)
{
    unsigned last = 0;

    for (unsigned i = 0; i < PORTS; i++) {
        struct evtchn_alloc_unbound port = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };

        expect(AGAIN(event_op(EVTCHNOP_alloc_unbound, &port), -XEN_ENOSPC), 0, "port %u", i);
        if (i > 0)
            expect(port.port, last + 1, "its number");
        last = port.port;
    }
}

/* The queues, then more ports than there were blocks for. */
static void fifo_events(void)
{
    uint64_t control = mfn_of(page_new()), words = mfn_of(page_new());

    expect(AGAIN(fifo_init_control(0, control, 0), -XEN_ENOMEM), 0, "init_control");
    expect(fifo_expand_array(words), 0, "expand_array");
}

/* A larger table, and mappings of one of its entries. */
static void grants(void)
{
    struct gnttab_setup_table setup = { .dom = DOMID_SELF, .nr_frames = GRANT_FRAMES };
    static unsigned long frames[GRANT_FRAMES];
    struct gnttab_map_grant_ref map = { .flags = GNTMAP_device_map, .ref = 8, .dom = DOMID_SELF };
    struct gnttab_unmap_grant_ref unmap = { 0 };

    setup.frame_list = (unsigned long)frames;
    for (unsigned i = 0; i < TRIES; i++) {
        expect(grant_op(GNTTABOP_setup_table, &setup), 0, "setup_table");
        if (setup.status == GNTST_okay)
            break;
        failures++;
    }
    expect(setup.status, GNTST_okay, "a larger table");
    grant_setup(1);
    map.dom = own_domain();
    grant_page(map.ref, map.dom, pages[0], GTF_permit_access);
    for (unsigned i = 0; i < TRIES; i++) {
        expect(grant_op(GNTTABOP_map_grant_ref, &map), 0, "map");
        if (map.status == GNTST_okay)
            break;
        expect(map.status, GNTST_no_space, "no room for a mapping");
        failures++;
    }
    unmap.handle = map.handle;
    unmap.dev_bus_addr = map.dev_bus_addr;
    expect(grant_op(GNTTABOP_unmap_grant_ref, &unmap), 0, "unmap");
    expect(unmap.status, GNTST_okay, "it was mapped");
}

/* Gives frames back and gets others; a call that gets fewer is made again for the rest. */
static void reservation(void)
{
    struct xen_memory_reservation r = extents(numbers, PAGES);
    long before = frames_in_all(), done = 0;

    for (unsigned i = 0; i < PAGES; i++) {
        expect(map(pages[i], 0), 0, "unmap");
        numbers[i] = mfn_of(pages[i]);
    }
    expect(CALL(memory_op, XENMEM_decrease_reservation, &r), PAGES, "give back");
    for (unsigned i = 0; i < PAGES; i++)
        numbers[i] = pfn_of(pages[i]);
    for (unsigned i = 0; done < PAGES && i < TRIES; i++) {
        r = extents(&numbers[done], (unsigned)(PAGES - done));
        done += CALL(memory_op, XENMEM_populate_physmap, &r);
        failures += done < PAGES;
        expect(frames_in_all(), before - PAGES + done, "the number of frames");
    }
    expect(done, PAGES, "all are there again");
    for (unsigned i = 0; i < PAGES; i++)
        ((unsigned long *)start_info->mfn_list)[pfn_of(pages[i])] = numbers[i];
}

/* What was done before the memory ran out stays done; the rest is as it was. */
static void exchange(void)
{
    unsigned long out[PAGES];
    struct xen_memory_exchange x = { .in = extents(numbers, PAGES), .out = extents(out, PAGES) };
    long before = frames_in_all();

    for (unsigned i = 0; i < PAGES; i++)
        out[i] = pfn_of(pages[i]);
    expect(AGAIN(CALL(memory_op, XENMEM_exchange, &x), -XEN_ENOMEM), 0, "exchange");
    expect((long)x.nr_exchanged, PAGES, "how many");
    expect(frames_in_all(), before, "the number of frames");
    for (unsigned i = 0; i < PAGES; i++) {
        ((unsigned long *)start_info->mfn_list)[pfn_of(pages[i])] = out[i];
        expect(map(pages[i], make_entry(pages[i], PTE_RW)), 0, "map a new frame");
        expect((long)pages[i][0], 0, "it is zero");
    }
}

/* The first is small, the second several pages. */
static void memory_maps(void)
{
    static struct e820entry map[600], read[600];
    static const unsigned sizes[] = { 3, COUNT(map) };

    for (unsigned i = 0; i < COUNT(sizes); i++) {
        struct xen_foreign_memory_map set = {
            .domid = DOMID_SELF, .map = { .nr_entries = sizes[i], .buffer = (unsigned long)map }
        };
        struct xen_memory_map get = { .nr_entries = COUNT(read), .buffer = (unsigned long)read };

        map[0].addr = i;
        expect(AGAIN(CALL(memory_op, XENMEM_set_memory_map, &set), -XEN_ENOMEM), 0, "a map");
        expect(CALL(memory_op, XENMEM_memory_map, &get), 0, "read it");
        expect(get.nr_entries, sizes[i], "its length");
        expect((long)read[0].addr, i, "its begin");
    }
}

void test_main(void)
{
    for (unsigned i = 0; i < PAGES; i++)
        pages[i] = page_new();
    vcpus();
    ports();
    reservation();
    exchange();
    memory_maps();
    fifo_events();
    grants();
    print("allocations failed: %u\n", failures);
}
