/* SPDX-License-Identifier: MIT */
/*
 * vcpu_op, second half: memory of the guest that the hypervisor keeps up to date for a vCPU, and
 * the vCPU's timers.
 *
 * The areas are of two kinds. Run state and time are given by virtual address and written from the
 * vCPU's own context, so that a page that is not mapped only means that this once nothing is
 * written. The vcpu_info, which event delivery cannot do without, is given by frame, and holds a
 * writable reference on that for as long as the vCPU lives.
 *
 * Errors of all: -EFAULT (HCALL-2) for a structure that cannot be read. Source: Xen's public
 * vcpu.h.
 */
#include "core/guest_timer.h"
#include "domain/evtchn.h"
#include "domain/guest_struct.h"
#include "domain/memory.h"
#include "domain/time.h"
#include "hypercall/hypercall.h"
#include "hypercall/vcpu.h"
#include "lib/atomic.h"

/* IN: address of a struct vcpu_runstate_info. Written now and at each change of state; address 0
 * withdraws it, though as on Xen it is written there once if the guest has mapped that page. An
 * address in the hypervisor's area is refused (-EFAULT, HCALL-2). */
long vcpu_op_register_runstate_memory_area(struct hcall *h, struct vcpu *v, gva_t where)
{
    const struct struct_forms *forms = &vcpu_runstate_info_forms;
    struct vcpu_runstate_info_64 info;
    gva_t at;

    if (guest_words_in(v, &at.n, where, 1) != 0)
        return vcpu_bad_address(h, where);
    if (!guest_list_ok(v, at, 1, guest_struct_size(v, forms)))
        return vcpu_bad_address(h, at);

    atomic_store(&v->runstate_area.n, at.n);

    /* That the area is not mapped yet is no error: it is written at each change. */
    runstate_get(v, &info);
    (void)guest_struct_out(v, forms, at, &info);
    return 0;
}

/* IN: address of a struct vcpu_time_info, a second copy beside the one in vcpu_info: for programs,
 * whose clock is then a read of memory. Written now, by the caller, and again whenever the vCPU is
 * put on a CPU; address 0 withdraws it, and nothing is written there. Errors as above. */
long vcpu_op_register_vcpu_time_memory_area(struct hcall *h, struct vcpu *v, gva_t where)
{
    gva_t at;

    if (guest_words_in(v, &at.n, where, 1) != 0)
        return vcpu_bad_address(h, where);
    if (!guest_list_ok(v, at, 1, sizeof(struct vcpu_time_info)))
        return vcpu_bad_address(h, at);

    atomic_store(&v->time_area.n, at.n);
    if (at.n != 0)
        time_publish(v, at);
    return 0;
}

/* The rule that moving v's information to this place would break. Whether it was moved before is
 * asked again when it is moved. */
static enum rule_id check_place(const struct hcall *h, const struct vcpu *v,
                                const struct vcpu_register_vcpu_info *place)
{
    if (place->offset > PAGE_SIZE - sizeof(struct shared_vcpu) ||
        place->offset % v->domain->width->bytes != 0)
        return RULE_VCPU_6;
    if (mfn_is_valid(v->info_frame))
        return RULE_VCPU_5;
    if (v != h->v && READ_ONCE(v->state) != VCPU_DOWN)
        return RULE_VCPU_8;
    return RULE_NONE;
}

/*
 * Moves v's struct vcpu_info out of the shared page, which has room for 32, to any place of the
 * domain's memory; once, and not back. IN: frame and offset. -ENXIO for an offset at which it would
 * cross the page or is not aligned (VCPU-6); -EINVAL if it was moved before (VCPU-5), the frame
 * cannot be written by the domain (VCPU-7), or v is another vCPU that is up (VCPU-8).
 */
long vcpu_op_register_vcpu_info(struct hcall *h, struct vcpu *v, gva_t where)
{
    struct vcpu_register_vcpu_info place;
    enum rule_id rule;
    mfn_t frame;

    if (guest_copy_in(&place, where, sizeof(place)) != 0)
        return vcpu_bad_address(h, where);
    frame = MFN(place.mfn);
    rule = check_place(h, v, &place);
    if (rule == RULE_NONE && domain_get_writable(v->domain, frame) != RULE_NONE)
        rule = RULE_VCPU_7;
    if (rule != RULE_NONE)
        return refuse(h->v, rule, "vcpu %u, mfn %lx, offset %u", v->id, frame.n, place.offset);

    if (evtchn_move_info(v, (struct shared_vcpu *)((char *)mfn_to_virt(frame) + place.offset),
                         frame))
        return 0;

    domain_put_writable(v->domain, frame);
    return refuse(h->v, RULE_VCPU_5, "vcpu %u", v->id);
}

/* ---- Timers ---- */

/* VIRQ_TIMER on v every period_ns. -EINVAL for less than 1 ms (TIME-1) or more than the clock can
 * count (TIME-4). A vCPU begins with 10 ms, as on Xen; kernels with timers of their own stop it. It
 * does not fire while v is not loaded: what is overdue comes once, when v runs again. */
long vcpu_op_set_periodic_timer(struct hcall *h, struct vcpu *v, gva_t where)
{
    struct vcpu_set_periodic_timer timer;
    enum rule_id rule;

    if (guest_copy_in(&timer, where, sizeof(timer)) != 0)
        return vcpu_bad_address(h, where);
    rule = guest_period_check(timer.period_ns);
    if (rule != RULE_NONE)
        return refuse(h->v, rule, "%lu ns", timer.period_ns);

    timers_set_period(v, timer.period_ns);
    return 0;
}

long vcpu_op_stop_periodic_timer(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)h;
    (void)where;
    timers_set_period(v, 0);
    return 0;
}

/* VIRQ_TIMER once at a moment of system time, which may be past: then at once. The same timer as
 * set_timer_op's. Own vCPU only, which is looked at first (-EINVAL, TIME-2). */
long vcpu_op_set_singleshot_timer(struct hcall *h, struct vcpu *v, gva_t where)
{
    struct vcpu_set_singleshot_timer_64 timer;

    if (v != h->v)
        return refuse(h->v, RULE_TIME_2, "vcpu %u", v->id);
    if (guest_struct_in(v, &vcpu_set_singleshot_timer_forms, &timer, where) != 0)
        return vcpu_bad_address(h, where);

    /* The flag that asked for -ETIME when the moment has passed does nothing in Xen 4.17. */
    timers_set_singleshot(v, timer.timeout_abs_ns);
    return 0;
}

long vcpu_op_stop_singleshot_timer(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)where;
    if (v != h->v)
        return refuse(h->v, RULE_TIME_2, "vcpu %u", v->id);

    timer_stop(&v->singleshot);
    return 0;
}
