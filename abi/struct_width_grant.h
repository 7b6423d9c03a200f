/* SPDX-License-Identifier: MIT */
/*
 * Arguments of grant_table_op that hold a frame number or an address. Included once per width.
 */

struct ABI_NAME(gnttab_setup_table) {
    domid_t dom;
    uint32_t nr_frames;
    int16_t status;     /* out: GNTST_* */
    abi_ptr frame_list; /* list of abi_pfn, out */
};

struct ABI_NAME(gnttab_transfer) {
    abi_pfn mfn;
    domid_t domid;
    grant_ref_t ref;
    int16_t status; /* out */
};

/* One end of a copy: a grant of domid, or a frame of the caller's. */
struct ABI_NAME(gnttab_copy_ptr) {
    union {
        grant_ref_t ref;
        abi_pfn gmfn;
    } u;
    domid_t domid;
    uint16_t offset;
};

struct ABI_NAME(gnttab_copy) {
    struct ABI_NAME(gnttab_copy_ptr) source;
    struct ABI_NAME(gnttab_copy_ptr) dest;
    uint16_t len;
    uint16_t flags; /* GNTCOPY_* */
    int16_t status; /* out */
};

struct ABI_NAME(gnttab_get_status_frames) {
    uint32_t nr_frames;
    domid_t dom;
    int16_t status;     /* out */
    abi_ptr frame_list; /* list of uint64_t, out */
};
