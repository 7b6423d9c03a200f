/* SPDX-License-Identifier: MIT */
/*
 * Claim: no hypercall with senseless arguments harms anybody but the caller's own data: after
 *     thousands of them the guest and the hypervisor go on.
 * Rule: HCALL-1, HCALL-2, HCALL-3; invariants B1, B2, B5
 * Runs on: xen-lite
 * Ends: poweroff
 *
 * Random, the same each time. Left out are calls that rightly end or stop the guest, or take away
 * what the test stands on. Not on the real Xen: there the test is the initial domain and would
 * break the machine.
 */
#include "tests/guests/support/support.h"

#define ROUNDS 60
#define TOYS   4

static uint64_t seed = 4711;
static uint64_t *playground;      /* where structures are */
static uint64_t *toys[TOYS];      /* pages that the calls may do anything with ... */
static uint64_t toy_frames[TOYS]; /* ... and their frames */

static uint64_t random(void)
{
    seed = seed * 6364136223846793005ul + 1442695040888963407ul;
    return seed >> 24;
}

/* A number that means something where frames, entries or pages are asked for. */
static uint64_t toy(void)
{
    unsigned i = random() % TOYS;

    switch (random() % 4) {
    case 0: return toy_frames[i];
    case 1: return toy_frames[i] * PAGE_SIZE | (random() % 2 ? PTE_RW : PTE_RO);
    case 2: return toy_frames[i] * PAGE_SIZE | random() % 4096;
    default: return (uint64_t)toys[i];
    }
}

static uint64_t argument(void)
{
    switch (random() % 16) {
    case 0: return 0;
    case 1: return ~0ul;
    case 2: return random() % 32;
    case 3: return 1ul << random() % 64;
    case 4: return (uint64_t)playground + random() % PAGE_SIZE;
    case 5: return (uint64_t)playground + PAGE_SIZE - random() % 16;
    case 6: return HYPERVISOR_ADDRESS + random() % PAGE_SIZE;
    case 7: return HYPERVISOR_VIRT_END - random() % 64;
    case 8: return NONCANONICAL_ADDRESS + random() % 64;
    case 9: return MACH2PHYS_VIRT_START + random() % PAGE_SIZE;
    case 10: return machine_of(playground) + random() % PAGE_SIZE;
    case 11: return random() << 24 ^ random();
    default: return toy();
    }
}

/* The first argument, where it chooses an operation that must not happen. */
static bool is_left_out(unsigned call, uint64_t a, uint64_t b)
{
    switch (call) {
    case __HYPERVISOR_iret:
    case __HYPERVISOR_multicall: /* would have any other in it */
    case __HYPERVISOR_set_callbacks:
    case __HYPERVISOR_stack_switch: return true;
    case __HYPERVISOR_callback_op: return a == CALLBACKOP_register;
    case __HYPERVISOR_set_trap_table: return a == 0; /* takes all handlers away */
    case __HYPERVISOR_sched_op: return (uint32_t)a != SCHEDOP_yield;
    case __HYPERVISOR_sched_op_compat: return true;
    case __HYPERVISOR_vcpu_op: return (uint32_t)a == VCPUOP_down && (uint32_t)b == 0;
    case __HYPERVISOR_console_io: return (uint32_t)a == CONSOLEIO_write;
    default: return false;
    }
}

/* Words that mean something in many structures, so that more than the first check is passed. */
static void fill_playground(void)
{
    for (unsigned i = 0; i < PAGE_SIZE / 8; i++)
        playground[i] = random() % 2 ? random() % 16 : argument();
}

/* A toy can become an L1 table, but no higher one: on those the guest itself might come to run. */
static void make_toys(void)
{
    for (unsigned i = 0; i < TOYS; i++) {
        toys[i] = page_new();
        toy_frames[i] = mfn_of(toys[i]);
        toys[i][0] = make_entry(toys[i], PTE_RO | PTE_GLOBAL);
        set_writable(toys[i], i % 2);
    }
}

void test_main(void)
{
    unsigned calls = 0;

    playground = page_new();
    make_toys();
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned call = 0; call < 64; call++) {
            uint64_t a = argument(), b = argument();

            set_writable(playground, true);
            fill_playground();
            if (is_left_out(call, a, b))
                continue;
            hypercall(call, a, b, argument(), argument(), argument());
            calls++;
        }
    }
    print("%u calls\n", calls);
    traps_init();
    expect_fault(TRY("ud2", ::: "memory"), X_UD, 0, "ud2 afterwards");
    expect(CALL(xen_version, XENVER_pagesize, NULL), 4096, "pagesize afterwards");
}
