/* SPDX-License-Identifier: MIT */
/*
 * A domain under construction: what the steps of the builder (build*.c) hand on to each other.
 *
 * Guest frame numbers (PFNs) count from 0 and are, at the start, in the order of virtual addresses:
 * PFN n is mapped at .virt_base + n pages.
 */
#ifndef XEN_LITE_PV_BUILD_H
#define XEN_LITE_PV_BUILD_H

#include "domain/boot.h"
#include "domain/domain.h"
#include "lib/elf.h"
#include "lib/problem.h"
#include "lib/span.h"
#include "lib/types.h"
#include "lib/xen_notes.h"
#include "pv/width.h"

/* A run of guest frames. */
struct build_range {
    unsigned long pfn;
    unsigned long pages;
};

struct build {
    struct domain *domain;
    unsigned int stage;          /* which of the builder's stages comes next, */
    unsigned long at;            /* and how far that one is: its own count */
    enum build_result result;    /* of the last step */
    struct span kernel, ramdisk; /* files, in the direct map */
    const struct image *image;   /* of the kernel, or null */
    struct elf elf;
    struct xen_image_notes notes;
    struct xen_image_layout layout;
    const struct pv_width *width; /* that the image is for */
    struct problem problem;
    struct start_info_64 info; /* what start_info will say, whatever the guest's layout */

    unsigned long pages; /* of the domain */
    uint64_t virt_base;
    struct build_range kernel_range, ramdisk_range, p2m_range, start_info, store, console, tables,
        stack;
    unsigned long mapped_pages; /* from PFN 0 on */
    uint64_t p2m_address;       /* virtual */
    uint64_t root_below;        /* physical address below which the root table must be; 0: any */

    mfn_t *p2m_frames; /* frames of the list PFN -> MFN, while they are not yet in the list */
    uint32_t piece;    /* of the image, which is being copied */
    unsigned long tables_used; /* page tables made so far, of tables.pages */
};

/* ---- image.c: for struct domain_builder ---- */

struct image *pv_study_image(struct span kernel);
void pv_forget_image(struct image *image);

/* ---- build*.c ---- */

/* Sets .width. False: no PV guest can be made of the image. */
bool build_check_image(struct build *b);

/* Decides where all goes. False: it does not fit, .problem says why. */
bool build_place(struct build *b);

/* The machine frame of a PFN, when the domain has its memory. */
mfn_t build_mfn(const struct build *b, unsigned long pfn);
/* Copies into guest memory from PFN `pfn` on, at that offset. The range is the caller's to have
 * checked. */
void build_copy(const struct build *b, unsigned long pfn, uint64_t offset, const void *from,
                size_t size);

/* Copies some more of segments and ramdisk, and writes the hypercall page. */
enum build_result build_image_step(struct build *b);

/* How many tables map `pages` pages from virt_base on, and the PFN -> MFN list if it lies
 * elsewhere. */
unsigned long build_count_tables(const struct build *b, unsigned long pages);
/* Maps another page in the page tables; their own frames are mapped read-only. */
enum build_result build_tables_step(struct build *b);

/* start_info, shared_info, console; false if there is no port left. */
bool build_start_info(struct build *b);

/* Registers of vCPU 0 at the first instruction. */
void build_context(const struct build *b);

static inline uint64_t build_address(const struct build *b, unsigned long pfn)
{
    return b->virt_base + pfn * PAGE_SIZE;
}

#endif
