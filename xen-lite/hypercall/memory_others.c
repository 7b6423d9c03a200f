/* SPDX-License-Identifier: MIT */
/*
 * memory_op: what is for translated guests, for control domains, or about things that this machine
 * does not have. Nothing is done here: each operation is refused, or has nothing to tell. Which
 * error comes first is as on Xen, since kernels and tools ask in order to find out what they run
 * on.
 */
#include "domain/guest_struct.h"
#include "hypercall/memory_extents.h"

/* Xen's list of regions that devices need mapped one to one; there are none. Its structure is not
 * in the public headers that guests see. */
struct reserved_device_map_64 {
    uint32_t flags; /* IN: bit 0: of all devices */
    uint32_t nr_entries;
    uint64_t buffer;
    uint64_t device;
};
struct reserved_device_map_32 {
    uint32_t flags;
    uint32_t nr_entries;
    uint32_t buffer;
    uint32_t device;
};

static const struct member_forms reserved_device_map_members[] = {
    MEMBER_FORMS(reserved_device_map, flags),
    MEMBER_FORMS(reserved_device_map, nr_entries),
    MEMBER_FORMS(reserved_device_map, buffer),
    MEMBER_FORMS(reserved_device_map, device),
};
static const struct struct_forms reserved_device_map_forms =
    STRUCT_FORMS(reserved_device_map, reserved_device_map_members);

#define RESERVED_OF_ALL_DEVICES 1u

/* access_op's argument, read as a whole, though only the domain matters. */
struct access_op_64 {
    uint8_t op;
    uint8_t access;
    domid_t domid;
    uint32_t nr;
    uint64_t pfn;
    uint64_t pfn_list;
    uint64_t access_list;
};
struct access_op_32 {
    uint8_t op;
    uint8_t access;
    domid_t domid;
    uint32_t nr;
    uint64_t pfn;
    uint32_t pfn_list;
    uint32_t access_list;
};

static const struct member_forms access_op_members[] = { MEMBER_FORMS(access_op, domid) };
static const struct struct_forms access_op_forms = STRUCT_FORMS(access_op, access_op_members);

/* False: it cannot be read. */
static bool read_argument(struct hcall *h, const struct struct_forms *forms, void *to)
{
    return guest_struct_in(h->v, forms, to, GVA(h->arg[1])) == 0;
}

static long refuse_argument(struct hcall *h)
{
    return refuse(h->v, RULE_HCALL_2, "argument at %lx", h->arg[1]);
}

/* Whether a domain other than the caller, named by its number, exists. */
static bool other_exists(const struct vcpu *v, domid_t id)
{
    struct domain *d = id == v->domain->id ? NULL : domain_get(id);

    if (d == NULL)
        return false;
    domain_put(d);
    return true;
}

static bool is_self(const struct vcpu *v, domid_t id)
{
    return id == DOMID_SELF || id == v->domain->id;
}

/* Placing and removing pages: -ESRCH for nobody, MEM-9 (-EACCES) for any domain that is not
 * translated, be it the caller's or not. */
static long refuse_placing(struct vcpu *v, domid_t id)
{
    if (!is_self(v, id) && !other_exists(v, id))
        return refuse(v, RULE_HCALL_8, "domain 0x%x", id);
    return refuse(v, RULE_MEM_9, "domain 0x%x", id);
}

/* For operations that are only ever about another domain: DOMID_SELF is nobody, and one's own
 * number is forbidden. */
static enum rule_id remote_rule(const struct vcpu *v, domid_t id)
{
    if (id == v->domain->id)
        return RULE_HCALL_9;
    return other_exists(v, id) ? RULE_NONE : RULE_HCALL_8;
}

static long add_to_physmap(struct hcall *h)
{
    struct xen_add_to_physmap_64 a;

    if (!read_argument(h, &xen_add_to_physmap_forms, &a))
        return refuse_argument(h);
    if (a.space == XENMAPSPACE_gmfn_foreign)
        return refuse(h->v, RULE_MEM_18, "space %u", a.space);
    return refuse_placing(h->v, a.domid);
}

static long add_to_physmap_batch(struct hcall *h)
{
    struct xen_add_to_physmap_batch_64 a;

    if (!read_argument(h, &xen_add_to_physmap_batch_forms, &a))
        return refuse_argument(h);
    if (a.space == XENMAPSPACE_gmfn_range)
        return refuse(h->v, RULE_MEM_19, "space %u", a.space);
    return refuse_placing(h->v, a.domid);
}

static long remove_from_physmap(struct hcall *h)
{
    struct xen_remove_from_physmap_64 a;

    if (!read_argument(h, &xen_remove_from_physmap_forms, &a))
        return refuse_argument(h);
    return refuse_placing(h->v, a.domid);
}

static long pod_target(struct hcall *h)
{
    struct xen_pod_target_64 a;

    if (!read_argument(h, &xen_pod_target_forms, &a))
        return refuse_argument(h);
    if (!is_self(h->v, a.domid) && !other_exists(h->v, a.domid))
        return refuse(h->v, RULE_HCALL_8, "domain 0x%x", a.domid);
    return refuse(h->v, RULE_MEM_22, "domain 0x%x", a.domid);
}

static long access_op(struct hcall *h)
{
    struct access_op_64 a;
    enum rule_id rule;

    if (!read_argument(h, &access_op_forms, &a))
        return refuse_argument(h);
    rule = remote_rule(h->v, a.domid);
    return refuse(h->v, rule == RULE_NONE ? RULE_MEM_22 : rule, "domain 0x%x", a.domid);
}

static long claim_pages(struct hcall *h)
{
    struct xen_memory_reservation_64 a;

    if (!read_argument(h, &xen_memory_reservation_forms, &a))
        return refuse_argument(h);
    if (a.extent_start != 0 || a.extent_order != 0 || a.mem_flags != 0)
        return refuse(h->v, RULE_MEM_21, "list %lx, order %u, flags %x", a.extent_start,
                      a.extent_order, a.mem_flags);
    if (a.domid != h->v->domain->id && !other_exists(h->v, a.domid))
        return refuse(h->v, RULE_MEM_25, "domain 0x%x", a.domid);
    return refuse(h->v, RULE_PRIV_1, "claim for domain 0x%x", a.domid);
}

static long get_vnumainfo(struct hcall *h)
{
    struct xen_vnuma_topology_info_64 a;
    long result;

    if (!read_argument(h, &xen_vnuma_topology_info_forms, &a))
        return refuse_argument(h);
    if (a.pad != 0)
        return refuse(h->v, RULE_MEM_21, "padding %x", a.pad);
    result = memory_check_domain(h->v, a.domid);
    return result != 0 ? result : refuse(h->v, RULE_MEM_14, "domain 0x%x", a.domid);
}

/* Open to all: there are no such regions. */
static long reserved_device_memory_map(struct hcall *h)
{
    struct reserved_device_map_64 a;

    if (!read_argument(h, &reserved_device_map_forms, &a))
        return refuse_argument(h);
    if (!guest_list_ok(h->v, GVA(a.buffer), a.nr_entries, h->v->domain->width->bytes * 2UL))
        return refuse(h->v, RULE_HCALL_2, "buffer at %lx", a.buffer);
    if (a.flags & ~RESERVED_OF_ALL_DEVICES)
        return refuse(h->v, RULE_MEM_21, "flags %x", a.flags);
    a.nr_entries = 0;
    return guest_struct_out(h->v, &reserved_device_map_forms, GVA(h->arg[1]), &a) == 0
               ? 0
               : refuse_argument(h);
}

static long acquire_resource(struct hcall *h)
{
    struct xen_mem_acquire_resource_64 a;
    enum rule_id rule;

    if (!read_argument(h, &xen_mem_acquire_resource_forms, &a))
        return refuse_argument(h);
    /* Numbers of such frames have 32 bits, at both widths. */
    if (a.pad != 0 || a.frame > UINT32_MAX - a.nr_frames)
        return refuse(h->v, RULE_MEM_21, "padding %x, frames %lx+%x", a.pad, a.frame, a.nr_frames);
    rule = remote_rule(h->v, a.domid);
    return refuse(h->v, rule == RULE_NONE ? RULE_HCALL_9 : rule, "domain 0x%x", a.domid);
}

long memory_other(struct hcall *h, unsigned long op)
{
    switch (op) {
    case XENMEM_add_to_physmap: return add_to_physmap(h);
    case XENMEM_add_to_physmap_batch: return add_to_physmap_batch(h);
    case XENMEM_remove_from_physmap: return remove_from_physmap(h);
    case XENMEM_machine_memory_map: return refuse(h->v, RULE_MEM_10, "machine_memory_map");
    case XENMEM_set_pod_target:
    case XENMEM_get_pod_target: return pod_target(h);
    /* No pages are shared. */
    case XENMEM_get_sharing_freed_pages:
    case XENMEM_get_sharing_shared_pages: return 0;
    case XENMEM_access_op: return access_op(h);
    case XENMEM_claim_pages: return claim_pages(h);
    case XENMEM_get_vnumainfo: return get_vnumainfo(h);
    case XENMEM_reserved_device_memory_map: return reserved_device_memory_map(h);
    case XENMEM_acquire_resource: return acquire_resource(h);
    default: return refuse(h->v, RULE_HCALL_3, "operation %lu", op);
    }
}
