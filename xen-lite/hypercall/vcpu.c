/* SPDX-License-Identifier: MIT */
/*
 * vcpu_op, first half: starting, stopping and asking. Areas and timers are in vcpu_areas.c.
 */
#include "domain/time.h"
#include "hypercall/hypercall.h"
#include "hypercall/vcpu.h"
#include "lib/atomic.h"
#include "lib/types.h"
#include "x86/guest_copy.h"

/* The vCPU gets its registers, once. Whoever comes second, even at the same time, is refused. */
long vcpu_op_initialise(struct hcall *h, struct vcpu *v, gva_t where)
{
    long result;

    if (atomic_exchange(&v->initialising, true))
        return refuse(h->v, RULE_VCPU_2, "vcpu %u", v->id);

    result = v->domain->ops->vcpu_set_context(v, where);
    if (result == 0) {
        atomic_store(&v->initialised, true);
        return 0;
    }
    /* Not done: it may be tried again, by us or by the guest. */
    atomic_store(&v->initialising, false);
    return result == -XEN_ERESTART ? HCALL_AGAIN : result;
}

/* One that is up already is fine. */
long vcpu_op_up(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)where;
    if (!atomic_load(&v->initialised))
        return refuse(h->v, RULE_VCPU_3, "vcpu %u", v->id);

    vcpu_bring_up(v);
    return 0;
}

static bool any_is_up(const struct domain *d)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        if (d->vcpu[id] != NULL && READ_ONCE(d->vcpu[id]->state) != VCPU_DOWN)
            return true;
    }
    return false;
}

/* With its last vCPU the domain ends. Taken down first, looked at second: of two vCPUs that go down
 * at the same time at least one sees that nobody is left. */
long vcpu_op_down(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)h;
    (void)where;
    vcpu_take_down(v);
    memory_fence();
    if (!any_is_up(v->domain))
        domain_shutdown(v->domain, SHUTDOWN_poweroff);
    return 0;
}

long vcpu_op_is_up(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)h;
    (void)where;
    return READ_ONCE(v->state) != VCPU_DOWN;
}

long vcpu_op_get_runstate_info(struct hcall *h, struct vcpu *v, gva_t where)
{
    struct vcpu_runstate_info_64 info;

    runstate_get(v, &info);

    if (guest_copy_out(where, &info, sizeof(info)) != 0)
        return vcpu_bad_address(h, where);
    return 0;
}

long vcpu_op_send_nmi(struct hcall *h, struct vcpu *v, gva_t where)
{
    if (where.n != 0)
        return refuse(h->v, RULE_HCALL_4, "argument %lx", where.n);

    if (!atomic_exchange(&v->nmi_pending, true))
        vcpu_notice(v);
    return 0;
}

/* Told only to vCPUs that are fixed to their CPU for good, which none is. */
long vcpu_op_get_physid(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)where;
    return refuse(h->v, RULE_VCPU_9, "vcpu %u", v->id);
}

static vcpu_operation *const operations[] = {
#define VCPUOP(number, name) [number] = vcpu_op_##name,
#include "abi/vcpu.def"
};

/* The vCPU is looked up first: for one that does not exist -ENOENT, whatever the operation. */
long hc_vcpu_op(struct hcall *h)
{
    unsigned long number = (uint32_t)h->arg[0];
    struct vcpu *v = domain_vcpu(h->v->domain, (uint32_t)h->arg[1]);

    if (v == NULL)
        return refuse(h->v, RULE_VCPU_1, "vcpu %u", (uint32_t)h->arg[1]);
    if (number >= ARRAY_SIZE(operations))
        return refuse(h->v, RULE_HCALL_3, "operation %lu", number);
    return operations[number](h, v, GVA(h->arg[2]));
}
