/* SPDX-License-Identifier: MIT */
/*
 * The attacks: each call would take several milliseconds if it were made in one go, twice as long
 * as anybody is to wait and more. What the calls return is of no interest.
 */
#include "tests/guests/long-calls/attack.h"
#include "tests/guests/long-calls/tree.h"
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define CALLS      10000
#define OPERATIONS 16384
#define PAIRS      8
#define TRAPS      65536
#define FRAMES     4096
#define GDT_PAGES  14
#define TEXT       65536
#define PRINTED    2048 /* bytes: all go to the test's own output */
#define PORTS      4096
#define COPIES     4096
#define MAPS       8192
#define REF        8
#define REFS       64 /* each can be mapped 128 times */
#define ALL_REFS   (512 - REF)
#define MS         1000000ull

static char table_pages[WORKERS][TABLES][PAGE_SIZE] __attribute__((aligned(4096)));
static struct mmu_update updates[MMU_MANY];
static struct mmuext_op operations[OPERATIONS];
static struct multicall_entry calls[CALLS];
static struct trap_info handlers[TRAPS];
static struct gnttab_copy copies[COPIES];
static struct gnttab_map_grant_ref maps[MAPS];
static char text[TEXT];
static unsigned long gdt_frames[GDT_PAGES];
static char *scratch, *other_scratch;
static void *words, *other_words; /* of FIFO events */

/* ---- Trees of tables ---- */

static void make_tree(struct worker *w)
{
    w->tables = (uint64_t *)table_pages[w->id];
    for (unsigned slot = 0; slot < 512; slot++)
        for (unsigned i = 0; i < L1S; i++)
            tree_table(w, i)[slot] = make_entry(scratch, PTE_RW);
    tree_make_upper(w, scratch);
    for (unsigned i = 0; i < TABLES; i++)
        set_writable(tree_table(w, i), false);
}

static void pin_tree(struct worker *w)
{
    pin_table(TOP_LEVEL, tree_root(w));
    mmuext(MMUEXT_UNPIN_TABLE, mfn_of(tree_root(w)));
}

static void refused_pin(struct worker *w)
{
    pin_table(TOP_LEVEL, tree_bad_root(w));
}

static void pin_first_tables(void)
{
    for (unsigned id = 0; id < worker_count; id++)
        mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(tree_table(&workers[id], 0)));
    CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables);
}

static void trapped_writes(struct worker *w)
{
    volatile uint64_t *entries = tree_table(w, 0);

    for (unsigned i = 0; i < 512; i++)
        entries[i] = make_entry(scratch, w->rounds % 2 ? PTE_RO : PTE_RW);
}

/* ---- Batches ---- */

static void many_updates(struct worker *w)
{
    (void)w;
    CALL(mmu_update, updates, MMU_MANY / part, 0, DOMID_SELF);
}

static void many_operations(struct worker *w)
{
    (void)w;
    CALL(mmuext_op, operations, OPERATIONS / part, 0, DOMID_SELF);
}

static void many_calls(struct worker *w)
{
    (void)w;
    CALL(multicall, calls, CALLS / part);
}

static void many_flushes(struct worker *w)
{
    update_va_mapping(scratch, make_entry(scratch, w->rounds % 2 ? PTE_RO : PTE_RW),
                      UVMF_TLB_FLUSH | UVMF_ALL);
}

static void fill_batches(void)
{
    static const unsigned commands[] = { MMUEXT_TLB_FLUSH_ALL, MMUEXT_INVLPG_ALL, MMUEXT_CLEAR_PAGE,
                                         MMUEXT_COPY_PAGE };

    for (unsigned i = 0; i < MMU_MANY; i++) {
        updates[i].ptr = entry_machine(scratch, 1);
        updates[i].val = make_entry(scratch, i % 2 ? PTE_RO : PTE_RW);
    }
    for (unsigned i = 0; i < OPERATIONS; i++) {
        operations[i].cmd = commands[i % COUNT(commands)];
        operations[i].arg1.mfn = (unsigned long)mfn_of(other_scratch);
        operations[i].arg2.src_mfn = (unsigned long)mfn_of(scratch);
    }
    /* None of them looks by itself whether it has been long enough. */
    for (unsigned i = 0; i < CALLS; i++) {
        calls[i] =
            i % 2 ? tree_mapping_call(scratch, make_entry(scratch, i % 4 == 1 ? PTE_RO : PTE_RW))
                  : (struct multicall_entry){ .op = __HYPERVISOR_mmuext_op,
                                              .args = { (unsigned long)operations, 1, 0,
                                                        DOMID_SELF } };
    }
    for (unsigned i = 0; i < TRAPS - 1; i++)
        handlers[i] = (struct trap_info){ .vector = 200, .address = (unsigned long)vector_stubs };
}

/* ---- Memory ---- */

static long memory(unsigned operation, unsigned long *frames, unsigned long count, unsigned order)
{
    struct xen_memory_reservation reservation = {
        .extent_start = (unsigned long)frames,
        .nr_extents = count,
        .extent_order = order,
        .domid = DOMID_SELF,
    };

    return CALL(memory_op, operation, &reservation);
}

/* What the attacks below live on: those at the end, which nothing maps. */
static void release_frames(void)
{
    unsigned long *list = (unsigned long *)start_info->mfn_list;
    unsigned long count = start_info->nr_pages / 4;

    memory(XENMEM_decrease_reservation, list + start_info->nr_pages - count, count, 0);
}

static void single_frames(struct worker *w)
{
    static unsigned long many[FRAMES];
    unsigned long *list = w->id == 0 ? many : w->frame;
    long got = memory(XENMEM_increase_reservation, list, w->id == 0 ? FRAMES : EXTENTS, 0);

    if (got > 0)
        memory(XENMEM_decrease_reservation, list, (unsigned long)got, 0);
}

static void large_extents(struct worker *w)
{
    long got = memory(XENMEM_increase_reservation, w->frame, 8, 9);

    if (got > 0)
        memory(XENMEM_decrease_reservation, w->frame, (unsigned long)got, 9);
}

static struct xen_memory_exchange exchange_of(unsigned long *in, unsigned long ins,
                                              unsigned in_order, unsigned long *out,
                                              unsigned long outs, unsigned out_order)
{
    return (struct xen_memory_exchange){
        .in = { .extent_start = (unsigned long)in,
                .nr_extents = ins,
                .extent_order = in_order,
                .domid = DOMID_SELF },
        .out = { .extent_start = (unsigned long)out,
                 .nr_extents = outs,
                 .extent_order = out_order,
                 .domid = DOMID_SELF },
    };
}

/* Single frames against an extent of 512, and back. Each of the two lists is the other's result. So
 * often in one multicall; alone, where that is 0. */
static void exchanges(struct worker *w, unsigned pairs)
{
    unsigned long *extent = (unsigned long *)&other_scratch[w->id * 8];
    struct xen_memory_exchange there = exchange_of(w->frame, EXTENTS, 0, extent, 1, 9);
    struct xen_memory_exchange back = exchange_of(extent, 1, 9, w->frame, EXTENTS, 0);
    struct xen_memory_exchange both[2 * PAIRS];
    struct multicall_entry list[2 * PAIRS];

    *extent = start_info->nr_pages;
    if (memory(XENMEM_increase_reservation, w->frame, EXTENTS, 0) != EXTENTS)
        return;
    for (unsigned i = 0; i < 2 * pairs; i++) {
        both[i] = i % 2 ? back : there;
        list[i] = (struct multicall_entry){ .op = __HYPERVISOR_memory_op,
                                            .args = { XENMEM_exchange, (unsigned long)&both[i] } };
    }
    if (pairs) {
        CALL(multicall, list, 2 * pairs);
    } else {
        CALL(memory_op, XENMEM_exchange, &there);
        CALL(memory_op, XENMEM_exchange, &back);
    }
    memory(XENMEM_decrease_reservation, w->frame, EXTENTS, 0);
}

static void exchange(struct worker *w)
{
    exchanges(w, 0);
}

/* Each entry takes as long as anything may without a look whether others wait. */
static void calls_that_exchange(struct worker *w)
{
    exchanges(w, PAIRS);
}

/* ---- Lists without a batch ---- */

static void trap_table(struct worker *w)
{
    (void)w;
    CALL(set_trap_table, handlers + (TRAPS - TRAPS / part));
}

static void console_text(struct worker *w)
{
    (void)w;
    memset(text, '.', PRINTED - 1);
    text[PRINTED - 1] = '\n';
    CALL(console_io, CONSOLEIO_write, PRINTED, text);
}

static void tables_of_descriptors(struct worker *w)
{
    CALL(set_gdt, gdt_frames, w->rounds % 2 ? 0 : GDT_PAGES * 512);
}

/* An instruction that the hypervisor does for the guest, as often as it says. */
static void string_input(struct worker *w)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    unsigned long count = TEXT / part, to = (unsigned long)text;

    (void)w;
    CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl);
    __asm__ volatile("rep insb" : "+c"(count), "+D"(to) : "d"(0x5555) : "memory");
    iopl.iopl = 0;
    CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl);
}

/* ---- Grants ---- */

static void grant_own_page(void)
{
    domid_t own = own_domain();

    grant_setup(1);
    for (unsigned i = 0; i < ALL_REFS; i++)
        grant_page(REF + i, own, other_scratch, GTF_permit_access);
    for (unsigned i = 0; i < COPIES; i++)
        copies[i] = (struct gnttab_copy){ .source = grant_end(own, REF, 0),
                                          .dest = page_end(scratch, 0),
                                          .len = PAGE_SIZE,
                                          .flags = GNTCOPY_source_gref };
}

static void grant_copies(struct worker *w)
{
    (void)w;
    CALL(grant_table_op, GNTTABOP_copy, copies, COPIES / part);
}

/* As a device would use them, so without a page-table entry for each. Each has its part of the
 * lists. */
static void map_some(unsigned first, unsigned count, unsigned refs)
{
    for (unsigned i = first; i < first + count; i++)
        maps[i] = (struct gnttab_map_grant_ref){ .flags = GNTMAP_device_map,
                                                 .ref = REF + i % refs,
                                                 .dom = copies[0].source.domid };
    CALL(grant_table_op, GNTTABOP_map_grant_ref, &maps[first], count);
}

static void grant_maps(struct worker *w)
{
    static struct gnttab_unmap_grant_ref unmaps[MAPS];
    unsigned count = MAPS / worker_count, first = w->id * count;

    map_some(first, count, REFS);
    for (unsigned i = first; i < first + count; i++)
        unmaps[i] = (struct gnttab_unmap_grant_ref){ .dev_bus_addr = maps[i].dev_bus_addr,
                                                     .handle = maps[i].handle };
    CALL(grant_table_op, GNTTABOP_unmap_grant_ref, &unmaps[first], count);
}

/* As many as a frame of entries allows. The last attack: what it leaves is for the end of the
 * domain to deal with. */
static void maps_that_stay(struct worker *w)
{
    unsigned count = MAPS / worker_count;

    if (maps[w->id * count].status == GNTST_okay)
        for (unsigned i = 0; i < ALL_REFS * 128 / MAPS; i++)
            map_some(w->id * count, count, ALL_REFS);
}

/* ---- Events, time, vCPUs ---- */

static void events(struct worker *w)
{
    for (unsigned i = 0; i < worker_count; i++) {
        uint32_t port = workers[(w->id + i) % worker_count].port;

        event_try_send(port);
        event_clear(port);
    }
}

static void polls(struct worker *w)
{
    evtchn_port_t ports[128];
    struct sched_poll poll = { .ports = (unsigned long)ports,
                               .nr_ports = COUNT(ports),
                               .timeout = 1 + w->rounds % 2 * (system_time() + 10000) };

    for (unsigned i = 0; i < COUNT(ports); i++)
        ports[i] = w->port;
    CALL(sched_op, SCHEDOP_poll, &poll);
}

static void timers(struct worker *w)
{
    struct vcpu_set_periodic_timer tick = { .period_ns = MS };

    CALL(vcpu_op, VCPUOP_set_periodic_timer, w->id, &tick);
    set_timer_op(system_time() + 5000);
}

/* Never vCPU 0, which others wait for. */
static void up_and_down(struct worker *w)
{
    unsigned id = 1 + w->rounds % WORKERS;

    CALL(vcpu_op, VCPUOP_down, id);
    CALL(vcpu_op, VCPUOP_up, id);
}

static void initialise(struct worker *w)
{
    static struct vcpu_guest_context context;

    vcpu_context(&context, NULL, 0);
    CALL(vcpu_op, VCPUOP_initialise, (w->id + 1) % WORKERS, &context);
}

static void burn(struct worker *w)
{
    uint64_t end = system_time() + MS;

    (void)w;
    while (system_time() < end)
        continue;
}

/* As one who uses little does, but then for as long as it can. */
static void sleep_and_burn(struct worker *w)
{
    struct sched_poll poll = { .timeout = system_time() + 3 * MS };

    CALL(sched_op, SCHEDOP_poll, &poll);
    burn(w);
    burn(w);
    burn(w);
}

/* ---- Short calls, many of them ---- */

static void short_calls(struct worker *w)
{
    (void)w;
    for (unsigned i = 0; i < 100; i++)
        CALL(xen_version, XENVER_pagesize, NULL);
}

static void refusals(struct worker *w)
{
    hypercall(60 + w->rounds % 64, 0, 0, 0, 0, 0);
    CALL(mmuext_op, operations, 1, 0, 3);
    update_va_mapping(scratch, PTE_RW | PTE_PSE, 0);
    CALL(set_trap_table, HYPERVISOR_ADDRESS);
    mmu_update(8, w->rounds);
    event_op(EVTCHNOP_send, NULL);
}

/* The real Xen looks for a free port from 1 on each time: there it is no more than fit into the
 * bitmaps. */
static void bind_all(void)
{
    struct evtchn_alloc_unbound port = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    unsigned most = is_xen_lite() ? FIFO_TEST_PAGES * FIFO_PAGE_PORTS : PORTS;

    for (unsigned i = 0; i < most && event_op(EVTCHNOP_alloc_unbound, &port) == 0; i++)
        continue;
}

/* It takes the console's port away as well. */
static void reset(struct worker *w)
{
    struct evtchn_reset all = { .dom = DOMID_SELF };

    if (w->id == 0) {
        bind_all();
        event_op(EVTCHNOP_reset, &all);
    } else {
        bind_all();
    }
}

/* As many ports as FIFO events allow, or the domain's maximum. The first page has the words of
 * ports that may be sent on, all others have one page for theirs. */
static void reset_fifo(struct worker *w)
{
    if (w->id == 0) {
        fifo_init_control(0, mfn_of(other_scratch), 0);
        fifo_expand_array(mfn_of(words));
        for (unsigned i = 1; i < FIFO_TEST_PAGES; i++)
            fifo_expand_array(mfn_of(other_words));
    }
    reset(w);
}

const struct attack attacks[] = {
    { "burn", burn, NULL },
    { "sleep and burn", sleep_and_burn, NULL },
    { "short calls", short_calls, NULL },
    { "pin", pin_tree, NULL },
    { "refused pin", refused_pin, NULL },
    { "trapped writes", trapped_writes, pin_first_tables },
    { "mmu_update", many_updates, NULL },
    { "mmuext_op", many_operations, NULL },
    { "multicall", many_calls, NULL },
    { "update_va_mapping", many_flushes, NULL },
    { "frames", single_frames, release_frames },
    { "extents", large_extents, NULL },
    { "exchange", exchange, NULL },
    { "multicall of exchanges", calls_that_exchange, NULL },
    { "trap table", trap_table, NULL },
    { "console", console_text, NULL },
    { "descriptor tables", tables_of_descriptors, NULL },
    { "string input", string_input, NULL },
    { "grant copies", grant_copies, grant_own_page },
    { "grant maps", grant_maps, NULL },
    { "events", events, NULL },
    { "polls", polls, NULL },
    { "timers", timers, NULL },
    { "up and down", up_and_down, NULL },
    { "initialise", initialise, NULL },
    { "refusals", refusals, NULL },
    { "reset", reset, bind_all },
    { "reset of FIFO events", reset_fifo, NULL },
    { "maps that stay", maps_that_stay, NULL },
    { NULL, NULL, NULL },
};

void attacks_init(void)
{
    scratch = page_new();
    other_scratch = page_new();
    words = page_new();
    other_words = page_new();
    for (unsigned i = 0; i < GDT_PAGES; i++)
        gdt_frames[i] = (unsigned long)mfn_of(table_new());
    for (unsigned id = 0; id < worker_count; id++) {
        struct evtchn_bind_ipi ipi = { .vcpu = id };

        workers[id].id = id;
        make_tree(&workers[id]);
        event_op(EVTCHNOP_bind_ipi, &ipi);
        event_mask(ipi.port);
        workers[id].port = ipi.port;
    }
    fill_batches();
}
