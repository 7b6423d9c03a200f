/* SPDX-License-Identifier: MIT */
/*
 * vcpu_op, first half: starting, stopping and asking. Areas and timers are in vcpu_areas.c.
 *
 * All vCPUs of a domain are there from the start, but only vCPU 0 is up. A kernel starts another
 * one by initialise, which gives it all of its registers, and up; there is no INIT and no SIPI. Any
 * vCPU may do that to any other, so what two could do at once is decided by one atomic step.
 */
#include "hypercall/vcpu.h"

#include "domain/guest_struct.h"
#include "domain/time.h"
#include "hypercall/hypercall.h"
#include "lib/atomic.h"
#include "lib/types.h"

/*
 * The vCPU gets its registers, once. From number 32 on it must have its vcpu_info (-EINVAL,
 * VCPU-10). Whoever comes second, even at the same time, is refused: -EEXIST (VCPU-2), but as on
 * Xen after the copy. IN: struct vcpu_guest_context, whose errors are those of pv/context.c:
 * addresses, callbacks and base pointers are checked as by the calls that set them one by one. Its
 * page tables may have to be validated first, so it can be continued.
 */
long vcpu_op_initialise(struct hcall *h, struct vcpu *v, gva_t where)
{
    long result;

    /* Looked at first, as on Xen. It is not moved back. */
    if (atomic_load(&v->info) == &v->no_info)
        return refuse(h->v, RULE_VCPU_10, "vcpu %u", v->id);

    result = v->domain->ops->vcpu_set_context(v, where);
    return result == -XEN_ERESTART ? HCALL_AGAIN : result;
}

/* Lets the vCPU run. One that is up already is fine; one without registers is not (-EINVAL,
 * VCPU-3). */
long vcpu_op_up(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)where;
    if (!atomic_load(&v->initialised))
        return refuse(h->v, RULE_VCPU_3, "vcpu %u", v->id);

    vcpu_bring_up(v);
    return 0;
}

/* A look without a lock; see vcpu_op_down. Blocked counts as up. */
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

/* 1 or 0. Weak spot, as on Xen: a vCPU that another one has just taken down is 0 from that moment,
 * but its CPU leaves it a little later. A kernel that reuses its stack has it go down by itself. */
long vcpu_op_is_up(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)h;
    (void)where;
    return READ_ONCE(v->state) != VCPU_DOWN;
}

/* OUT: struct vcpu_runstate_info, of any vCPU, up or not. -EFAULT (HCALL-2). */
long vcpu_op_get_runstate_info(struct hcall *h, struct vcpu *v, gva_t where)
{
    struct vcpu_runstate_info_64 info;

    runstate_get(v, &info);

    if (guest_struct_out(v, &vcpu_runstate_info_forms, where, &info) != 0)
        return vcpu_bad_address(h, where);
    return 0;
}

/* Two NMIs before the first is delivered are one, as on hardware. Without a handler it is lost.
 * There must be no argument, as on Xen (HCALL-4). */
long vcpu_op_send_nmi(struct hcall *h, struct vcpu *v, gva_t where)
{
    if (where.n != 0)
        return refuse(h->v, RULE_HCALL_4, "argument %lx", where.n);

    if (!atomic_exchange(&v->nmi_pending, true))
        vcpu_notice(v);
    return 0;
}

/* Told only to vCPUs that are fixed to their CPU for good, which none is: -EINVAL (VCPU-9). */
long vcpu_op_get_physid(struct hcall *h, struct vcpu *v, gva_t where)
{
    (void)where;
    return refuse(h->v, RULE_VCPU_9, "vcpu %u", v->id);
}

static vcpu_operation *const operations[] = {
#define VCPUOP(number, name) [number] = vcpu_op_##name,
#include "abi/vcpu.def"
};

/*
 * vcpu_op(operation, vCPU, argument). The vCPU is looked up first: for one that does not exist
 * -ENOENT (VCPU-1), whatever the operation, and without a word about is_up, by which guests find
 * out how many vCPUs they have; then -ENOSYS (HCALL-3) for an operation that does not. The table is
 * made from abi/vcpu.def: an operation there without a function here does not link.
 */
long hc_vcpu_op(struct hcall *h)
{
    unsigned long number = (uint32_t)h->arg[0];
    struct vcpu *v = domain_vcpu(h->v->domain, (uint32_t)h->arg[1]);

    if (v == NULL && number == VCPUOP_is_up)
        return -XEN_ENOENT;
    if (v == NULL)
        return refuse(h->v, RULE_VCPU_1, "vcpu %u", (uint32_t)h->arg[1]);
    if (number >= ARRAY_SIZE(operations))
        return refuse(h->v, RULE_HCALL_3, "operation %lu", number);
    return operations[number](h, v, GVA(h->arg[2]));
}
