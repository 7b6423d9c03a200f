/* SPDX-License-Identifier: MIT */
/*
 * Arguments of mmuext_op and memory_op. Included once per width.
 */

/* One operation of mmuext_op; mmuext.def says what uses which member. */
struct ABI_NAME(mmuext_op) {
    uint32_t cmd; /* MMUEXT_* */
    union {
        abi_pfn mfn;
        abi_ulong linear_addr;
    } arg1;
    union {
        uint32_t nr_ents;
        abi_ptr vcpumask; /* address of a bitmap of vCPUs */
        abi_pfn src_mfn;
    } arg2;
};

/* Of increase_reservation, decrease_reservation and populate_physmap. */
struct ABI_NAME(xen_memory_reservation) {
    abi_ptr extent_start;  /* list: frame numbers in, out, or both by operation */
    abi_ulong nr_extents;  /* its length */
    uint32_t extent_order; /* each stands for 2^extent_order frames */
    uint32_t mem_flags;    /* XENMEMF_* */
    domid_t domid;
};

/* Of exchange: frames given, frames wanted, and how many of the first were done. */
struct ABI_NAME(xen_memory_exchange) {
    struct ABI_NAME(xen_memory_reservation) in;
    struct ABI_NAME(xen_memory_reservation) out;
    abi_ulong nr_exchanged; /* out; 0 at the call */
};

/* Of machphys_mfn_list: a frame number for each 2 MiB of the M2P. */
struct ABI_NAME(xen_machphys_mfn_list) {
    uint32_t max_extents;
    abi_ptr extent_start;
    uint32_t nr_extents; /* out */
};

/* Of machphys_mapping; all out. */
struct ABI_NAME(xen_machphys_mapping) {
    abi_ulong v_start;
    abi_ulong v_end;
    abi_ulong max_mfn;
};

struct ABI_NAME(xen_add_to_physmap) {
    domid_t domid;
    uint16_t size;  /* pages, of gmfn_range */
    uint32_t space; /* XENMAPSPACE_* */
    abi_ulong idx;
    abi_pfn gpfn;
};

/* The lists have size elements each. */
struct ABI_NAME(xen_add_to_physmap_batch) {
    domid_t domid;
    uint16_t space;
    uint16_t size;
    union {
        domid_t foreign_domid;
        uint16_t res0;
    } u;
    abi_ptr idxs;
    abi_ptr gpfns;
    abi_ptr errs; /* out: an error number each */
};

struct ABI_NAME(xen_remove_from_physmap) {
    domid_t domid;
    abi_pfn gpfn;
};

/* Of memory_map and machine_memory_map: a list of struct e820entry. */
struct ABI_NAME(xen_memory_map) {
    uint32_t nr_entries; /* in: room; out: entries */
    abi_ptr buffer;
};

struct ABI_NAME(xen_foreign_memory_map) {
    domid_t domid;
    struct ABI_NAME(xen_memory_map) map;
};

struct ABI_NAME(xen_pod_target) {
    abi_u64 target_pages;
    abi_u64 tot_pages;       /* out */
    abi_u64 pod_cache_pages; /* out */
    abi_u64 pod_entries;     /* out */
    domid_t domid;
};

struct ABI_NAME(xen_mem_acquire_resource) {
    domid_t domid;
    uint16_t type; /* XENMEM_resource_* */
    uint32_t id;
    uint32_t nr_frames; /* in: wanted; out with an empty list: how many there are */
    uint32_t pad;
    abi_u64 frame; /* the first one wanted */
    abi_ptr frame_list;
};

/* Of get_vnumainfo. */
struct ABI_NAME(xen_vnuma_topology_info) {
    domid_t domid;
    uint16_t pad; /* 0 */
    /* In: room in the lists; out: how many there are. */
    uint32_t nr_vnodes;
    uint32_t nr_vcpus;
    uint32_t nr_vmemranges;
    /* Lists that are written. */
    union {
        abi_ptr h;
        abi_u64 pad;
    } vdistance, vcpu_to_vnode, vmemrange;
};
