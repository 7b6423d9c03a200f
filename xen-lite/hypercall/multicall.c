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

typedef struct multicall_entry_64 entry_t;

_Static_assert(sizeof(((entry_t *)0)->args) == sizeof(((struct hcall *)0)->arg),
               "an entry has as many arguments as a call");

static gva_t result_of(gva_t entry)
{
    return GVA(entry.n + offsetof(entry_t, result));
}

static gva_t arguments_of(gva_t entry)
{
    return GVA(entry.n + offsetof(entry_t, args));
}

/*
 * Runs the entry at `address`. Returns 0, -XEN_EFAULT, HCALL_AGAIN if it wants to be continued,
 * HCALL_DONE if it left the guest's kernel (iret): then what follows would run on behalf of a
 * program.
 */
static long run_entry(struct hcall *h, gva_t address)
{
    struct hcall call = { .v = h->v };
    entry_t entry;
    long result;

    if (guest_copy_in(&entry, address, sizeof(entry)))
        return -XEN_EFAULT;
    call.number = entry.op;
    for (unsigned int i = 0; i < ARRAY_SIZE(call.arg); i++)
        call.arg[i] = entry.args[i];

    result = hypercall_run(&call);

    if (result == HCALL_DONE)
        return HCALL_DONE;
    if (result == HCALL_AGAIN) {
        /* A list that became unwritable meanwhile: the entry is run again from its start, which is
         * allowed of every call. */
        (void)guest_copy_out(arguments_of(address), call.arg, sizeof(call.arg));
        return HCALL_AGAIN;
    }
    return guest_copy_out(result_of(address), &result, sizeof(result));
}

long hc_multicall(struct hcall *h)
{
    gva_t list = GVA(h->arg[0]);
    uint32_t count = (uint32_t)h->arg[1];
    struct call_context *call = &h->v->call;
    long result = 0;
    uint32_t i;

    if (call->in_multicall)
        return refuse(h->v, RULE_HCALL_6, "entry of another multicall");
    if (!guest_array_ok(list, count, sizeof(entry_t)))
        return refuse(h->v, RULE_HCALL_2, "list at %lx, %u entries", list.n, count);

    call->in_multicall = true;
    for (i = 0; i < count && result == 0; i++) {
        call->index = i;
        result = run_entry(h, guest_index(list, i, sizeof(entry_t)));
        if (result == HCALL_AGAIN || (result == 0 && i + 1 < count && preempt_wanted())) {
            unsigned int done = result == HCALL_AGAIN ? i : i + 1;

            h->arg[0] = guest_index(list, done, sizeof(entry_t)).n;
            h->arg[1] = count - done;
            result = HCALL_AGAIN;
        }
    }
    call->in_multicall = false;
    call->index = CALL_NO_INDEX;
    h->v->call.number = __HYPERVISOR_multicall;

    if (result == -XEN_EFAULT)
        return refuse(h->v, RULE_HCALL_2, "entry %u of the list at %lx", i - 1, list.n);
    return result;
}
