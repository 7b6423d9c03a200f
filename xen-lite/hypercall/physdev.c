/* SPDX-License-Identifier: MIT */
/*
 * physdev_op: what of it concerns a domain without devices.
 *
 * The virtual I/O privilege is kept because it changes what a guest sees: an IN or OUT that its own
 * IOPL and bitmap do not permit is a fault for its kernel's handler, one that they permit reads all
 * ones (pv/emulate_io.c). Both settings are of the calling vCPU. Of interrupts a domain can ask,
 * and hears the same as from Xen: they are there, and none is its own. Operations that control
 * interrupts or PCI are refused by name (-EPERM, PRIV-1) before their argument is read, not as
 * unknown: kernels tell by that whether they are the initial domain.
 *
 * All can end with -EFAULT (HCALL-2). Source: Xen's public physdev.h; abi/physdev.def has a
 * sentence on each.
 */
#include "domain/guest_struct.h"
#include "domain/memory.h"
#include "hypercall/hypercall.h"
#include "hypercall/pirq.h"
#include "lib/atomic.h"

#define MAX_PORTS 65536

static long bad_argument(struct hcall *h, gva_t where)
{
    return refuse(h->v, RULE_HCALL_2, "argument of physdev_op at %lx", where.n);
}

/* Copies an operation's argument in: 0 or the refusal. */
static long copy_in(struct hcall *h, void *to, gva_t where, size_t size)
{
    return guest_copy_in(to, where, size) == 0 ? 0 : bad_argument(h, where);
}

/* The same for one that is not alike at both widths. */
static long struct_in(struct hcall *h, const struct struct_forms *forms, void *to, gva_t where)
{
    return guest_struct_in(h->v, forms, to, where) == 0 ? 0 : bad_argument(h, where);
}

/* 0 to 3. With it the guest's kernel counts as ring 1, or as ring 0 if it has the assist
 * architectural_iopl; its programs as ring 3. -EINVAL (IO-3). */
static long op_set_iopl(struct hcall *h, gva_t where)
{
    struct physdev_set_iopl request;
    long result = copy_in(h, &request, where, sizeof(request));

    if (result != 0)
        return result;
    if (request.iopl > 3)
        return refuse(h->v, RULE_IO_3, "iopl %u", request.iopl);

    h->v->pv->iopl = (uint8_t)request.iopl;
    return 0;
}

/* A bit that is clear opens its port. The bitmap stays in the guest's memory and is read at each
 * access, so it must lie in the guest's area but need not be mapped now. -EINVAL (IO-4). */
static long op_set_iobitmap(struct hcall *h, gva_t where)
{
    struct physdev_set_iobitmap_64 request;
    long result = struct_in(h, &physdev_set_iobitmap_forms, &request, where);

    if (result != 0)
        return result;
    if (request.nr_ports > MAX_PORTS ||
        !guest_list_ok(h->v, GVA(request.bitmap), (request.nr_ports + 7) / 8, 1))
        return refuse(h->v, RULE_IO_4, "bitmap at %lx for %u ports", request.bitmap,
                      request.nr_ports);

    h->v->pv->io_bitmap = GVA(request.bitmap);
    h->v->pv->io_bitmap_ports = request.nr_ports;
    return 0;
}

/* OUT: that the interrupt would need PHYSDEVOP_eoi, which Xen says of each number that a domain
 * can have. -EINVAL for one that it cannot (EVT-16). */
static long op_irq_status_query(struct hcall *h, gva_t where)
{
    struct physdev_irq_status_query query;
    long result = copy_in(h, &query, where, sizeof(query));

    if (result != 0)
        return result;
    if (query.irq >= PIRQS)
        return refuse(h->v, RULE_EVT_16, "pirq %u", query.irq);

    query.flags = XENIRQSTAT_needs_eoi;

    return guest_copy_out(where, &query, sizeof(query)) == 0 ? 0 : bad_argument(h, where);
}

/* None can be bound, so none can be at its end: -EINVAL (EVT-16). */
static long op_eoi(struct hcall *h, gva_t where)
{
    struct physdev_eoi request;
    long result = copy_in(h, &request, where, sizeof(request));

    return result != 0 ? result : refuse(h->v, RULE_EVT_16, "pirq %u", request.irq);
}

/* The page whose bits would tell which interrupts need PHYSDEVOP_eoi. It is held, writable, until
 * the domain's end, and nothing is ever written to it. Kernels offer one when they start. -EINVAL
 * for a frame that is not the domain's to write (IO-6), -EBUSY if there is one already (IO-7). */
static long op_pirq_eoi_gmfn(struct hcall *h, gva_t where)
{
    struct physdev_pirq_eoi_gmfn_64 request;
    struct pv_domain *pv = h->v->domain->pv;
    long result = struct_in(h, &physdev_pirq_eoi_gmfn_forms, &request, where);
    uint64_t none = INVALID_MFN.n;

    if (result != 0)
        return result;
    if (domain_get_writable(h->v->domain, MFN(request.gmfn)) != RULE_NONE)
        return refuse(h->v, RULE_IO_6, "mfn %lx", request.gmfn);

    if (atomic_cmpxchg(&pv->eoi_frame.n, &none, request.gmfn))
        return 0;

    domain_put_writable(h->v->domain, MFN(request.gmfn));
    return refuse(h->v, RULE_IO_7, "mfn %lx", request.gmfn);
}

/* Runs one operation; its argument is at `where`. -EPERM (PRIV-1), -ENOSYS (HCALL-3). */
static long run(struct hcall *h, uint32_t operation, gva_t where)
{
    switch (operation) {
    case PHYSDEVOP_IRQ_UNMASK_NOTIFY: return 0; /* from before there was a call to unmask */
    case PHYSDEVOP_irq_status_query: return op_irq_status_query(h, where);
    case PHYSDEVOP_set_iopl: return op_set_iopl(h, where);
    case PHYSDEVOP_set_iobitmap: return op_set_iobitmap(h, where);
    case PHYSDEVOP_eoi: return op_eoi(h, where);
    case PHYSDEVOP_pirq_eoi_gmfn_v1:
    case PHYSDEVOP_pirq_eoi_gmfn_v2: return op_pirq_eoi_gmfn(h, where);
    }
    return refuse(h->v,
                  hypercall_is_for_control(__HYPERVISOR_physdev_op, operation) ? RULE_PRIV_1
                                                                               : RULE_HCALL_3,
                  "physdev_op %u", operation);
}

/* physdev_op(operation, argument). */
long hc_physdev_op(struct hcall *h)
{
    return run(h, (uint32_t)h->arg[0], GVA(h->arg[1]));
}

/* The old form: the number of the operation stands before its argument. As on Xen the whole
 * structure must be readable, and every operation of today can be asked for in this form, too. */
long hc_physdev_op_compat(struct hcall *h)
{
    gva_t where = GVA(h->arg[0]);
    struct physdev_op_64 request;
    long result = copy_in(h, &request, where, sizeof(request));

    if (result != 0)
        return result;
    return run(h, request.cmd, GVA(where.n + offsetof(struct physdev_op_64, u)));
}

long hc_physdev_op_compat_32(struct hcall *h)
{
    gva_t where = GVA(h->arg[0]);
    struct physdev_op_32 request;
    long result = copy_in(h, &request, where, sizeof(request));

    if (result != 0)
        return result;
    return run(h, request.cmd, GVA(where.n + offsetof(struct physdev_op_32, u)));
}
