/* SPDX-License-Identifier: MIT */
/*
 * Grant tables: entries and arguments of grant_table_op, same at both widths.
 */
#ifndef ABI_STRUCT_SAME_GRANT_H
#define ABI_STRUCT_SAME_GRANT_H

/* Entry of format 1. The granter fills domid and frame first and flags last. */
struct grant_entry_v1 {
    uint16_t flags; /* GTF_* */
    domid_t domid;  /* who may use it */
    uint32_t frame;
};
_Static_assert(sizeof(struct grant_entry_v1) == 8, "grant_entry_v1");

/* What all entries of format 2 begin with. */
struct grant_entry_header {
    uint16_t flags;
    domid_t domid;
};
_Static_assert(sizeof(struct grant_entry_header) == 4, "grant_entry_header");

/* Entry of format 2; flags say which member is meant. The in-use bits are in a table of their own.
 */
union grant_entry_v2 {
    struct grant_entry_header hdr;
    struct {
        struct grant_entry_header hdr;
        uint32_t pad0;
        uint64_t frame;
    } full_page;
    struct {
        struct grant_entry_header hdr;
        uint16_t page_off;
        uint16_t length;
        uint64_t frame;
    } sub_page;
    struct {
        struct grant_entry_header hdr;
        domid_t trans_domid; /* whose grant is passed on ... */
        uint16_t pad0;
        grant_ref_t gref; /* ... and which */
    } transitive;
};
_Static_assert(sizeof(union grant_entry_v2) == 16, "grant_entry_v2");

struct gnttab_map_grant_ref {
    uint64_t host_addr;
    uint32_t flags; /* GNTMAP_* */
    grant_ref_t ref;
    domid_t dom;
    int16_t status;        /* out: GNTST_* */
    grant_handle_t handle; /* out */
    uint64_t dev_bus_addr; /* out: machine address */
};
_Static_assert(sizeof(struct gnttab_map_grant_ref) == 32, "gnttab_map_grant_ref");

struct gnttab_unmap_grant_ref {
    uint64_t host_addr;
    uint64_t dev_bus_addr;
    grant_handle_t handle;
    int16_t status; /* out */
};
_Static_assert(sizeof(struct gnttab_unmap_grant_ref) == 24, "gnttab_unmap_grant_ref");

struct gnttab_dump_table {
    domid_t dom;
    int16_t status; /* out */
};
_Static_assert(sizeof(struct gnttab_dump_table) == 4, "gnttab_dump_table");

struct gnttab_query_size {
    domid_t dom;
    uint32_t nr_frames;     /* out */
    uint32_t max_nr_frames; /* out */
    int16_t status;         /* out */
};
_Static_assert(sizeof(struct gnttab_query_size) == 16, "gnttab_query_size");

struct gnttab_unmap_and_replace {
    uint64_t host_addr;
    uint64_t new_addr;
    grant_handle_t handle;
    int16_t status; /* out */
};
_Static_assert(sizeof(struct gnttab_unmap_and_replace) == 24, "gnttab_unmap_and_replace");

struct gnttab_set_version {
    uint32_t version; /* in and out */
};
_Static_assert(sizeof(struct gnttab_set_version) == 4, "gnttab_set_version");

struct gnttab_get_version {
    domid_t dom;
    uint16_t pad;
    uint32_t version; /* out */
};
_Static_assert(sizeof(struct gnttab_get_version) == 8, "gnttab_get_version");

struct gnttab_swap_grant_ref {
    grant_ref_t ref_a;
    grant_ref_t ref_b;
    int16_t status; /* out */
};
_Static_assert(sizeof(struct gnttab_swap_grant_ref) == 12, "gnttab_swap_grant_ref");

struct gnttab_cache_flush {
    union {
        uint64_t dev_bus_addr;
        grant_ref_t ref;
    } a;
    uint16_t offset;
    uint16_t length;
    uint32_t op; /* GNTTAB_CACHE_* */
};
_Static_assert(sizeof(struct gnttab_cache_flush) == 16, "gnttab_cache_flush");

#endif
