/* SPDX-License-Identifier: MIT */
/*
 * Claim: a request that another vCPU changes while it is being checked is never done unchecked. The
 *     structures of the calls are changed at full speed, one word at a time, from good to bad and
 *     back: entries and operations of batches, lists of frames, places for results, trap tables,
 *     multicalls, and the frame of an iret.
 * Rule: invariants B4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 */
#include "tests/guests/smp-double-fetch/fetch.h"
#include "tests/guests/support/support.h"

#define DATA_RING3 0x00cff3000000ffffull
#define CALL_GATE  0x0000ec00e0080000ull /* to selector 0xe008 */
#define SELECTOR   (4 * 8 | 3)
#define CHANGES    300
#define FEWER      4 /* so many times on the real Xen */
#define SOON       200000000ull
#define LIMIT      20000000000ull

/* Mapped read-write; pinned as L1; read-only and empty; read-only descriptors; not mapped. */
static uint64_t *page, *table, *empty, *segments, *spare;

/* The word that vCPU 1 makes good and bad in turns, as fast as it can. */
static void *volatile word;
static volatile unsigned long good, bad;
static volatile unsigned resting; /* it has seen that there is no word */

static void flipper(unsigned long unused)
{
    (void)unused;
    for (;;) {
        unsigned long *w = word;

        resting = w == NULL;
        if (w == NULL)
            continue;
        WRITE_ONCE(*w, bad);
        __asm__ volatile("pause");
        WRITE_ONCE(*w, good);
    }
}

/* ---- Page tables ---- */

static struct mmu_update update;
static struct mmuext_op op;
static struct multicall_entry batch;

static void table_is_not_writable(void)
{
    if (*entry_of(page, 1) & PTE_WRITE)
        failure("a page table is mapped writable");
}

static long update_value(void)
{
    long result = CALL(mmu_update, &update, 1, 0, DOMID_SELF);

    table_is_not_writable();
    return result;
}

static long update_place(void)
{
    return CALL(mmu_update, &update, 1, 0, DOMID_SELF);
}

/* The good frame is `empty`, the bad one `page`, which is writable. */
static long pin(void)
{
    long result = CALL(mmuext_op, &op, 1, 0, DOMID_SELF);

    if (mmuext(MMUEXT_UNPIN_TABLE, mfn_of(page)) == 0)
        failure("a writable page is a page table");
    if ((mmuext(MMUEXT_UNPIN_TABLE, mfn_of(empty)) == 0) != (result == 0))
        failure("pinned or not, and a result of %ld", result);
    return result;
}

static long in_batch(void)
{
    expect(CALL(multicall, &batch, 1), 0, "multicall");
    return (long)batch.result;
}

static long update_in_batch(void)
{
    long result = in_batch();

    table_is_not_writable();
    return result;
}

/* ---- Descriptors, handlers, iret ---- */

static unsigned long gdt_list[1];
static struct trap_info traps[2];

static long set_gdt(void)
{
    long result = CALL(set_gdt, gdt_list, 512);
    uint8_t known;

    if (map(page, make_entry(page, PTE_RW)) != 0)
        failure("a writable page is used for descriptors");
    /* Asked, not loaded: what is loaded may be gone when the vCPU comes back to its CPU. */
    __asm__ volatile("lar %1, " R(cx) "; setz %0"
                     : "=q"(known)
                     : "r"((unsigned long)SELECTOR)
                     : "cx", "cc");
    if (result == 0)
        expect_true(known & 1, "the good segment is there");
    return result;
}

static long set_traps(void)
{
    long result = CALL(set_trap_table, traps);

    return handler_result(result, TRY("int3", : : : "memory").vector);
}

/* ---- Memory ---- */

static struct xen_memory_reservation reservation;
static struct xen_memory_exchange exchanged;
static struct xen_machphys_mfn_list machphys;
static unsigned long list[8];

static unsigned long *number_of_spare(void)
{
    return &((unsigned long *)start_info->mfn_list)[((uintptr_t)spare - VIRT_BASE) / PAGE_SIZE];
}

static long frames_in_all(void)
{
    struct xen_memory_domain self = { .domid = DOMID_SELF };

    return CALL(memory_op, XENMEM_current_reservation, &self);
}

static struct xen_memory_reservation extent(const unsigned long *number)
{
    return (struct xen_memory_reservation){ .extent_start = (unsigned long)number,
                                            .nr_extents = 1,
                                            .domid = DOMID_SELF };
}

/* A frame that is given up, and the call that gives another tells its number at a bad place. */
static long populate(void)
{
    long before = frames_in_all(), result;
    unsigned long number = *number_of_spare();
    struct xen_memory_reservation mine = extent(&number);

    expect(CALL(memory_op, XENMEM_decrease_reservation, &mine), 1, "give a frame back");
    number = list[0] = ((uintptr_t)spare - VIRT_BASE) / PAGE_SIZE;
    result = CALL(memory_op, XENMEM_populate_physmap, &reservation);
    if (result == 0)
        expect(CALL(memory_op, XENMEM_populate_physmap, &mine), 1, "another frame");
    *number_of_spare() = result == 0 ? number : list[0];
    expect(frames_in_all(), before, "the number of frames");
    return 1 - result;
}

static long where_is_m2p(void)
{
    return CALL(memory_op, XENMEM_machphys_mfn_list, &machphys);
}

/* The good frame is the spare one, the bad one is in use and must not go. */
static long exchange(void)
{
    static unsigned long out;
    long before = frames_in_all(), result;

    exchanged.nr_exchanged = 0;
    exchanged.out = extent(&out);
    out = ((uintptr_t)spare - VIRT_BASE) / PAGE_SIZE;
    result = CALL(memory_op, XENMEM_exchange, &exchanged);
    if (result == 0)
        *number_of_spare() = good = out;
    expect_no_fault(try_write(page, 1), "the frame that is in use");
    expect(frames_in_all(), before, "the number of frames");
    return result;
}

/* ---- Ports ---- */

static struct sched_poll poll;

static long poll_now(void)
{
    return CALL(sched_op, SCHEDOP_poll, &poll);
}

/* ---- All of them ---- */

/* Calls again and again while the word changes: at least so often, for 0.2 s if the outcome seldom
 * changes (on a busy machine vCPU 1 may take its time), and until both outcomes were seen.
 */
void flip(const char *name, void *what, uint64_t good_value, uint64_t bad_value, long (*call)(void),
          unsigned tries)
{
    const volatile unsigned long *m2p = (const volatile unsigned long *)MACH2PHYS_VIRT_START;
    uint64_t before = m2p[0], start = system_time(), passed = 0;
    unsigned count[2] = { 0 }, changes = 0;
    bool last = false;

    if (!is_xen_lite())
        tries /= FEWER;
    if ((good_value ^ bad_value) > ~0ul)
        error("%s: the values differ in two words", name);
    good = (unsigned long)good_value;
    bad = (unsigned long)bad_value;
    word = what;
    while (count[0] + count[1] < tries || (changes < CHANGES && passed < SOON) ||
           ((count[0] == 0 || count[1] == 0) && passed < LIMIT)) {
        bool done = call() == 0;

        changes += done != last;
        last = done;
        count[done]++;
        passed = system_time() - start;
    }
    word = NULL;
    resting = 0;
    if (!wait_for(&resting))
        failure("vCPU 1 does not rest");
    expect_true(count[0] > 0 && count[1] > 0, "%s: both happened (%u refused, %u done)", name,
                count[0], count[1]);
    expect_hex(m2p[0], before, "the M2P after %s", name);
}

static void flip_tables(void)
{
    expect(map(page, make_entry(table, PTE_RO)), 0, "the table at the page's address");
    update = (struct mmu_update){ .ptr = entry_machine(page, 1) };
    flip("mmu_update, value", &update.val, make_entry(table, PTE_RO), make_entry(table, PTE_RW),
         update_value, 10000);
    update.val = make_entry(page, PTE_RW);
    flip("mmu_update, place", &update.ptr, entry_machine(page, 1), (uint64_t)list[0] * PAGE_SIZE,
         update_place, 5000);
    expect(map(page, make_entry(page, PTE_RW)), 0, "the page again");

    op.cmd = MMUEXT_PIN_L1_TABLE;
    flip("mmuext_op, frame", &op.arg1.mfn, mfn_of(empty), mfn_of(page), pin, 3000);
    op.arg1.mfn = mfn_of(empty);
    flip("mmuext_op, operation", &op, MMUEXT_PIN_L1_TABLE, MMUEXT_MARK_SUPER, pin, 3000);

    expect(map(page, make_entry(table, PTE_RO)), 0, "the table at the page's address");
    batch = mapping_call(page, make_entry(table, PTE_RO));
    flip("multicall, argument", &batch.args[1], make_entry(table, PTE_RO),
         make_entry(table, PTE_RW), update_in_batch, 3000);
    expect(map(page, make_entry(page, PTE_RW)), 0, "the page again");
}

static void flip_state(void)
{
    page[5] = CALL_GATE;
    flip("set_gdt", gdt_list, mfn_of(segments), mfn_of(page), set_gdt, 3000);

    traps[0] = (struct trap_info){ .vector = X_BP, .flags = 3, .cs = FLAT_KERNEL_CS };
    flip("set_trap_table", &traps[0].address, (unsigned long)vector_stubs + X_BP * VECTOR_STUB_SIZE,
         other_handler, set_traps, 3000);
    traps_init();
    flip_iret();
}

static void flip_memory(void)
{
    reservation = extent(list);
    flip("populate_physmap", &reservation.extent_start, (unsigned long)list, MACH2PHYS_VIRT_START,
         populate, 500);
    flip("populate_physmap, number", &reservation.nr_extents, 1, 1ul << (WORD_BITS - 3), populate,
         500);
    flip("machphys_mfn_list", &machphys.extent_start, (unsigned long)list, MACH2PHYS_VIRT_START,
         where_is_m2p, 3000);
    exchanged.in = extent(list);
    list[0] = (unsigned long)mfn_of(spare);
    flip("exchange", list, mfn_of(spare), mfn_of(page), exchange, 500);
}

static void flip_others(void)
{
    static char text[XEN_EXTRAVERSION_LEN];
    struct evtchn_alloc_unbound port = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };

    batch = (struct multicall_entry){ .op = __HYPERVISOR_xen_version,
                                      .args = { XENVER_extraversion, (unsigned long)text } };
    flip("multicall, number", &batch.op, __HYPERVISOR_xen_version,
         (unsigned long)(~0ull << 32 | 4711), in_batch, 3000);
    flip("multicall, place", &batch.args[1], (unsigned long)text, MACH2PHYS_VIRT_START, in_batch,
         3000);

    poll = (struct sched_poll){ .ports = (unsigned long)list, .timeout = 1 };
    memset(list, 0, sizeof(list));
    flip("poll, number of ports", &poll.nr_ports, 0, 0xffffffff, poll_now, 3000);
    expect(event_op(EVTCHNOP_alloc_unbound, &port), 0, "a port");
    poll.nr_ports = 1;
    flip("poll, port", list, port.port, 0xffffffff, poll_now, 3000);
}

void test_main(void)
{
    page = page_new();
    spare = page_new();
    table = table_new();
    empty = table_new();
    segments = page_new();
    segments[4] = DATA_RING3;
    set_writable(segments, false);
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin a table");
    expect(map(spare, 0), 0, "a page that is not mapped");
    machphys =
        (struct xen_machphys_mfn_list){ .max_extents = 1, .extent_start = (unsigned long)list };
    expect(where_is_m2p(), 0, "where the M2P is");
    vcpu_start(flipper, 0);

    flip_tables();
    flip_state();
    flip_memory();
    flip_others();
}
