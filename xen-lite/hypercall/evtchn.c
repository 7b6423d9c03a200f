/* SPDX-License-Identifier: MIT */
/*
 * event_channel_op, and its old form event_channel_op_compat, which differs only in where the
 * number of the operation is.
 *
 * Each operation has one structure, which is copied in, worked on as a whole and, where the table
 * says so, copied back. So the four steps are written once, here, and an operation is only what it
 * checks and does.
 *
 * Ports, their states and their rules are in domain/evtchn.c and core/evtchn.c; delivery is in
 * domain/evtchn_deliver.c. A function here finds the domain that is meant and turns a rule into an
 * errno. Besides what each says, all can end with -EFAULT (HCALL-2). Source: Xen's public
 * event_channel.h; abi/evtchn.def has a sentence on each.
 */
#include "domain/evtchn.h"

#include "hv/work.h"
#include "hypercall/hypercall.h"
#include "hypercall/pirq.h"
#include "lib/types.h"
#include "x86/guest_copy.h"

/* The arguments of all operations. Each is copied in by its own size, so the rest of the union
 * holds nothing of use; what is copied back was copied in or written here. */
union evtchn_argument {
    struct evtchn_alloc_unbound alloc_unbound;
    struct evtchn_bind_interdomain bind_interdomain;
    struct evtchn_bind_virq bind_virq;
    struct evtchn_bind_pirq bind_pirq;
    struct evtchn_bind_ipi bind_ipi;
    struct evtchn_close close;
    struct evtchn_send send;
    struct evtchn_status status;
    struct evtchn_bind_vcpu bind_vcpu;
    struct evtchn_unmask unmask;
    struct evtchn_reset reset;
    struct evtchn_init_control init_control;
    struct evtchn_expand_array expand_array;
    struct evtchn_set_priority set_priority;
};

/* Turns a rule about a port into the call's result. */
static long answer(struct vcpu *v, enum rule_id rule, evtchn_port_t port)
{
    return likely(rule == RULE_NONE) ? 0 : refuse(v, rule, "port %u", port);
}

/* Finds the domain that an operation is about, which must be the caller's own: RULE_NONE, or EVT-4
 * (no such domain), EVT-3 (another's). */
static enum rule_id check_own(struct vcpu *v, domid_t id)
{
    struct domain *d;

    if (id == DOMID_SELF || id == v->domain->id)
        return RULE_NONE;
    d = domain_get(id);
    if (d == NULL)
        return RULE_EVT_4;
    domain_put(d);
    return RULE_EVT_3;
}

/* OUT: a port for a channel that `remote_dom` may bind. That domain need not exist yet: -ESRCH and
 * -EPERM (EVT-4, -3) are about `dom`. -ENOSPC (EVT-2). */
static long op_alloc_unbound(struct vcpu *v, union evtchn_argument *argument)
{
    struct evtchn_alloc_unbound *a = &argument->alloc_unbound;
    enum rule_id rule = check_own(v, a->dom);
    domid_t remote = a->remote_dom == DOMID_SELF ? v->domain->id : a->remote_dom;
    struct evtchn_result result;

    if (rule != RULE_NONE)
        return refuse(v, rule, "domain %u", a->dom);
    result = evtchn_alloc_unbound(v->domain, remote);
    a->port = result.port;
    return answer(v, result.rule, 0);
}

/* OUT: a port that is the other end of the peer's. The reference on the peer is for the time of the
 * call: the channel itself keeps none (docs/locking.md). -ESRCH (EVT-4), -EINVAL for a peer's port
 * that does not wait for the caller (EVT-5), -ENOSPC (EVT-2). The new port is pending at once, as
 * on Xen: what the peer sent before is not lost. */
static long op_bind_interdomain(struct vcpu *v, union evtchn_argument *argument)
{
    struct evtchn_bind_interdomain *a = &argument->bind_interdomain;
    struct domain *remote = domain_get(a->remote_dom == DOMID_SELF ? v->domain->id : a->remote_dom);
    struct evtchn_result result;

    if (remote == NULL)
        return refuse(v, RULE_EVT_4, "domain %u", a->remote_dom);
    result = evtchn_bind_interdomain(v->domain, remote, a->remote_port);
    domain_put(remote);
    a->local_port = result.port;
    return answer(v, result.rule, a->remote_port);
}

/* OUT: a port for a virtual interrupt of a vCPU. -EINVAL (EVT-6, -8), -ENOENT (EVT-9), -EEXIST
 * (EVT-7), -ENOSPC (EVT-2). */
static long op_bind_virq(struct vcpu *v, union evtchn_argument *argument)
{
    struct evtchn_bind_virq *a = &argument->bind_virq;
    struct evtchn_result result = evtchn_bind_virq(v->domain, a->virq, a->vcpu);

    a->port = result.port;
    if (result.rule != RULE_NONE)
        return refuse(v, result.rule, "virq %u, vcpu %u", a->virq, a->vcpu);
    return 0;
}

/* OUT: a port whose every send is an event on that vCPU. -ENOENT (EVT-9), -ENOSPC (EVT-2). */
static long op_bind_ipi(struct vcpu *v, union evtchn_argument *argument)
{
    struct evtchn_bind_ipi *a = &argument->bind_ipi;
    struct evtchn_result result = evtchn_bind_ipi(v->domain, a->vcpu);

    a->port = result.port;
    if (result.rule != RULE_NONE)
        return refuse(v, result.rule, "vcpu %u", a->vcpu);
    return 0;
}

/* No domain was given an interrupt: -EPERM (EVT-12), or -EINVAL for what is none (EVT-16). */
static long op_bind_pirq(struct vcpu *v, union evtchn_argument *argument)
{
    uint32_t pirq = argument->bind_pirq.pirq;

    return refuse(v, pirq < PIRQS ? RULE_EVT_12 : RULE_EVT_16, "pirq %u", pirq);
}

/* Frees the port and clears its pending bit; a peer's end becomes unbound, for this domain to bind
 * again. -EINVAL (EVT-1). */
static long op_close(struct vcpu *v, union evtchn_argument *argument)
{
    evtchn_port_t port = argument->close.port;

    return answer(v, evtchn_close(v->domain, port), port);
}

/* -EINVAL for a port that is free (EVT-1) or whose events come from elsewhere (EVT-11). To an
 * unbound port it is no error and does nothing, as on Xen: the peer may have gone just now. */
static long op_send(struct vcpu *v, union evtchn_argument *argument)
{
    evtchn_port_t port = argument->send.port;

    return answer(v, evtchn_send(v->domain, port), port);
}

/* OUT: what the port is, be it free, and whom its events go to. Own domain only (EVT-3, -4);
 * -EINVAL for a port beyond all that were ever used (EVT-1). */
static long op_status(struct vcpu *v, union evtchn_argument *argument)
{
    struct evtchn_status *a = &argument->status;
    enum rule_id rule = check_own(v, a->dom);

    if (rule == RULE_NONE)
        rule = evtchn_status(v->domain, a);
    return answer(v, rule, a->port);
}

/* From now on the port's events are delivered to that vCPU; one that is pending already stays where
 * it is noted. -ENOENT (EVT-9), -EINVAL (EVT-1, EVT-10). */
static long op_bind_vcpu(struct vcpu *v, union evtchn_argument *argument)
{
    const struct evtchn_bind_vcpu *a = &argument->bind_vcpu;

    return answer(v, evtchn_bind_vcpu(v->domain, a->port, a->vcpu), a->port);
}

/* Clears the mask bit and delivers what came meanwhile: a guest that clears the bit by itself has
 * to look for that, which it cannot for another vCPU. A free port is no error, as on Xen; -EINVAL
 * for one beyond all that were ever used (EVT-1). */
static long op_unmask(struct vcpu *v, union evtchn_argument *argument)
{
    evtchn_port_t port = argument->unmask.port;

    return answer(v, evtchn_unmask(v->domain, port), port);
}

static long op_reset(struct vcpu *v, union evtchn_argument *argument)
{
    enum rule_id rule = check_own(v, argument->reset.dom);

    /* How far it came is kept in the domain. */
    if (rule == RULE_NONE && !evtchn_reset(v->domain, &rule))
        return HCALL_AGAIN;
    if (rule != RULE_NONE)
        return refuse(v, rule, "domain %u", argument->reset.dom);
    return 0;
}

/* OUT: the bits of a link. -ENOENT (EVT-9), -EINVAL (EVT-17, -18, -19), -ENOMEM (EVT-22). */
static long op_init_control(struct vcpu *v, union evtchn_argument *argument)
{
    struct evtchn_init_control *a = &argument->init_control;
    enum rule_id rule =
        evtchn_fifo_init_control(v->domain, a->vcpu, MFN(a->control_gfn), a->offset);

    a->link_bits = EVTCHN_FIFO_LINK_BITS;
    /* The first one carries over what is pending on up to 4096 ports. */
    look_at_clock();
    if (rule != RULE_NONE)
        return refuse(v, rule, "vcpu %u, mfn %lx, offset %u", a->vcpu, a->control_gfn, a->offset);
    return 0;
}

/* -EOPNOTSUPP with two-level events (EVT-15), -EINVAL (EVT-18), -ENOSPC (EVT-20). */
static long op_expand_array(struct vcpu *v, union evtchn_argument *argument)
{
    uint64_t frame = argument->expand_array.array_gfn;
    enum rule_id rule = evtchn_fifo_expand(v->domain, MFN(frame));

    /* Up to 1024 events have waited for the page. */
    look_at_clock();
    return likely(rule == RULE_NONE) ? 0 : refuse(v, rule, "mfn %lx", frame);
}

/* For the next event: one that is in a queue stays there. -EINVAL (EVT-1, -21), -ENOSYS with
 * two-level events (EVT-13), -EACCES for a port that is free (EVT-24). */
static long op_set_priority(struct vcpu *v, union evtchn_argument *argument)
{
    const struct evtchn_set_priority *a = &argument->set_priority;

    return answer(v, evtchn_set_priority(v->domain, a->port, a->priority), a->port);
}

/* Bytes of the argument; whether it is copied back; where in it the new port is, if the operation
 * makes one. */
static const struct operation {
    long (*run)(struct vcpu *v, union evtchn_argument *argument);
    uint8_t size;
    bool answers;
    uint8_t port;
} operations[] = {
#define OP(name, answers, port) \
    [EVTCHNOP_##name] = { op_##name, sizeof(struct evtchn_##name), answers, port }
    OP(bind_interdomain, true, offsetof(struct evtchn_bind_interdomain, local_port)),
    OP(bind_virq, true, offsetof(struct evtchn_bind_virq, port)),
    OP(bind_pirq, false, 0),
    OP(close, false, 0),
    OP(send, false, 0),
    OP(status, true, 0),
    OP(alloc_unbound, true, offsetof(struct evtchn_alloc_unbound, port)),
    OP(bind_ipi, true, offsetof(struct evtchn_bind_ipi, port)),
    OP(bind_vcpu, false, 0),
    OP(unmask, false, 0),
    OP(reset, false, 0),
    OP(init_control, true, 0),
    OP(expand_array, false, 0),
    OP(set_priority, false, 0),
#undef OP
};

/* Runs an operation on its argument, which was copied from `where`, and copies it back. */
static long run(struct vcpu *v, const struct operation *op, union evtchn_argument *argument,
                gva_t where)
{
    long result = op->run(v, argument);
    evtchn_port_t port;

    if (result != 0 || !op->answers || guest_copy_out(where, argument, op->size) == 0)
        return result;
    /* The guest will not learn of the port: it must not stay in use. Weak spot: by number. If
     * another of its vCPUs has closed that port since and made one anew, that is closed; but who
     * passes memory that it takes away has no claim to more than that nobody else is hurt. */
    if (op->port != 0) {
        __builtin_memcpy(&port, (const char *)argument + op->port, sizeof(port));
        (void)evtchn_close(v->domain, port);
    }
    return refuse(v, RULE_HCALL_2, "argument at %lx", where.n);
}

/* What guests do most goes round the table. */
static inline long send(struct vcpu *v, gva_t where)
{
    unsigned int faults = 0;
    evtchn_port_t port;
    enum rule_id rule;

    static_assert(sizeof(struct evtchn_send) == sizeof(port), "it is no more than the port");
    if (unlikely(!guest_start_ok(where)))
        return refuse(v, RULE_HCALL_2, "argument at %lx", where.n);
    stac();
    port = guest_get_half_word(where.n, &faults);
    clac();
    if (unlikely(faults != 0))
        return refuse(v, RULE_HCALL_2, "argument at %lx", where.n);

    rule = evtchn_send(v->domain, port);
    return answer(current_vcpu(), rule, port);
}

static NOINLINE long other_operation(struct vcpu *v, unsigned long number, gva_t where)
{
    union evtchn_argument argument;

    if (number >= ARRAY_SIZE(operations))
        return refuse(v, RULE_HCALL_3, "operation %lu", number);
    if (guest_copy_in(&argument, where, operations[number].size) != 0)
        return refuse(v, RULE_HCALL_2, "argument at %lx", where.n);

    return run(v, &operations[number], &argument, where);
}

/* event_channel_op(operation, argument). -ENOSYS (HCALL-3) for an operation that does not exist. */
long hc_event_channel_op(struct hcall *h)
{
    unsigned long number = (uint32_t)h->arg[0];

    if (likely(number == EVTCHNOP_send))
        return send(h->v, GVA(h->arg[1]));
    return other_operation(h->v, number, GVA(h->arg[1]));
}

/* event_channel_op_compat(struct evtchn_op): the number of the operation stands before its
 * argument. The answer goes back to where the argument was. */
long hc_event_channel_op_compat(struct hcall *h)
{
    gva_t where = GVA(h->arg[0]);
    union evtchn_argument argument;
    struct evtchn_op op;

    if (guest_copy_in(&op, where, sizeof(op)) != 0)
        return refuse(h->v, RULE_HCALL_2, "argument at %lx", where.n);

    /* The old form ends with unmask. */
    if (op.cmd > EVTCHNOP_unmask)
        return refuse(h->v, RULE_HCALL_3, "operation %u", op.cmd);

    __builtin_memcpy(&argument, &op.u, sizeof(op.u));
    return run(h->v, &operations[op.cmd], &argument, GVA(where.n + offsetof(struct evtchn_op, u)));
}
