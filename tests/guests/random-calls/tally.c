/* SPDX-License-Identifier: MIT */
/*
 * What the calls of a run were: how often each operation ended how, and how many of all calls were
 * distinct, which is how many different fingerprints they have. Frames count by their names, so
 * that both hypervisors come to the same number.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define NUMBERS      65 /* of calls; the last stands for all that are greater */
#define OPERATIONS   41 /* the same for operations */
#define OUTCOMES     160
#define STATUS       140        /* from here on: statuses of grants */
#define FINGERPRINTS (1u << 19) /* room for so many less some */

static uint32_t counts[NUMBERS][OPERATIONS][OUTCOMES];
static uint64_t fingerprints[FINGERPRINTS], calls, distinct;

/* ---- Which operation ---- */

/* Of a list only one that is alone counts; the others stand under no operation. */
static uint64_t of_list(const struct call *call, uint64_t first)
{
    return call->e.args[1] == 1 && call->at == (unsigned long)call->area ? first : OPERATIONS;
}

/* Called before the call is made. */
static uint64_t operation(const struct call *call)
{
    const unsigned long *area = call->area;

    switch (call->e.op) {
    case __HYPERVISOR_memory_op: return call->e.args[0] & 63;
    case __HYPERVISOR_mmu_update: return of_list(call, area[0] & 7);
    case __HYPERVISOR_mmuext_op: return of_list(call, (uint32_t)area[0]);
    case __HYPERVISOR_event_channel_op_compat:
    case __HYPERVISOR_physdev_op_compat: return (uint32_t)area[0];
    case __HYPERVISOR_grant_table_op:
    case __HYPERVISOR_sched_op:
    case __HYPERVISOR_sched_op_compat:
    case __HYPERVISOR_vcpu_op:
    case __HYPERVISOR_event_channel_op:
    case __HYPERVISOR_physdev_op:
    case __HYPERVISOR_callback_op:
    case __HYPERVISOR_nmi_op:
    case __HYPERVISOR_console_io:
    case __HYPERVISOR_xen_version: return (uint32_t)call->e.args[0];
    case __HYPERVISOR_vm_assist: return (uint32_t)call->e.args[1];
    case __HYPERVISOR_set_debugreg:
    case __HYPERVISOR_get_debugreg:
    case __HYPERVISOR_set_segment_base: return call->e.args[0];
    default: return 0;
    }
}

/* ---- Fingerprints ---- */

static uint64_t add(uint64_t sum, uint64_t value)
{
    int whole = frame_name(value), part = frame_name((value & PTE_FRAME) / PAGE_SIZE);

    if (whole >= 0)
        value = (uint64_t)whole;
    else if (part >= 0)
        value = (value & ~PTE_FRAME) | (uint64_t)part << 12;
    sum = (sum ^ value) * 0x9e3779b97f4a7c15ul;
    return sum ^ sum >> 29;
}

/* An address in its slot is the same wherever the slot is. */
static uint64_t without_slot(const struct call *call, uint64_t value)
{
    return value - (unsigned long)call->slot < sizeof(*call->slot)
               ? value - (unsigned long)call->slot
               : value;
}

static uint64_t fingerprint(const struct call *call)
{
    uint64_t sum = add(1, call->e.op);

    for (unsigned i = 0; i < ARGUMENTS; i++)
        sum = add(sum, without_slot(call, call->e.args[i]));
    for (unsigned i = 0; i < call->used; i++)
        sum = add(sum, without_slot(call, call->area[i]));
    return sum | 1;
}

static void remember(uint64_t print)
{
    for (uint64_t at = print >> 20;; at++) {
        uint64_t *place = &fingerprints[at % FINGERPRINTS];

        if (*place == print)
            return;
        if (*place == 0) {
            *place = print;
            distinct++;
            return;
        }
    }
}

/* ---- Counting ---- */

void tally_call(struct call *call)
{
    uint64_t which = operation(call);

    call->operation = which < OPERATIONS ? (unsigned)which : OPERATIONS - 1;
}

void tally_distinct(const struct call *call)
{
    if (calls++ == FINGERPRINTS / 2)
        error("too many calls in one run");
    remember(fingerprint(call));
}

/* What a list's first element says, if the call itself has nothing to say. */
static unsigned status_of(const struct call *call)
{
    int status = *(const int16_t *)((const char *)call->area + call->status_at);

    return status <= 0 && status >= GNTST_no_space ? (unsigned)-status : 0;
}

void tally_outcome(const struct call *call)
{
    uint64_t number = call->e.op < NUMBERS - 1 ? call->e.op : NUMBERS - 1;
    long result = (long)call->e.result;
    unsigned outcome = result < 0 && result > -OUTCOMES ? (unsigned)-result : 0;

    if (outcome == 0 && call->status_at != 0 && status_of(call) != 0)
        outcome = STATUS + status_of(call);
    counts[number][call->operation][outcome]++;
}

void tally_print(void)
{
    for (unsigned number = 0; number < NUMBERS; number++)
        for (unsigned op = 0; op < OPERATIONS; op++)
            for (unsigned outcome = 0; outcome < OUTCOMES; outcome++)
                if (counts[number][op][outcome])
                    print("tally %u %u %u %u\n", number, op, outcome, counts[number][op][outcome]);
    if (!in_mass())
        print("calls %llu, distinct %llu\n", (unsigned long long)calls,
              (unsigned long long)distinct);
}
