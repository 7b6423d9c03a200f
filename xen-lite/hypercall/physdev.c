/* SPDX-License-Identifier: MIT */
/*
 * physdev_op: what little of it concerns a domain without devices. The virtual I/O privilege is
 * kept; which ports it opens is another question (none: no domain owns any).
 *
 * It is kept because it changes what a guest sees: an IN or OUT that its own IOPL and bitmap do not
 * permit is a fault for its kernel's handler, one that they permit reads all ones
 * (pv/emulate_io.c). Both settings are of the calling vCPU. Operations about interrupts and PCI are
 * refused by name
 * (-EPERM, PRIV-1), not as unknown: kernels tell by that whether they are the initial domain.
 */
#include "hypercall/hypercall.h"
#include "x86/guest_copy.h"

#define MAX_PORTS 65536

/* 0 to 3. With it the guest's kernel counts as ring 1, or as ring 0 if it has the assist
 * architectural_iopl; its programs as ring 3. -EINVAL (IO-3). */
static long set_iopl(struct hcall *h, uint32_t iopl)
{
    if (iopl > 3)
        return refuse(h->v, RULE_IO_3, "iopl %u", iopl);
    h->v->pv->iopl = (uint8_t)iopl;
    return 0;
}

/* A bit that is clear opens its port. The bitmap stays in the guest's memory and is read at each
 * access, so it must lie in the guest's area but need not be mapped now. -EINVAL (IO-4). */
static long set_iobitmap(struct hcall *h, uint64_t bitmap, uint32_t ports)
{
    if (ports > MAX_PORTS || !guest_range_ok(GVA(bitmap), (ports + 7) / 8))
        return refuse(h->v, RULE_IO_4, "bitmap at %lx for %u ports", bitmap, ports);
    h->v->pv->io_bitmap = GVA(bitmap);
    h->v->pv->io_bitmap_ports = ports;
    return 0;
}

static long op_set_iopl(struct hcall *h)
{
    struct physdev_set_iopl request;

    if (guest_copy_in(&request, GVA(h->arg[1]), sizeof(request)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct physdev_set_iopl at %lx", h->arg[1]);
    return set_iopl(h, request.iopl);
}

static long op_set_iobitmap(struct hcall *h)
{
    struct physdev_set_iobitmap_64 request;

    if (guest_copy_in(&request, GVA(h->arg[1]), sizeof(request)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct physdev_set_iobitmap at %lx", h->arg[1]);
    return set_iobitmap(h, request.bitmap, request.nr_ports);
}

/* physdev_op(operation, argument). 0, or -EFAULT (HCALL-2), -EPERM (PRIV-1), -ENOSYS (HCALL-3), and
 * those of the two settings. Source: Xen's public physdev.h. */
long hc_physdev_op(struct hcall *h)
{
    switch ((uint32_t)h->arg[0]) {
    case PHYSDEVOP_set_iopl: return op_set_iopl(h);
    case PHYSDEVOP_set_iobitmap: return op_set_iobitmap(h);
    case PHYSDEVOP_apic_read:
    case PHYSDEVOP_apic_write:
    case PHYSDEVOP_alloc_irq_vector:
    case PHYSDEVOP_manage_pci_add:
    case PHYSDEVOP_manage_pci_remove:
    case PHYSDEVOP_setup_gsi: return refuse(h->v, RULE_PRIV_1, "physdev_op %lu", h->arg[0]);
    default: return refuse(h->v, RULE_HCALL_3, "physdev_op %lu", h->arg[0]);
    }
}

/* The old form: operation and arguments in one structure. */
long hc_physdev_op_compat(struct hcall *h)
{
    struct physdev_op_64 request;

    if (guest_copy_in(&request, GVA(h->arg[0]), sizeof(request)) != 0)
        return refuse(h->v, RULE_HCALL_2, "struct physdev_op at %lx", h->arg[0]);
    switch (request.cmd) {
    case PHYSDEVOP_set_iopl: return set_iopl(h, request.u.set_iopl.iopl);
    case PHYSDEVOP_set_iobitmap:
        return set_iobitmap(h, request.u.set_iobitmap.bitmap, request.u.set_iobitmap.nr_ports);
    case PHYSDEVOP_apic_read:
    case PHYSDEVOP_apic_write:
    case PHYSDEVOP_alloc_irq_vector:
        return refuse(h->v, RULE_PRIV_1, "physdev_op_compat %u", request.cmd);
    default: return refuse(h->v, RULE_HCALL_3, "physdev_op_compat %u", request.cmd);
    }
}
