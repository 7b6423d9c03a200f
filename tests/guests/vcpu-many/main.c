/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain can have more vCPUs than the shared page has places for: from number 32 on one
 *     starts only after its vcpu_info was registered; it runs, is sent events, polls, is named in
 *     sets of vCPUs whose TLBs are flushed, goes down and comes up again like the others; with
 *     FIFO events it has queues of its own.
 * Rule: VCPU-10, VCPU-6, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 70
 *
 * One CPU: with 4 emulated ones on 2 real ones, two thirds of a round took the real Xen 40 s, as
 * all CPUs share the run queue that 69 yielding vCPUs go through. It does not hang.
 */
#include "tests/guests/support/support.h"

#define VCPUS   70
#define ROUNDS  3
#define SECONDS 1000000000ull

static struct vcpu_info infos[VCPUS] __attribute__((aligned(PAGE_SIZE)));
static char stacks[VCPUS][PAGE_SIZE / 2] __attribute__((aligned(16)));
static unsigned ports[VCPUS];

/* What each has done, and, of those that look at it, what they read at a page that changes. */
static volatile unsigned started[VCPUS], heard[VCPUS], seen[VCPUS], look;
static volatile unsigned *page;

static long place(unsigned id, unsigned offset)
{
    struct vcpu_register_vcpu_info where = { .mfn = mfn_of(&infos[id]), .offset = offset };

    return CALL(vcpu_op, VCPUOP_register_vcpu_info, id, &where);
}

/* A poll may end without a reason: who sent the last event may be late with waking up. */
static void wait_for_event(unsigned long id)
{
    struct sched_poll poll = { .ports = (unsigned long)&ports[id], .nr_ports = 1 };

    do
        if (CALL(sched_op, SCHEDOP_poll, &poll) != 0)
            failure("vCPU %lu cannot poll", id);
    while (!event_pending(ports[id]));
}

/* Waits for its event so often, then looks at the page until it is told to end. */
static void run(unsigned long id)
{
    for (unsigned round = 1; round <= ROUNDS; round++) {
        started[id] = round;
        wait_for_event(id);
        event_clear(ports[id]);
        heard[id] = round;
        while (look == round) {
            seen[id] = *page;
            CALL(sched_op, SCHEDOP_yield);
        }
        CALL(vcpu_op, VCPUOP_down, id);
    }
    failure("vCPU %lu was brought up once more", id);
}

static void wait_all(const volatile unsigned *words, unsigned value, const char *what)
{
    uint64_t end = system_time() + 60 * SECONDS;

    for (unsigned id = 1; id < VCPUS; id++)
        while (words[id] != value) {
            if (system_time() > end)
                failure("%s: vCPU %u has %u, not %u", what, id, words[id], value);
            CALL(sched_op, SCHEDOP_yield);
        }
}

/* Each vCPU has its event port and its vcpu_info. */
static void prepare(void)
{
    struct vcpu_guest_context context = { 0 };

    for (unsigned id = 1; id < VCPUS; id++) {
        struct evtchn_bind_ipi ipi = { .vcpu = id };

        expect(event_op(EVTCHNOP_bind_ipi, &ipi), 0, "bind an IPI of vCPU %u", id);
        ports[id] = ipi.port;
        event_mask(ipi.port);
    }
    expect(CALL(vcpu_op, VCPUOP_initialise, 32, &context), -XEN_EINVAL, "without vcpu_info");
    expect(CALL(vcpu_op, VCPUOP_initialise, 32, UNMAPPED_ADDRESS), -XEN_EINVAL,
           "without it, at a bad address");
    expect(CALL(vcpu_op, VCPUOP_up, 32), -XEN_EINVAL, "up before that");
    expect(CALL(vcpu_op, VCPUOP_is_up, 32), 0, "it is not up");
    expect(CALL(vcpu_op, VCPUOP_is_up, VCPUS), -XEN_ENOENT, "one too many");
    expect(place(33, PAGE_SIZE - 32), -XEN_ENXIO, "across a page's end");
    for (unsigned id = 32; id < VCPUS; id++) {
        expect(place(id, (unsigned long)&infos[id] % PAGE_SIZE), 0, "the place of vCPU %u", id);
        expect(infos[id].evtchn_upcall_mask, 1, "the mask of vCPU %u", id);
    }
    expect(place(40, 0), -XEN_EINVAL, "twice");
    expect(CALL(vcpu_op, VCPUOP_initialise, 32, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "with it, at a bad address");
}

static void send_to_all(unsigned round)
{
    for (unsigned id = 1; id < VCPUS; id++)
        expect(event_try_send(ports[id]), 0, "an event to vCPU %u", id);
    wait_all(heard, round, "heard");
}

/* All have the page's translation; it is changed, and flushed where the bitmap says: all but us. */
static void flush_all(unsigned operation, uint64_t *there)
{
    static unsigned long set[(VCPUS + 8 * sizeof(long) - 1) / (8 * sizeof(long))];
    struct mmuext_op op = { .cmd = operation,
                            .arg1.linear_addr = (unsigned long)page,
                            .arg2.vcpumask = (unsigned long)set };

    for (unsigned i = 0; i < COUNT(set); i++)
        set[i] = ~0ul;
    expect(mmu_update(entry_machine(page, 1), make_entry(there, PTE_RO)), 0, "another page");
    expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), 0, "flush a set of vCPUs");
    for (unsigned id = 0; id < VCPUS; id++)
        seen[id] = 0;
    wait_all(seen, *(unsigned *)there, "what is read after a flush");
}

/* The words of a set are read as far as the domain has vCPUs. */
static void ends_of_sets(void)
{
    unsigned words = (VCPUS - 1) / (8 * sizeof(long)) + 1;
    char *end = (char *)page_new() + PAGE_SIZE;
    struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_MULTI };

    expect(map(end, 0), 0, "nothing behind the page");
    op.arg2.vcpumask = (unsigned long)(end - words * sizeof(long));
    expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), 0, "a set that ends with the page");
    op.arg2.vcpumask += sizeof(long);
    expect(CALL(mmuext_op, &op, 1, 0, DOMID_SELF), -XEN_EINVAL, "a set that goes on behind it");
}

/* All wait for their events meanwhile. */
static void change_to_fifo(void)
{
    fifo_begin(VCPUS, 1);
    for (unsigned id = 1; id < VCPUS; id++)
        event_mask(ports[id]);
}

/* One that is not masked, for a vCPU that is down. */
static void queue_of_the_last(void)
{
    evtchn_port_t last = ports[VCPUS - 1];

    event_unmask_locally(last);
    infos[VCPUS - 1].evtchn_upcall_pending = 0;
    event_send(last);
    expect(READ_ONCE(infos[VCPUS - 1].evtchn_upcall_pending), 1, "its upcall");
    expect(fifo_take(VCPUS - 1), last, "what is in its queue");
    expect(fifo_take(VCPUS - 1), 0, "and no more");
}

void test_main(void)
{
    uint64_t *pages[ROUNDS + 1];

    if (CALL(vcpu_op, VCPUOP_is_up, VCPUS - 1) == -XEN_ENOENT)
        skip("the domain has fewer than %u vCPUs", VCPUS);
    for (unsigned i = 0; i <= ROUNDS; i++) {
        pages[i] = page_new();
        *pages[i] = 100 + i;
    }
    page = (void *)pages[0];
    prepare();
    for (unsigned id = 1; id < VCPUS; id++) {
        vcpu_start_on(id, run, id, stacks[id], sizeof(stacks[id]));
        while (started[id] == 0)
            CALL(sched_op, SCHEDOP_yield);
    }
    for (unsigned round = 1; round <= ROUNDS; round++) {
        wait_all(started, round, "started");
        if (round == 2)
            change_to_fifo();
        look = round;
        send_to_all(round);
        flush_all(round == 1 ? MMUEXT_INVLPG_MULTI : MMUEXT_TLB_FLUSH_MULTI, pages[round]);
        look = 0;
        for (unsigned id = 1; id < VCPUS; id++)
            while (CALL(vcpu_op, VCPUOP_is_up, id) != 0)
                CALL(sched_op, SCHEDOP_yield);
        for (unsigned id = 1; id < VCPUS && round < ROUNDS; id++)
            expect(CALL(vcpu_op, VCPUOP_up, id), 0, "vCPU %u up again", id);
    }
    queue_of_the_last();
    ends_of_sets();
}
