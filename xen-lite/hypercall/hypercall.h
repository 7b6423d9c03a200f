/* SPDX-License-Identifier: MIT */
/*
 * Hypercalls: the shape of a handler.
 *
 * A handler gets its arguments as numbers, copies in what they point to, checks, acts, copies out,
 * in four steps. Its result goes to the guest's RAX (or the multicall entry). A handler that has
 * been asked to stop (preempt_wanted()) writes into .arg what is left to do and returns
 * HCALL_AGAIN: the guest then executes the same hypercall instruction again, with those arguments
 * (after interrupts and other vCPUs had their turn).
 */
#ifndef XEN_LITE_HYPERCALL_HYPERCALL_H
#define XEN_LITE_HYPERCALL_HYPERCALL_H

#include <limits.h>

#include "domain/refuse.h"
#include "domain/sched.h"
#include "pv/pv.h"

/*
 * The SYSCALL entry pushes one right below the guest's registers (x86/entry.S). It is also an entry
 * of a multicall list, but that an entry has its result in the place of .v.
 */
struct hcall {
    unsigned long number;
    struct vcpu *v; /* the caller: the current vCPU */
    unsigned long arg[6];
};

/* Two results that are no value: no call returns such a number (an address like it is not
 * canonical). entry.S looks for these two. */
#define HCALL_AGAIN LONG_MIN
/* The call has set the registers itself (iret): leave RAX alone. */
#define HCALL_DONE  (LONG_MIN + 1)

/* hc_xen_version and so on: each entry of abi/hypercalls.def that names a handler. hc_unknown
 * answers for the others. A handler of 32-bit guests has a name of its own (hc_..._32) where they
 * pass something else; what is the same but for the layout of a structure is not. */
#define HYPERCALL(number, name, nargs, handler64, handler32) long handler64(struct hcall *h);
#include "abi/hypercalls.def"

#define HYPERCALL(number, name, nargs, handler64, handler32) long handler32(struct hcall *h);
#include "abi/hypercalls.def"

/* Numbers from here on are of no call. */
#define HYPERCALL_SLOTS 64

typedef long hypercall_handler(struct hcall *h);
/* Null where there is none. */
extern hypercall_handler *const hypercall_handlers[HYPERCALL_SLOTS];
extern hypercall_handler *const hypercall_handlers_32[HYPERCALL_SLOTS];

static ALWAYS_INLINE long hypercall_run_of(struct hcall *h, hypercall_handler *const *handlers)
{
    hypercall_handler *handler;

    if (unlikely(h->number >= HYPERCALL_SLOTS))
        return hc_unknown(h);
    handler = handlers[h->number];
    return likely(handler != NULL) ? handler(h) : hc_unknown(h);
}

/* Runs the call in *h: the handler's result, or HCALL_AGAIN, HCALL_DONE. */
static inline long hypercall_run(struct hcall *h)
{
    return hypercall_run_of(h, hypercall_handlers);
}

/* The same for a 32-bit guest. */
static inline long hypercall_run_32(struct hcall *h)
{
    return hypercall_run_of(h, hypercall_handlers_32);
}

/* The call with its arguments `first` and the next, two halves of a number, in one. For calls that
 * do not change their arguments: when they are continued, the guest's own are right. */
static inline struct hcall hcall_join(const struct hcall *h, unsigned int first)
{
    struct hcall joined = *h;

    joined.arg[first] |= h->arg[first + 1] << 32;
    for (unsigned int i = first + 1; i + 1 < ARRAY_SIZE(h->arg); i++)
        joined.arg[i] = h->arg[i + 1];
    return joined;
}

/* abi/privilege.def says that only a domain that controls the machine may do it. */
bool hypercall_is_for_control(unsigned int call, unsigned int operation);

#endif
