/* SPDX-License-Identifier: MIT */
/*
 * multicall: a list of calls in one.
 *
 * Each entry is read once, run, and its result written back into its .result; the multicall itself
 * returns 0. It can be stopped after any entry, and an entry can ask to be continued: then its
 * remaining arguments are written back into the list, and the multicall is made again from that
 * entry on.
 */
#include "hv/work.h"
#include "hypercall/hypercall.h"
#include "x86/guest_copy.h"

/* So many entries are run between two looks at the clock. */
#define ENTRIES_A_LOOK 8

typedef struct multicall_entry_64 entry_t;

static_assert(sizeof(entry_t) == sizeof(struct hcall) &&
                  offsetof(entry_t, op) == offsetof(struct hcall, number) &&
                  offsetof(entry_t, result) == offsetof(struct hcall, v) &&
                  offsetof(entry_t, args) == offsetof(struct hcall, arg),
              "an entry is copied into a struct hcall");

static gva_t result_of(gva_t entry)
{
    return GVA(entry.n + offsetof(entry_t, result));
}

static gva_t arguments_of(gva_t entry)
{
    return GVA(entry.n + offsetof(entry_t, args));
}

enum { AGAIN = 1, LEFT };

/* The entry has no result (yet). */
static int special(const struct hcall *call, long result, gva_t address)
{
    if (result == HCALL_DONE)
        return LEFT;
    /* A list that became unwritable meanwhile: the entry is run again from its start, which is
     * allowed of every call. */
    (void)guest_copy_out(arguments_of(address), call->arg, sizeof(call->arg));
    return AGAIN;
}

/*
 * Runs the entry at `address`, of a list whose range was checked, in *call. Returns 0, -XEN_EFAULT,
 * AGAIN if it wants to be continued, LEFT if it left the guest's kernel (iret): then what follows
 * would run on behalf of a program.
 */
static inline int run_entry(struct hcall *call, struct vcpu *v, gva_t address)
{
    long result;

    if (unlikely(guest_read_checked(call, address, sizeof(*call)) != 0))
        return -XEN_EFAULT;
    call->v = v;

    result = hypercall_run(call);

    if (unlikely(result == HCALL_DONE || result == HCALL_AGAIN))
        return special(call, result, address);
    return guest_write_word_checked(result_of(address), (uint64_t)result);
}

/* The list is left with `done` of its entries done: the call's arguments say what remains. */
static long later(struct hcall *h, uint32_t done)
{
    h->arg[0] = guest_index(GVA(h->arg[0]), done, sizeof(entry_t)).n;
    h->arg[1] = (uint32_t)h->arg[1] - done;
    return HCALL_AGAIN;
}

/* Time to look up: an entry is as bounded as any call, so not after each of them. */
static inline bool stop_after(uint32_t i)
{
    return atomic_load(&cpu_top()->work) != 0 ||
           (i % ENTRIES_A_LOOK == ENTRIES_A_LOOK - 1 && preempt_wanted());
}

/* Runs the entries up to the last, or to where it has to be left. */
static long run_list(struct hcall *h, gva_t list, uint32_t count)
{
    struct vcpu *v = h->v;
    struct hcall call;
    long result = 0;

    v->call.entry = &call.number;
    for (uint32_t i = 0; i < count; i++) {
        int entry;

        v->call.index = i;
        entry = run_entry(&call, v, guest_index(list, i, sizeof(entry_t)));
        if (unlikely(entry != 0)) {
            v->call.index = i; /* the entry may have had one of its own */
            result = entry == AGAIN ? later(h, i) : entry == LEFT ? HCALL_DONE : entry;
            break;
        }
        if (unlikely(stop_after(i)) && i + 1 < count) {
            result = later(h, i + 1);
            break;
        }
    }
    v->call.entry = NULL;
    return result;
}

long hc_multicall(struct hcall *h)
{
    gva_t list = GVA(h->arg[0]);
    uint32_t count = (uint32_t)h->arg[1];
    struct call_context *call = &h->v->call;
    uint32_t last;
    long result;

    if (call->entry != NULL)
        return refuse(h->v, RULE_HCALL_6, "entry of another multicall");
    if (!guest_array_ok(list, count, sizeof(entry_t)))
        return refuse(h->v, RULE_HCALL_2, "list at %lx, %u entries", list.n, count);

    result = run_list(h, list, count);
    last = call->index;
    call->index = CALL_NO_INDEX;

    if (unlikely(result == -XEN_EFAULT))
        return refuse(h->v, RULE_HCALL_2, "entry %u of the list at %lx", last, list.n);
    return result;
}
