/* SPDX-License-Identifier: MIT */
/*
 * The one list of members of each structure that comes in two forms. See struct_forms.h.
 */
#include "core/struct_forms.h"

#include "lib/assert.h"
#include "lib/string.h"

static void convert_member(char *to, unsigned int to_size, const char *from, unsigned int from_size,
                           unsigned int count)
{
    for (unsigned int i = 0; i < count; i++)
        memcpy(to + i * to_size, from + i * from_size, min(to_size, from_size));
}

/* Numbers are little-endian: the lower bytes are the first, and the others 0 already. */
void struct_widen(const struct struct_forms *forms, void *to64, const void *from32)
{
    memset(to64, 0, forms->size64);
    for (unsigned int i = 0; i < forms->count; i++) {
        const struct member_forms *m = &forms->members[i];

        convert_member((char *)to64 + m->at64, m->size64, (const char *)from32 + m->at32, m->size32,
                       m->count);
    }
}

void struct_narrow(const struct struct_forms *forms, void *to32, const void *from64)
{
    memset(to32, 0, forms->size32);
    for (unsigned int i = 0; i < forms->count; i++) {
        const struct member_forms *m = &forms->members[i];

        convert_member((char *)to32 + m->at32, m->size32, (const char *)from64 + m->at64, m->size64,
                       m->count);
    }
}

/* ---- The structures ---- */

#define MEMBERS(tag) static const struct member_forms tag##_members[]
#define FORMS(tag)   const struct struct_forms tag##_forms = STRUCT_FORMS(tag, tag##_members)

MEMBERS(trap_info) = {
    MEMBER_FORMS(trap_info, vector),
    MEMBER_FORMS(trap_info, flags),
    MEMBER_FORMS(trap_info, cs),
    MEMBER_FORMS(trap_info, address),
};
FORMS(trap_info);

MEMBERS(xennmi_callback) = {
    MEMBER_FORMS(xennmi_callback, handler_address),
    MEMBER_FORMS(xennmi_callback, pad),
};
FORMS(xennmi_callback);

MEMBERS(sched_poll) = {
    MEMBER_FORMS(sched_poll, ports),
    MEMBER_FORMS(sched_poll, nr_ports),
    MEMBER_FORMS(sched_poll, timeout),
};
FORMS(sched_poll);

MEMBERS(vcpu_runstate_info) = {
    MEMBER_FORMS(vcpu_runstate_info, state),
    MEMBER_FORMS(vcpu_runstate_info, state_entry_time),
    ARRAY_FORMS(vcpu_runstate_info, time),
};
FORMS(vcpu_runstate_info);

MEMBERS(vcpu_set_singleshot_timer) = {
    MEMBER_FORMS(vcpu_set_singleshot_timer, timeout_abs_ns),
    MEMBER_FORMS(vcpu_set_singleshot_timer, flags),
};
FORMS(vcpu_set_singleshot_timer);

MEMBERS(physdev_set_iobitmap) = {
    MEMBER_FORMS(physdev_set_iobitmap, bitmap),
    MEMBER_FORMS(physdev_set_iobitmap, nr_ports),
};
FORMS(physdev_set_iobitmap);

MEMBERS(physdev_pirq_eoi_gmfn) = {
    MEMBER_FORMS(physdev_pirq_eoi_gmfn, gmfn),
};
FORMS(physdev_pirq_eoi_gmfn);

MEMBERS(xen_memory_reservation) = {
    MEMBER_FORMS(xen_memory_reservation, extent_start),
    MEMBER_FORMS(xen_memory_reservation, nr_extents),
    MEMBER_FORMS(xen_memory_reservation, extent_order),
    MEMBER_FORMS(xen_memory_reservation, mem_flags),
    MEMBER_FORMS(xen_memory_reservation, domid),
};
FORMS(xen_memory_reservation);

MEMBERS(xen_memory_exchange) = {
    MEMBER_FORMS(xen_memory_exchange, in.extent_start),
    MEMBER_FORMS(xen_memory_exchange, in.nr_extents),
    MEMBER_FORMS(xen_memory_exchange, in.extent_order),
    MEMBER_FORMS(xen_memory_exchange, in.mem_flags),
    MEMBER_FORMS(xen_memory_exchange, in.domid),
    MEMBER_FORMS(xen_memory_exchange, out.extent_start),
    MEMBER_FORMS(xen_memory_exchange, out.nr_extents),
    MEMBER_FORMS(xen_memory_exchange, out.extent_order),
    MEMBER_FORMS(xen_memory_exchange, out.mem_flags),
    MEMBER_FORMS(xen_memory_exchange, out.domid),
    MEMBER_FORMS(xen_memory_exchange, nr_exchanged),
};
FORMS(xen_memory_exchange);

MEMBERS(xen_machphys_mfn_list) = {
    MEMBER_FORMS(xen_machphys_mfn_list, max_extents),
    MEMBER_FORMS(xen_machphys_mfn_list, extent_start),
    MEMBER_FORMS(xen_machphys_mfn_list, nr_extents),
};
FORMS(xen_machphys_mfn_list);

MEMBERS(xen_machphys_mapping) = {
    MEMBER_FORMS(xen_machphys_mapping, v_start),
    MEMBER_FORMS(xen_machphys_mapping, v_end),
    MEMBER_FORMS(xen_machphys_mapping, max_mfn),
};
FORMS(xen_machphys_mapping);

MEMBERS(xen_add_to_physmap) = {
    MEMBER_FORMS(xen_add_to_physmap, domid), MEMBER_FORMS(xen_add_to_physmap, size),
    MEMBER_FORMS(xen_add_to_physmap, space), MEMBER_FORMS(xen_add_to_physmap, idx),
    MEMBER_FORMS(xen_add_to_physmap, gpfn),
};
FORMS(xen_add_to_physmap);

MEMBERS(xen_add_to_physmap_batch) = {
    MEMBER_FORMS(xen_add_to_physmap_batch, domid), MEMBER_FORMS(xen_add_to_physmap_batch, space),
    MEMBER_FORMS(xen_add_to_physmap_batch, size),  MEMBER_FORMS(xen_add_to_physmap_batch, u),
    MEMBER_FORMS(xen_add_to_physmap_batch, idxs),  MEMBER_FORMS(xen_add_to_physmap_batch, gpfns),
    MEMBER_FORMS(xen_add_to_physmap_batch, errs),
};
FORMS(xen_add_to_physmap_batch);

MEMBERS(xen_remove_from_physmap) = {
    MEMBER_FORMS(xen_remove_from_physmap, domid),
    MEMBER_FORMS(xen_remove_from_physmap, gpfn),
};
FORMS(xen_remove_from_physmap);

MEMBERS(xen_memory_map) = {
    MEMBER_FORMS(xen_memory_map, nr_entries),
    MEMBER_FORMS(xen_memory_map, buffer),
};
FORMS(xen_memory_map);

MEMBERS(xen_foreign_memory_map) = {
    MEMBER_FORMS(xen_foreign_memory_map, domid),
    MEMBER_FORMS(xen_foreign_memory_map, map.nr_entries),
    MEMBER_FORMS(xen_foreign_memory_map, map.buffer),
};
FORMS(xen_foreign_memory_map);

MEMBERS(xen_pod_target) = {
    MEMBER_FORMS(xen_pod_target, target_pages),    MEMBER_FORMS(xen_pod_target, tot_pages),
    MEMBER_FORMS(xen_pod_target, pod_cache_pages), MEMBER_FORMS(xen_pod_target, pod_entries),
    MEMBER_FORMS(xen_pod_target, domid),
};
FORMS(xen_pod_target);

MEMBERS(xen_mem_acquire_resource) = {
    MEMBER_FORMS(xen_mem_acquire_resource, domid),
    MEMBER_FORMS(xen_mem_acquire_resource, type),
    MEMBER_FORMS(xen_mem_acquire_resource, id),
    MEMBER_FORMS(xen_mem_acquire_resource, nr_frames),
    MEMBER_FORMS(xen_mem_acquire_resource, pad),
    MEMBER_FORMS(xen_mem_acquire_resource, frame),
    MEMBER_FORMS(xen_mem_acquire_resource, frame_list),
};
FORMS(xen_mem_acquire_resource);

MEMBERS(xen_vnuma_topology_info) = {
    MEMBER_FORMS(xen_vnuma_topology_info, domid),
    MEMBER_FORMS(xen_vnuma_topology_info, pad),
    MEMBER_FORMS(xen_vnuma_topology_info, nr_vnodes),
    MEMBER_FORMS(xen_vnuma_topology_info, nr_vcpus),
    MEMBER_FORMS(xen_vnuma_topology_info, nr_vmemranges),
    MEMBER_FORMS(xen_vnuma_topology_info, vdistance.h),
    MEMBER_FORMS(xen_vnuma_topology_info, vcpu_to_vnode.h),
    MEMBER_FORMS(xen_vnuma_topology_info, vmemrange.h),
};
FORMS(xen_vnuma_topology_info);

MEMBERS(gnttab_setup_table) = {
    MEMBER_FORMS(gnttab_setup_table, dom),
    MEMBER_FORMS(gnttab_setup_table, nr_frames),
    MEMBER_FORMS(gnttab_setup_table, status),
    MEMBER_FORMS(gnttab_setup_table, frame_list),
};
FORMS(gnttab_setup_table);

MEMBERS(gnttab_get_status_frames) = {
    MEMBER_FORMS(gnttab_get_status_frames, nr_frames),
    MEMBER_FORMS(gnttab_get_status_frames, dom),
    MEMBER_FORMS(gnttab_get_status_frames, status),
    MEMBER_FORMS(gnttab_get_status_frames, frame_list),
};
FORMS(gnttab_get_status_frames);

MEMBERS(gnttab_transfer) = {
    MEMBER_FORMS(gnttab_transfer, mfn),
    MEMBER_FORMS(gnttab_transfer, domid),
    MEMBER_FORMS(gnttab_transfer, ref),
    MEMBER_FORMS(gnttab_transfer, status),
};
FORMS(gnttab_transfer);

MEMBERS(gnttab_copy) = {
    MEMBER_FORMS(gnttab_copy, source.u),      MEMBER_FORMS(gnttab_copy, source.domid),
    MEMBER_FORMS(gnttab_copy, source.offset), MEMBER_FORMS(gnttab_copy, dest.u),
    MEMBER_FORMS(gnttab_copy, dest.domid),    MEMBER_FORMS(gnttab_copy, dest.offset),
    MEMBER_FORMS(gnttab_copy, len),           MEMBER_FORMS(gnttab_copy, flags),
    MEMBER_FORMS(gnttab_copy, status),
};
FORMS(gnttab_copy);
