/* SPDX-License-Identifier: MIT */
/*
 * Claim: a root table that a vCPU has left is plain memory at once, wherever the vCPU ran before:
 *     no CPU still runs on it.
 * Rule: invariants A1, A4
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 *
 * Each vCPU goes to a root of its own, sleeps, is woken, perhaps on another CPU, leaves the root
 * and clears it, the hypervisor's entries above all: a CPU that still used it would be lost. A
 * round takes the real Xen ten times as long, so it has fewer.
 */
#include "tests/guests/support/support.h"

#define ROUNDS   200
#define ON_XEN   40
#define SLEEP_NS 300000

/* What they are cleared to is what they were at first. */
static uint64_t *roots[2], images[2][PAGE_SIZE / sizeof(uint64_t)];
static evtchn_port_t ports[2];
static volatile unsigned ended;
static unsigned wrong;

static uint64_t *boot_root(void)
{
    return (uint64_t *)start_info->pt_base;
}

/* Wakes the other one, then sleeps until it does the same or for a moment. */
static void pass_on(unsigned id)
{
    struct sched_poll poll = { .ports = (unsigned long)&ports[id], .nr_ports = 1 };

    poll.timeout = system_time() + SLEEP_NS;
    event_send(ports[!id]);
    CALL(sched_op, SCHEDOP_poll, &poll);
    event_clear(ports[id]);
}

static bool round_trip(unsigned id)
{
    uint64_t *root = roots[id];
    bool ok = map(root, make_entry(root, PTE_RW)) == 0;

    memcpy(root, images[id], PAGE_SIZE);
    ok = map(root, make_entry(root, PTE_RO)) == 0 && ok;
    ok = mmuext(MMUEXT_NEW_BASEPTR, mfn_of(root)) == 0 && ok;
    pass_on(id);
    return mmuext(MMUEXT_NEW_BASEPTR, mfn_of(boot_root())) == 0 && ok;
}

static void rounds(unsigned id)
{
    for (unsigned i = 0; i < (is_xen_lite() ? ROUNDS : ON_XEN); i++)
        if (!round_trip(id))
            __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
}

static void second(unsigned long id)
{
    rounds((unsigned)id);
    ended = 1;
    CALL(vcpu_op, VCPUOP_down, id);
}

void test_main(void)
{
    for (unsigned id = 0; id < 2; id++) {
        struct evtchn_bind_ipi ipi = { .vcpu = id };

        if (event_op(EVTCHNOP_bind_ipi, &ipi) != 0)
            error("no port for vCPU %u", id);
        ports[id] = ipi.port;
        event_mask(ipi.port);
        roots[id] = root_new();
        memcpy(images[id], roots[id], PAGE_SIZE);
    }
    vcpu_start(second, 1);
    rounds(0);
    expect_true(wait_for(&ended), "vCPU 1 comes to its end");
    expect((long)wrong, 0, "rounds that went wrong");
}
