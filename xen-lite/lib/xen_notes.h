/* SPDX-License-Identifier: MIT */
/*
 * What a kernel image says about itself as a Xen PV guest: by ELF notes, or, in old images, by
 * the text in section __xen_guest ("KEY=value,KEY=value"). Both end in the same struct.
 */
#ifndef LIB_XEN_NOTES_H
#define LIB_XEN_NOTES_H

#include "lib/elf.h"
#include "lib/problem.h"
#include "lib/types.h"

#define XEN_NOTES_TEXT 32

/* PAE_MODE of a 32-bit kernel. Only PAE kernels can run; absent means no. */
enum xen_pae_mode {
    XEN_PAE_NO,
    XEN_PAE_YES,
    XEN_PAE_EXTENDED_CR3, /* the root table may lie above 4 GiB */
    XEN_PAE_BIMODAL,
};

/* A has_ flag says that the image gave the value; without it the value is the default. */
struct xen_image_notes {
    bool legacy; /* from __xen_guest, not from notes */
    bool has_entry, has_hypercall_page, has_init_p2m, has_hv_start_low, has_l1_mfn_valid;
    bool has_virt_base, has_paddr_offset;
    bool has_phys32_entry;   /* can also be started as PVH */
    uint64_t entry;          /* default: the ELF header's */
    uint64_t hypercall_page; /* virtual address */
    uint64_t virt_base;      /* default 0 */
    uint64_t paddr_offset;   /* default 0, in a legacy image virt_base */
    uint64_t init_p2m;       /* virtual address for the pfn-to-mfn list */
    uint64_t hv_start_low;
    uint64_t l1_mfn_mask, l1_mfn_value;
    bool mod_start_pfn;  /* the ramdisk need not be mapped */
    bool suspend_cancel; /* a cancelled suspend returns 1 */
    bool bsd_symtab;     /* wants its ELF symbols behind the kernel */
    enum xen_pae_mode pae_mode;
    uint32_t features_supported; /* XENFEAT_ bits that it can live with */
    uint32_t features_required;  /* those it cannot live without */
    char guest_os[XEN_NOTES_TEXT];
    char guest_version[XEN_NOTES_TEXT];
    char xen_version[XEN_NOTES_TEXT];
    char loader[XEN_NOTES_TEXT];
};

/* Where an image lies in its own address space once loaded. */
struct xen_image_layout {
    uint64_t virt_base;    /* address of the domain's first page */
    uint64_t virt_offset;  /* virtual address = ELF physical address + this (modulo 2^64) */
    uint64_t kernel_start; /* virtual address of the lowest loaded byte */
    uint64_t kernel_end;   /* and behind the highest */
    uint64_t entry;
};

/* Collects the notes and checks that they describe a Xen PV kernel that we can start. */
bool xen_notes_read(const struct elf *elf, struct xen_image_notes *notes, struct problem *problem);

/* Computes where the image goes. elf has passed elf_check_loads. Checks that nothing wraps, that
 * the kernel begins at or above virt_base, that entry and hypercall page lie in it, and that
 * INIT_P2M is page-aligned and outside of it. */
bool xen_image_layout(const struct elf *elf, const struct xen_image_notes *notes,
                      struct xen_image_layout *layout, struct problem *problem);

#endif
