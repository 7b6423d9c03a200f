/* SPDX-License-Identifier: MIT */
/*
 * Claim: 64-bit arguments take two registers, low half first, by `int $0x82` and in a multicall,
 *     and all of both halves count: deadlines beyond 4 s, NX and frames' high bits of entries,
 * machine addresses and descriptors. A multicall writes each call's result into its entry and
 * leaves the arguments. A list that takes long is done to its end.
 * Rule: HCALL-6; abi/hypercalls.def
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a register of a 64-bit guest holds all
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define SECOND 1000000000ull

static uint8_t *page, *place;

/* A call in a list. */
#define ENTRY(number, ...)                                        \
    {                                                             \
        .op = (number), .result = 0x7777, .args = { __VA_ARGS__ } \
    }

static void mappings(void)
{
    const uint64_t nx = make_entry(page, PTE_RW | PTE_NX), far = make_entry(page, PTE_RW);
    unsigned long high = (unsigned long)(nx >> 32);
    struct multicall_entry list[] = {
        ENTRY(__HYPERVISOR_update_va_mapping, (unsigned long)place, (unsigned long)nx, high,
              UVMF_INVLPG),
        ENTRY(__HYPERVISOR_update_va_mapping, (unsigned long)place, (unsigned long)far, 0x000f0000,
              UVMF_INVLPG),
        ENTRY(__HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)place, 0, 0, UVMF_INVLPG,
              DOMID_SELF),
    };

    expect(update_va_mapping(place, nx, UVMF_INVLPG), 0, "with NX");
    expect_entry(place, nx & ~PTE_SOFTWARE, "an entry with NX");
    expect_hex(*entry_of(place, 1) & PTE_NX, PTE_NX, "NX");
    expect(CALL(multicall, list, COUNT(list)), 0, "multicall");
    expect((long)list[0].result, 0, "an entry with NX");
    expect_true((long)list[1].result < 0, "a frame that no machine has");
    expect((long)list[2].result, 0, "no entry, other form");
    expect_hex(*entry_of(place, 1), 0, "what is there then");
    expect_hex(list[0].args[2], high, "an argument stays");
    expect_hex(list[2].args[4], DOMID_SELF, "the last argument stays");
}

static void descriptors(void)
{
    uint64_t *gdt = gdt_new(), d = raw_descriptor(0x12345678, 0x9abcd, 0xf3, 0xc);
    uint64_t at = machine_of(&gdt[9]);
    struct multicall_entry entry =
        ENTRY(__HYPERVISOR_update_descriptor, (unsigned long)at, (unsigned long)(at >> 32),
              (unsigned long)d, (unsigned long)(d >> 32));

    expect(CALL(multicall, &entry, 1), 0, "multicall");
    expect((long)entry.result, 0, "a descriptor");
    expect_hex(gdt[9], d, "the descriptor");
    expect(update_descriptor(at | 1ull << 44, d), -XEN_EINVAL, "an address that no machine has");
    expect(update_descriptor(at, d | 1ull << 53), -XEN_EINVAL, "L, in the high half");
}

static void timers(void)
{
    struct evtchn_bind_virq bind = { .virq = VIRQ_TIMER };
    uint64_t start = system_time();

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    expect(event_op(EVTCHNOP_bind_virq, &bind), 0, "bind the timer");
    expect(set_timer_op(start + 10 * SECOND), 0, "in ten seconds");
    expect(set_timer_op((start & 0xffffffff) | 0xffull << 32), 0, "in a thousand seconds");
    while (system_time() < start + SECOND / 50)
        CALL(sched_op, SCHEDOP_yield);
    events_unmask();
    events_mask();
    expect((long)event_count[bind.port], 0, "events before the time");
    expect(set_timer_op(0), 0, "never");
}

/* Long enough to be interrupted by a periodic timer's ticks. */
static void continued(void)
{
    static struct mmu_update updates[4000];
    struct vcpu_set_periodic_timer tick = { .period_ns = 1000000 };
    uint64_t *table = table_new();
    long result = __HYPERVISOR_mmu_update;
    unsigned long bx = (unsigned long)updates, cx = COUNT(updates), si = DOMID_SELF;
    uint32_t done = 0;
    unsigned long dx = (unsigned long)&done, di = 0x1234;

    for (unsigned i = 0; i < COUNT(updates); i++)
        updates[i] = (struct mmu_update){ machine_of(&table[i % 512]), make_entry(page, PTE_RO) };
    expect(mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)), 0, "pin");
    CALL(vcpu_op, VCPUOP_set_periodic_timer, 0, &tick);
    __asm__ volatile("int $0x82"
                     : "+a"(result), "+b"(bx), "+c"(cx), "+d"(dx), "+S"(si), "+D"(di)
                     :
                     : "memory");
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    expect(result, 0, "a long list");
    expect((long)done, COUNT(updates), "how many were done");
    expect_hex(di, 0x1234, "a register that is no argument");
    expect_hex(si, DOMID_SELF, "the domain");
    expect_hex(dx, (unsigned long)&done, "where the count goes");
}

void test_main(void)
{
    page = page_new();
    place = page_new();
    mappings();
    descriptors();
    timers();
    continued();
}
