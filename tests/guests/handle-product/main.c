/* SPDX-License-Identifier: MIT */
/*
 * Claim: each address that a call takes may be any bad one, with any number of elements: the call
 *     ends as on the real Xen, and has done nothing.
 * Rule: HCALL-2; invariants B1, B2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The product of rows.def (call, operation, place of the address, place of the number), bad
 * addresses and numbers. A row's results come to a digest, which is the real Xen's at that width.
 * "list=N" on the command line prints each result of row N. bad-handles says in words what is to be
 * expected.
 */
#include "tests/guests/handle-product/width.h"
#include "tests/guests/support/support.h"

#define BODY        0xb0d1b0d1ul
#define ARG(n)      (n)
#define WORD(n)     (0x100 | (n))
#define NONE        0xfff
#define IS_WORD     0x100
#define NUMBER(p)   ((p)&0xff)
#define WORDS       16
#define BITMAP_SIZE 8192
#define FILLING     0xff /* of memory that can be read: as numbers, too large for everything */

/* Of a row's `apart`, beside the size of an element. */
enum { NOT_READ = 0x1000, SHORT, BITMAP };

/* What is not the same at both widths. Between order and domain of a struct xen_memory_reservation
 * are flags, in the order's word if that has 64 bits. */
#define BY_WIDTH(wide, narrow) (sizeof(long) == 8 ? (wide) : (narrow))
#define RESERVATION(list, count, order) \
    list, count, order, BY_WIDTH(DOMID_SELF, 0), BY_WIDTH(0, DOMID_SELF)

static const struct row {
    const char *name;
    unsigned long call;
    unsigned long argument[4];
    unsigned long word[5];
    unsigned handle, count, apart;
    uint64_t digest;
} rows[] = {
#define ROW(name, call, a, b, c, d, handle, count, apart, digest, ...) \
    { name, __HYPERVISOR_##call, { a, b, c, d }, { __VA_ARGS__ }, handle, count, apart, digest },
#include "tests/guests/handle-product/rows.def"
};

static unsigned long body[WORDS] __attribute__((aligned(256)));
static uint8_t *writable, *read_only; /* pages before ones that are not mapped */

#define ADDRESSES (FIXED_ADDRESSES + 7)

/* All that can be wrong with an address. */
static void bad_addresses(unsigned long to[ADDRESSES])
{
    const unsigned long more[] = {
        (unsigned long)writable + PAGE_SIZE - 1,
        (unsigned long)writable + PAGE_SIZE - 4,
        (unsigned long)read_only,
        (unsigned long)read_only + PAGE_SIZE - 1,
        (unsigned long)read_only + PAGE_SIZE - 4,
        ~0ul,
        ~7ul,
    };

    memcpy(to, fixed_addresses, sizeof(fixed_addresses));
    memcpy(to + FIXED_ADDRESSES, more, sizeof(more));
}

/* A page with one behind it that is not mapped: the pool is one array. */
static uint8_t *page_at_edge(bool can_be_written)
{
    uint8_t *page = page_new(), *next = page_new();

    memset(page, FILLING, PAGE_SIZE);
    if (next != page + PAGE_SIZE || map(next, 0) != 0)
        error("cannot unmap a page");
    set_writable(page, can_be_written);
    return page;
}

static void put(unsigned long *argument, unsigned place, unsigned long value)
{
    if (place == NONE)
        return;
    if (place & IS_WORD)
        body[NUMBER(place)] = value;
    else
        argument[NUMBER(place)] = value;
}

static long make_call(const struct row *row, unsigned long address, unsigned long count)
{
    unsigned long argument[4];

    memset(body, 0, sizeof(body));
    memcpy(body, row->word, sizeof(row->word));
    memset(writable + PAGE_SIZE - 64, FILLING, 64);
    for (unsigned i = 0; i < 4; i++)
        argument[i] = row->argument[i] == BODY ? (unsigned long)body : row->argument[i];
    put(argument, row->count, count);
    put(argument, row->handle, address);
    return hypercall(row->call, argument[0], argument[1], argument[2], argument[3], 0);
}

/* What calls that can read their argument may have changed. */
static void set_right(void)
{
    struct mmuext_op no_ldt = { .cmd = MMUEXT_SET_LDT };
    uint64_t nowhere[2] = { 0 };

    traps_init();
    events_mask();
    CALL(nmi_op, XENNMI_unregister_callback, 0);
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    CALL(vcpu_op, VCPUOP_stop_singleshot_timer, 0);
    CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, nowhere);
    CALL(vcpu_op, VCPUOP_register_vcpu_time_memory_area, 0, nowhere);
    CALL(mmuext_op, &no_ldt, 1, NULL, DOMID_SELF);
}

static void mix(uint64_t *digest, uint64_t value)
{
    *digest = (*digest ^ value) * 0x100000001b3ul;
    *digest ^= *digest >> 29;
}

static bool is_left_out(const struct row *row, unsigned long address, unsigned long count)
{
    uint64_t elements = row->count == NONE ? 1 : count & 0x7fffffff;

    switch (row->apart) {
    case NOT_READ: return address == (unsigned long)read_only;
    case SHORT: return address >= HYPERVISOR_VIRT_START && count < 2;
    case BITMAP: return leaves_guest(address, BITMAP_SIZE);
    default: return leaves_guest(address, elements * row->apart);
    }
}

static uint64_t run(const struct row *row, bool list)
{
    unsigned long addresses[ADDRESSES];
    uint64_t digest = 1;

    bad_addresses(addresses);
    for (unsigned i = 0; i < ADDRESSES; i++) {
        for (unsigned k = 0; k < (row->count == NONE ? 1 : COUNTS); k++) {
            long result = make_call(row, addresses[i], counts[k]);

            set_right();
            if (list)
                print("  0x%lx, 0x%lx: %ld\n", addresses[i], counts[k], result);
            if (!is_left_out(row, addresses[i], counts[k]))
                mix(&digest, (uint64_t)result);
        }
    }
    return digest;
}

static long frames_in_all(void)
{
    struct xen_memory_domain self = { .domid = DOMID_SELF };

    return CALL(memory_op, XENMEM_current_reservation, &self);
}

void test_main(void)
{
    uint64_t listed = option_number("list=", COUNT(rows));
    long before = frames_in_all();

    writable = page_at_edge(true);
    read_only = page_at_edge(false);
    for (unsigned i = 0; i < COUNT(rows); i++) {
        /* The real Xen has it for its initial domain only. */
        if (rows[i].call == __HYPERVISOR_console_io && !is_xen_lite() && !is_initial_domain())
            continue;
        expect_hex(run(&rows[i], i == listed), rows[i].digest, "row %u, %s", i, rows[i].name);
    }
    expect(frames_in_all(), before, "the number of frames");
}
