/* SPDX-License-Identifier: MIT */
/*
 * Where the hypervisor enters the guest's kernel: callback_op, and the older calls set_callbacks
 * and nmi_op that do the same.
 *
 * A callback is a bare address: which stack and which flags the kernel finds there is fixed by its
 * kind (pv/bounce.c). Each vCPU has its own set, and all calls change the caller's only; a vCPU
 * that was not started yet gets them with its registers (vcpu_op initialise).
 */
#include "hypercall/hypercall.h"
#include "lib/string.h"
#include "lib/types.h"
#include "pv/vcpu.h"
#include "x86/address.h"
#include "x86/guest_copy.h"
#include "x86/vector.h"

/* The callback that a type of the ABI stands for, or PV_CALLBACKS. (The NMI's is none of these, and
 * Xen has long given up sysenter_deprecated.) */
static enum pv_callback known_type(unsigned int type)
{
    switch (type) {
    case CALLBACKTYPE_event: return PV_CALLBACK_EVENT;
    case CALLBACKTYPE_failsafe: return PV_CALLBACK_FAILSAFE;
    case CALLBACKTYPE_syscall: return PV_CALLBACK_SYSCALL;
    case CALLBACKTYPE_syscall32: return PV_CALLBACK_SYSCALL32;
    case CALLBACKTYPE_sysenter: return PV_CALLBACK_SYSENTER;
    default: return PV_CALLBACKS;
    }
}

/* PV_CALLBACKS if guests of the caller's width have no such type. */
static enum pv_callback callback_of_type(const struct hcall *h, unsigned int type)
{
    enum pv_callback which = known_type(type);

    return h->v->pv->width->callbacks & BIT(which) ? which : PV_CALLBACKS;
}

/* The NMI callback is the handler of vector 2, with events masked: whoever comes last, this or
 * set_trap_table, sets it. Address 0: none. */
static void set_nmi_handler(struct hcall *h, uint64_t address)
{
    const struct trap_info_64 handler = {
        .vector = VECTOR_NMI,
        .flags = TRAP_MASKS_EVENTS,
        .cs = address != 0 ? h->v->pv->width->kernel_cs : 0,
        .address = address,
    };

    pv_set_trap(h->v->pv, &handler);
}

/*
 * Sets one callback of the calling vCPU. flags: CALLBACKF_mask_events, to have events masked when
 * it is entered. 0; -EINVAL (TRAP-10) for an address that is not canonical, to which no kernel can
 * be sent; -ENOSYS (TRAP-8) for a type that a guest of this width does not have. That the address
 * is mapped is not checked: it may become so later, and if not, the guest's page-fault handler
 * hears of it.
 */
static long register_callback(struct hcall *h, unsigned int type, unsigned int flags, uint32_t cs,
                              uint64_t address)
{
    enum pv_callback which = callback_of_type(h, type);

    if (!address_is_canonical(address))
        return refuse(h->v, RULE_TRAP_10, "type %u: %lx", type, address);
    if (type == CALLBACKTYPE_nmi) {
        set_nmi_handler(h, address);
        return 0;
    }
    if (which == PV_CALLBACKS)
        return refuse(h->v, RULE_TRAP_8, "type %u", type);

    pv_set_callback(h->v->pv, which, (uint16_t)cs, address, (flags & CALLBACKF_mask_events) != 0);
    return 0;
}

/* Only the NMI callback can go: without the others the guest could not be told of anything any more
 * (-EINVAL, TRAP-9). An NMI without a handler is lost. */
static long unregister_callback(struct hcall *h, unsigned int type)
{
    enum pv_callback which = callback_of_type(h, type);

    if (type == CALLBACKTYPE_nmi) {
        set_nmi_handler(h, 0);
        return 0;
    }
    return refuse(h->v, which == PV_CALLBACKS ? RULE_TRAP_8 : RULE_TRAP_9, "type %u", type);
}

static long op_register(struct hcall *h)
{
    struct callback_register_64 request;

    if (guest_copy_in(&request, GVA(h->arg[1]), sizeof(request)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct callback_register at %lx", h->arg[1]);
    return register_callback(h, request.type, request.flags, 0, request.address);
}

static long op_register_32(struct hcall *h)
{
    struct callback_register_32 request;

    if (guest_copy_in(&request, GVA(h->arg[1]), sizeof(request)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct callback_register at %lx", h->arg[1]);
    return register_callback(h, request.type, request.flags, request.address.cs,
                             request.address.eip);
}

static long op_unregister(struct hcall *h)
{
    struct callback_unregister request;

    if (guest_copy_in(&request, GVA(h->arg[1]), sizeof(request)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct callback_unregister at %lx", h->arg[1]);
    return unregister_callback(h, request.type);
}

/*
 * callback_op(operation, argument): register or unregister. Errors: -EFAULT (HCALL-2), -ENOSYS
 * (HCALL-3) for another operation, and those of the two above. Source: Xen's public callback.h.
 */
long hc_callback_op(struct hcall *h)
{
    switch ((uint32_t)h->arg[0]) {
    case CALLBACKOP_register: return op_register(h);
    case CALLBACKOP_unregister: return op_unregister(h);
    default: return refuse(h->v, RULE_HCALL_3, "callback_op %lu", h->arg[0]);
    }
}

/* The same; the number of another operation is -EINVAL (TRAP-14), as on Xen. */
long hc_callback_op_32(struct hcall *h)
{
    switch (h->arg[0]) {
    case CALLBACKOP_register: return op_register_32(h);
    case CALLBACKOP_unregister: return op_unregister(h);
    default: return refuse(h->v, RULE_TRAP_14, "callback_op %lu", h->arg[0]);
    }
}

/* The old call registers three at once and, as on Xen, succeeds whatever becomes of them. */
long hc_set_callbacks(struct hcall *h)
{
    (void)register_callback(h, CALLBACKTYPE_event, 0, 0, h->arg[0]);
    (void)register_callback(h, CALLBACKTYPE_failsafe, 0, 0, h->arg[1]);
    (void)register_callback(h, CALLBACKTYPE_syscall, 0, 0, h->arg[2]);
    return 0;
}

/* Two, each with its selector: event, failsafe. */
long hc_set_callbacks_32(struct hcall *h)
{
    (void)register_callback(h, CALLBACKTYPE_event, 0, (uint32_t)h->arg[0], h->arg[1]);
    (void)register_callback(h, CALLBACKTYPE_failsafe, 0, (uint32_t)h->arg[2], h->arg[3]);
    return 0;
}

/* nmi_op(operation, argument): the same for the NMI callback alone. As on Xen the structure that
 * comes with register is read for its address only, which is its first word of two; the other is
 * from before there was a standard. */
static long nmi_op(struct hcall *h, size_t word)
{
    uint8_t request[sizeof(struct xennmi_callback_64)];
    uint64_t address = 0;

    switch ((uint32_t)h->arg[0]) {
    case XENNMI_register_callback:
        if (guest_copy_in(request, GVA(h->arg[1]), 2 * word) != 0)
            return refuse(h->v, RULE_HCALL_2, "struct xennmi_callback at %lx", h->arg[1]);
        memcpy(&address, request, word);
        return register_callback(h, CALLBACKTYPE_nmi, 0, 0, address);
    case XENNMI_unregister_callback: return unregister_callback(h, CALLBACKTYPE_nmi);
    default: return refuse(h->v, RULE_HCALL_3, "nmi_op %lu", h->arg[0]);
    }
}

long hc_nmi_op(struct hcall *h)
{
    return nmi_op(h, sizeof(uint64_t));
}

long hc_nmi_op_32(struct hcall *h)
{
    return nmi_op(h, sizeof(uint32_t));
}
