/* SPDX-License-Identifier: MIT */
/*
 * From the guest's registers to a handler and back.
 *
 * The table is abi/hypercalls.def: a number without a handler does not link, a handler without a
 * number does not compile. A handler that returns HCALL_AGAIN has left the rest of its work in
 * .arg; the instruction pointer goes back by the two bytes of SYSCALL, so that the guest makes the
 * call again, after the exit path has done what was waiting.
 */
#include "core/rules.h"
#include "hypercall/hypercall.h"
#include "lib/types.h"
#include "x86/entry.h"

#define SYSCALL_LENGTH 2

typedef long (*handler_fn)(struct hcall *h);

static const handler_fn handlers[] = {
#define HYPERCALL(number, name, nargs, handler64, handler32) [number] = (handler64),
#include "abi/hypercalls.def"
};

/* The ABI has no call of this number, or xen-lite does not have it. */
long hc_unknown(struct hcall *h)
{
    return refuse(h->v, RULE_HCALL_1, "number %lu", h->number);
}

/* Calls that only a control domain may make; refused before any argument is read. */
long hc_privileged(struct hcall *h)
{
    return refuse(h->v, RULE_PRIV_1, "number %lu", h->number);
}

/* Runs one call whose number and arguments are in *h. */
long hypercall_run(struct hcall *h)
{
    handler_fn handler;

    h->v->call.number = (uint16_t)h->number;
    if (unlikely(h->number >= ARRAY_SIZE(handlers)))
        return hc_unknown(h);
    handler = handlers[h->number];
    if (unlikely(handler == NULL))
        return hc_unknown(h);
    return handler(h);
}

static void write_back_arguments(struct regs *regs, const struct hcall *h)
{
    regs->rdi = h->arg[0];
    regs->rsi = h->arg[1];
    regs->rdx = h->arg[2];
    regs->r10 = h->arg[3];
    regs->r8 = h->arg[4];
    regs->r9 = h->arg[5];
}

void hypercall_dispatch(struct regs *regs)
{
    struct hcall h = {
        .v = current_vcpu(),
        .number = regs->rax,
        .arg = { regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9 },
    };
    long result = hypercall_run(&h);

    h.v->call.number = CALL_NONE;
    h.v->call.index = CALL_NO_INDEX;
    if (unlikely(result == HCALL_AGAIN)) {
        write_back_arguments(regs, &h);
        regs->rip -= SYSCALL_LENGTH;
    } else if (likely(result != HCALL_DONE)) {
        regs->rax = (uint64_t)result;
    }
}
