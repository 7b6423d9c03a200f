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

struct hcall {
    struct vcpu *v; /* the caller: the current vCPU */
    unsigned long number;
    unsigned long arg[6];
};

/* Two results that are no value: no call returns such a number (an address like it is not
 * canonical). */
#define HCALL_AGAIN LONG_MIN
/* The call has set the registers itself (iret): leave RAX alone. */
#define HCALL_DONE  (LONG_MIN + 1)

/* hc_xen_version and so on: each entry of abi/hypercalls.def that names a handler. hc_unknown
 * answers for the others. */
#define HYPERCALL(number, name, nargs, handler64, handler32) long handler64(struct hcall *h);
#include "abi/hypercalls.def"

/* Runs the call in *h: the handler's result, or HCALL_AGAIN, HCALL_DONE. */
long hypercall_run(struct hcall *h);

/* From the SYSCALL entry: runs the call that regs ask for. */
void hypercall_dispatch(struct regs *regs);

#endif
