/* SPDX-License-Identifier: MIT */
/*
 * Numbers of the grant tables: bits of entries, flags of operations, results. For C and asm.
 */
#ifndef ABI_GRANT_NUMBERS_H
#define ABI_GRANT_NUMBERS_H

#include "abi/width.h"

/* The first entries are kept for the tools; two of them have a fixed use. */
#define GNTTAB_NR_RESERVED_ENTRIES 8
#define GNTTAB_RESERVED_CONSOLE    0
#define GNTTAB_RESERVED_XENSTORE   1

/* Entry flags, bits 0-1: the entry's kind. */
#define GTF_invalid            0
#define GTF_permit_access      1
#define GTF_accept_transfer    2
#define GTF_transitive         3
#define GTF_type_mask          3
/* Of permit_access: set by the granter ... */
#define GTF_readonly           (1 << 2)
/* ... set by the hypervisor while the page is in use ... */
#define GTF_reading            (1 << 3)
#define GTF_writing            (1 << 4)
/* ... cache attributes, and a grant of a part of a page (format 2). */
#define GTF_PWT                (1 << 5)
#define GTF_PCD                (1 << 6)
#define GTF_PAT                (1 << 7)
#define GTF_sub_page           (1 << 8)
/* Of accept_transfer: set by the hypervisor before and after the frame's change of owner. */
#define GTF_transfer_committed (1 << 2)
#define GTF_transfer_completed (1 << 3)

/* gnttab_map_grant_ref.flags. */
#define GNTMAP_device_map       (1 << 0)
#define GNTMAP_host_map         (1 << 1)
#define GNTMAP_readonly         (1 << 2)
#define GNTMAP_application_map  (1 << 3)
/* host_addr is the machine address of a page-table entry instead of a virtual address. */
#define GNTMAP_contains_pte     (1 << 4)
/* Available bits that the mapping's entry shall have. */
#define GNTMAP_guest_avail_mask (0xffffU << 16)

/* gnttab_copy.flags: this end is a grant instead of an own frame. */
#define GNTCOPY_source_gref (1 << 0)
#define GNTCOPY_dest_gref   (1 << 1)

/* gnttab_cache_flush.op. */
#define GNTTAB_CACHE_CLEAN       (1U << 0)
#define GNTTAB_CACHE_INVAL       (1U << 1)
#define GNTTAB_CACHE_SOURCE_GREF (1U << 31)

/* Results per element. */
#define GNTST_okay              0
#define GNTST_general_error     (-1)
#define GNTST_bad_domain        (-2)
#define GNTST_bad_gntref        (-3)
#define GNTST_bad_handle        (-4)
#define GNTST_bad_virt_addr     (-5)
#define GNTST_bad_dev_addr      (-6)
#define GNTST_no_device_space   (-7)
#define GNTST_permission_denied (-8)
#define GNTST_bad_page          (-9)
#define GNTST_bad_copy_arg      (-10)
#define GNTST_address_too_big   (-11)
#define GNTST_eagain            (-12)
#define GNTST_no_space          (-13)

#endif
