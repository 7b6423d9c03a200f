/* SPDX-License-Identifier: MIT */
/*
 * multicall: a list of calls in one.
 *
 * Each entry is read once, run, and its result written back into its .result; the multicall itself
 * returns 0. It can be stopped after any entry, and an entry can ask to be continued: then its
 * remaining arguments are written back into the list, and the multicall is made again from that
 * entry on.
 *
 * All of it is written once, for both widths of an entry: what reads and writes one is given by the
 * two calls at the end, and is in line in each.
 */
#include "hv/work.h"
#include "hypercall/hypercall.h"
#include "x86/guest_copy.h"

/* So many entries are run between two looks at the clock. */
#define ENTRIES_A_LOOK 8

/* How an entry of a list is read and written. The list's range was checked. All are 0, or
 * -XEN_EFAULT. */
struct form {
    size_t size; /* of an entry */
    int (*read)(struct hcall *call, gva_t entry);
    int (*write_result)(gva_t entry, long result);
    int (*write_arguments)(gva_t entry, const struct hcall *call);
    hypercall_handler *const *handlers;
};

enum { AGAIN = 1, LEFT };

/* The entry has no result (yet). */
static ALWAYS_INLINE int special(const struct form *form, const struct hcall *call, long result,
                                 gva_t address)
{
    if (result == HCALL_DONE)
        return LEFT;
    /* A list that became unwritable meanwhile: the entry is run again from its start, which is
     * allowed of every call. */
    (void)form->write_arguments(address, call);
    return AGAIN;
}

/*
 * Runs the entry at `address`, of a list whose range was checked, in *call. Returns 0, -XEN_EFAULT,
 * AGAIN if it wants to be continued, LEFT if it left the guest's kernel (iret): then what follows
 * would run on behalf of a program.
 */
static ALWAYS_INLINE int run_entry(const struct form *form, struct hcall *call, struct vcpu *v,
                                   gva_t address)
{
    long result;

    if (unlikely(form->read(call, address) != 0))
        return -XEN_EFAULT;
    call->v = v;

    result = hypercall_run_of(call, form->handlers);

    if (unlikely(result == HCALL_DONE || result == HCALL_AGAIN))
        return special(form, call, result, address);
    return form->write_result(address, result);
}

/* The list is left with `done` of its entries done: the call's arguments say what remains. */
static long later(const struct form *form, struct hcall *h, uint32_t done)
{
    h->arg[0] = guest_index(GVA(h->arg[0]), done, form->size).n;
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
static ALWAYS_INLINE long run_list(const struct form *form, struct hcall *h, gva_t list,
                                   uint32_t count)
{
    struct vcpu *v = h->v;
    struct hcall call;
    long result = 0;

    v->call.entry = &call.number;
    for (uint32_t i = 0; i < count; i++) {
        int entry;

        v->call.index = i;
        entry = run_entry(form, &call, v, guest_index(list, i, form->size));
        if (unlikely(entry != 0)) {
            v->call.index = i; /* the entry may have had one of its own */
            result = entry == AGAIN ? later(form, h, i) : entry == LEFT ? HCALL_DONE : entry;
            break;
        }
        if (unlikely(stop_after(i)) && i + 1 < count) {
            result = later(form, h, i + 1);
            break;
        }
    }
    v->call.entry = NULL;
    return result;
}

static ALWAYS_INLINE long multicall(const struct form *form, struct hcall *h)
{
    gva_t list = GVA(h->arg[0]);
    uint32_t count = (uint32_t)h->arg[1];
    struct call_context *call = &h->v->call;
    uint32_t last;
    long result;

    if (call->entry != NULL)
        return refuse(h->v, RULE_HCALL_6, "entry of another multicall");
    if (!guest_array_ok(list, count, form->size))
        return refuse(h->v, RULE_HCALL_2, "list at %lx, %u entries", list.n, count);

    result = run_list(form, h, list, count);
    last = call->index;
    call->index = CALL_NO_INDEX;

    if (unlikely(result == -XEN_EFAULT))
        return refuse(h->v, RULE_HCALL_2, "entry %u of the list at %lx", last, list.n);
    return result;
}

/* ---- 64 bits: an entry has the layout of a struct hcall, the result in the place of .v ---- */

typedef struct multicall_entry_64 entry_t;

static_assert(sizeof(entry_t) == sizeof(struct hcall) &&
                  offsetof(entry_t, op) == offsetof(struct hcall, number) &&
                  offsetof(entry_t, result) == offsetof(struct hcall, v) &&
                  offsetof(entry_t, args) == offsetof(struct hcall, arg),
              "an entry is copied into a struct hcall");

static inline int read_64(struct hcall *call, gva_t entry)
{
    return guest_read_checked(call, entry, sizeof(*call));
}

static inline int write_result_64(gva_t entry, long result)
{
    return guest_write_word_checked(GVA(entry.n + offsetof(entry_t, result)), (uint64_t)result);
}

static int write_arguments_64(gva_t entry, const struct hcall *call)
{
    return guest_copy_out(GVA(entry.n + offsetof(entry_t, args)), call->arg, sizeof(call->arg));
}

/* multicall(list, number of entries). */
long hc_multicall(struct hcall *h)
{
    static const struct form form = {
        .size = sizeof(entry_t),
        .read = read_64,
        .write_result = write_result_64,
        .write_arguments = write_arguments_64,
        .handlers = hypercall_handlers,
    };

    return multicall(&form, h);
}

/* ---- 32 bits ---- */

typedef struct multicall_entry_32 entry32_t;

/* Word by word: they go to places twice as far apart. */
static inline int read_32(struct hcall *call, gva_t entry)
{
    uint64_t args = entry.n + offsetof(entry32_t, args);
    unsigned int faults = 0;

    stac();
    call->number = guest_get_half_word(entry.n + offsetof(entry32_t, op), &faults);
    call->arg[0] = guest_get_half_word(args, &faults);
    call->arg[1] = guest_get_half_word(args + 4, &faults);
    call->arg[2] = guest_get_half_word(args + 8, &faults);
    call->arg[3] = guest_get_half_word(args + 12, &faults);
    call->arg[4] = guest_get_half_word(args + 16, &faults);
    call->arg[5] = guest_get_half_word(args + 20, &faults);
    clac();
    return likely(faults == 0) ? 0 : -XEN_EFAULT;
}

static inline int write_result_32(gva_t entry, long result)
{
    bool done;

    stac();
    done = guest_put_half_word(entry.n + offsetof(entry32_t, result), (uint32_t)result);
    clac();
    return likely(done) ? 0 : -XEN_EFAULT;
}

static int write_arguments_32(gva_t entry, const struct hcall *call)
{
    uint32_t args[ARRAY_SIZE(call->arg)];

    for (unsigned int i = 0; i < ARRAY_SIZE(args); i++)
        args[i] = (uint32_t)call->arg[i];
    return guest_copy_out(GVA(entry.n + offsetof(entry32_t, args)), args, sizeof(args));
}

long hc_multicall_32(struct hcall *h)
{
    static const struct form form = {
        .size = sizeof(entry32_t),
        .read = read_32,
        .write_result = write_result_32,
        .write_arguments = write_arguments_32,
        .handlers = hypercall_handlers_32,
    };

    return multicall(&form, h);
}
