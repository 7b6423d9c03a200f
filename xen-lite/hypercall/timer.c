/* SPDX-License-Identifier: MIT */
/*
 * set_timer_op: the call that most kernels use for their next timer event.
 */
#include "domain/time.h"
#include "hypercall/hypercall.h"

/* Deadline in ns of system time; 0 stops the timer. Cannot fail. */
long hc_set_timer_op(struct hcall *h)
{
    timers_set_deadline(h->v, (int64_t)h->arg[0]);
    return 0;
}
