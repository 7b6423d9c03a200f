/* SPDX-License-Identifier: MIT */
/*
 * set_timer_op: the call that most kernels use for their next timer event.
 *
 * It is the one-shot timer without a structure to fill, so without a copy: a kernel that reprograms
 * its timer at each tick pays for the hypercall only. It and vcpu_op's set_singleshot_timer set the
 * same timer; the later of the two calls counts.
 */
#include "domain/time.h"
#include "hypercall/hypercall.h"

/*
 * set_timer_op(deadline), of the calling vCPU. The deadline is in ns of system time, the clock of
 * struct vcpu_time_info; 0 stops the timer. When it has come, VIRQ_TIMER is raised on the vCPU, at
 * once if it is over already. A negative one, or one that is weeks away, is taken for a mistake and
 * fires after 100 ms, as on Xen. Always 0. Source: Xen's public xen.h.
 */
long hc_set_timer_op(struct hcall *h)
{
    timers_set_deadline(h->v, (int64_t)h->arg[0]);
    return 0;
}

/* set_timer_op(low half, high half). */
long hc_set_timer_op_32(struct hcall *h)
{
    struct hcall joined = hcall_join(h, 0);

    return hc_set_timer_op(&joined);
}
