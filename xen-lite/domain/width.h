/* SPDX-License-Identifier: MIT */
/*
 * What depends on the width of a guest, for all who are no part of its kind: the size of a word,
 * and where the words of the shared page lie. One constant table per width; the guest's kind has
 * more of the same (pv/width.h). A domain's width is fixed when it is created.
 *
 * Asking "which width is it?" is wrong nearly everywhere: take the number from the table.
 *
 * The shared page is described twice. The structures here have what lies at the same place at both
 * widths, which is nearly all that is used often; the rest is found by the offsets in the table.
 */
#ifndef XEN_LITE_DOMAIN_WIDTH_H
#define XEN_LITE_DOMAIN_WIDTH_H

#include <stddef.h>
#include <stdint.h>

#include "abi/xen.h"
#include "hv/m2p.h"
#include "lib/types.h"

struct guest_width {
    uint8_t bits;             /* 32 or 64: of a register, an address, a word of the bitmaps */
    uint8_t bytes;            /* 4 or 8 */
    uint8_t word_shift;       /* log2 of .bits */
    uint8_t pending_selector; /* offset in struct vcpu_info: evtchn_pending_sel, */
    uint8_t cr2;              /* arch.cr2 */
    uint16_t evtchn_mask;     /* offset in struct shared_info: evtchn_mask, */
    uint16_t wc_version;      /* wc_version, with wc_sec and wc_nsec behind it, */
    uint16_t wc_sec_hi;
    uint16_t max_pfn;       /* arch.max_pfn */
    uint64_t memory_end;    /* what it can be given lies below this physical address; 0: anywhere */
    uint8_t runstate_entry; /* in struct vcpu_runstate_info: state_entry_time */
    uint64_t word_mask;     /* the bits of a register */
};

/* wc_sec_hi is where the two have different names for one thing. */
#define GUEST_WIDTH(width, wc_sec_hi_member)                                             \
    {                                                                                    \
        .bits = (width), .bytes = (width) / 8, .word_shift = (width) == 64 ? 6 : 5,      \
        .pending_selector = offsetof(struct vcpu_info_##width, evtchn_pending_sel),      \
        .cr2 = offsetof(struct vcpu_info_##width, arch.cr2),                             \
        .evtchn_mask = offsetof(struct shared_info_##width, evtchn_mask),                \
        .wc_version = offsetof(struct shared_info_##width, wc_version),                  \
        .wc_sec_hi = offsetof(struct shared_info_##width, wc_sec_hi_member),             \
        .max_pfn = offsetof(struct shared_info_##width, arch.max_pfn),                   \
        .memory_end = (width) == 64 ? 0 : M2P32_ENTRIES * PAGE_SIZE,                     \
        .runstate_entry = offsetof(struct vcpu_runstate_info_##width, state_entry_time), \
                                                                                         \
        .word_mask = ~0UL >> (64 - (width))                                              \
    }

/* 32-bit guests align 64-bit numbers by 4. */
typedef struct vcpu_time_info shared_time_t ALIGNED(4);
typedef uint64_t shared_u64_t ALIGNED(4);

/* struct vcpu_info of a guest of any width. */
struct shared_vcpu {
    uint8_t evtchn_upcall_pending;
    uint8_t evtchn_upcall_mask;
    uint8_t by_width[30]; /* evtchn_pending_sel, arch.cr2 */
    shared_time_t time;
};

/* struct shared_info of a guest of any width: the first page that it shares with us. */
struct shared_page {
    struct shared_vcpu vcpu_info[XEN_LEGACY_MAX_VCPUS];
    uint8_t evtchn_pending[PAGE_SIZE - XEN_LEGACY_MAX_VCPUS * sizeof(struct shared_vcpu)];
};

#define SAME_PLACE(width)                                                               \
    static_assert(offsetof(struct vcpu_info_##width, evtchn_upcall_mask) ==             \
                          offsetof(struct shared_vcpu, evtchn_upcall_mask) &&           \
                      offsetof(struct vcpu_info_##width, time) ==                       \
                          offsetof(struct shared_vcpu, time) &&                         \
                      sizeof(struct vcpu_info_##width) == sizeof(struct shared_vcpu) && \
                      offsetof(struct shared_info_##width, evtchn_pending) ==           \
                          offsetof(struct shared_page, evtchn_pending),                 \
                  "same at both widths")
SAME_PLACE(32);
SAME_PLACE(64);
#undef SAME_PLACE

/* The number at an offset of the table; the upper half of 32 bits may be something else. */
static inline shared_u64_t *shared_word(void *shared, unsigned int offset)
{
    return (shared_u64_t *)(void *)((char *)shared + offset);
}

#endif
