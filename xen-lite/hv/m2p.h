/* SPDX-License-Identifier: MIT */
/*
 * The M2P as guests see it: which guest frame number each machine frame has.
 *
 * 64-bit guests read an array of 8-byte words, which is made with the frame table (hv/frame.h).
 * 32-bit guests read 4-byte words at 0xf5800000. That second array is made when the first such
 * guest is: it takes a thousandth of the memory. Its pages hang below an L2 table of the
 * hypervisor's, whose entries are copied into each guest's last L2 table. All of them lead to the
 * same pages, so what is set here all guests see. The hypervisor writes through the direct map.
 */
#ifndef XEN_LITE_HV_M2P_H
#define XEN_LITE_HV_M2P_H

#include <stdbool.h>
#include <stdint.h>

#include "hv/frame.h"
#include "lib/compiler.h"
#include "lib/types.h"

/* The window of 32-bit guests and the frames that it has words for: 166 GiB of RAM. Its end is what
 * Xen tells by memory_op; the public headers' number is of the time when 16 GiB were enough. */
#define M2P32_START   MACH2PHYS_VIRT_START_32
#define M2P32_END     0xffe00000UL
#define M2P32_ENTRIES ((M2P32_END - M2P32_START) / sizeof(uint32_t))

/* One of the two, as its guests see it. */
struct m2p_view {
    uint64_t start, end; /* addresses */
    uint64_t word;       /* bytes for each frame */
    /* The frame that an address in it is mapped to, or INVALID_MFN. */
    mfn_t (*frame_at)(uint64_t address);
};

extern const struct m2p_view m2p_view_32, m2p_view_64;

/* Makes the second array, if it is not there. At boot, while no other CPU sets entries. False: no
 * memory; what was made stays, for the next try. */
bool m2p32_make(void);

/* Pages that it has taken. */
uint64_t m2p32_pages(void);

/* Writes the window's entries into an L2 table of a guest. */
void m2p32_fill(uint64_t *l2);

extern uint64_t *m2p32_l2; /* null until m2p32_make() */
void m2p32_set(mfn_t mfn, uint32_t gfn);

/* The hypervisor believes none of it. */
static inline void m2p_set(mfn_t mfn, uint64_t gfn)
{
    *m2p_entry(mfn) = gfn;
    if (m2p32_l2 != NULL)
        m2p32_set(mfn, (uint32_t)gfn);
}

#endif
