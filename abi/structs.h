/* SPDX-License-Identifier: MIT */
/*
 * All structures of the ABI.
 *
 * Structures whose layout is the same for 32- and 64-bit guests are in struct_same_*.h. The others
 * are written once, in the struct_width_*.h headers, in terms of
 *
 *     ABI_NAME(tag)    tag (guest), tag_32 and tag_64 (hypervisor)
 *     abi_ulong        an unsigned integer of the guest's width
 *     abi_ptr          a guest pointer, as a number
 *     abi_pfn          a frame number
 *     abi_u64          64 bits, aligned as the guest's width aligns them (4 in 32-bit structures)
 *
 * and this header includes them once per width that is wanted.
 */
#ifndef ABI_STRUCTS_H
#define ABI_STRUCTS_H

#include <stdint.h>

#include "abi/numbers.h"

/* Domain id. */
typedef uint16_t domid_t;
/* Number of an event channel's end. */
typedef uint32_t evtchn_port_t;
/* Index of an entry of a grant table, and number of a mapping made from one. */
typedef uint32_t grant_ref_t;
typedef uint32_t grant_handle_t;
typedef uint16_t grant_status_t;
/* A domain's UUID. */
typedef uint8_t xen_domain_handle_t[16];
/* Texts that xen_version returns. */
typedef char xen_extraversion_t[16];
typedef char xen_capabilities_info_t[1024];
typedef char xen_changeset_info_t[64];
typedef char xen_commandline_t[1024];

/* A 64-bit number in a 32-bit guest's structure. */
typedef uint64_t abi_u64_32 __attribute__((aligned(4)));

#include "abi/struct_same_calls.h"
#include "abi/struct_same_grant.h"
#include "abi/struct_same_shared.h"

#ifdef ABI_BOTH_WIDTHS

#define ABI_NAME(tag) tag##_32
#define ABI_WIDTH     32
#define abi_ulong     uint32_t
#define abi_ptr       uint32_t
#define abi_pfn       uint32_t
#define abi_u64       abi_u64_32
#include "abi/struct_width.h"
#undef ABI_NAME
#undef ABI_WIDTH
#undef abi_ulong
#undef abi_ptr
#undef abi_pfn
#undef abi_u64

#define ABI_NAME(tag) tag##_64
#define ABI_WIDTH     64
#define abi_ulong     uint64_t
#define abi_ptr       uint64_t
#define abi_pfn       uint64_t
#define abi_u64       uint64_t
#include "abi/struct_width.h"
#undef ABI_NAME
#undef ABI_WIDTH
#undef abi_ulong
#undef abi_ptr
#undef abi_pfn
#undef abi_u64

#else

typedef unsigned long abi_ulong;
typedef unsigned long abi_ptr;
typedef unsigned long abi_pfn;
typedef uint64_t abi_u64;
#define ABI_NAME(tag) tag
#define ABI_WIDTH     ABI_NATIVE_WIDTH
#include "abi/struct_width.h"
#undef ABI_NAME
#undef ABI_WIDTH

#endif

#endif
