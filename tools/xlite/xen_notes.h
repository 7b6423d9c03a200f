/* SPDX-License-Identifier: MIT */
/*
 * What a PV kernel says about itself: its Xen ELF notes, or the older `__xen_guest` section.
 */
#ifndef XLITE_XEN_NOTES_H
#define XLITE_XEN_NOTES_H

#include "elf.h"

/* Only what placing and naming the kernel needs. Text that is absent is "". */
struct xen_notes {
    bool found;
    bool from_guest_section; /* read from `__xen_guest` */
    bool has_paddr_offset;
    uint64_t virt_base;    /* 0 if absent */
    uint64_t paddr_offset; /* see has_paddr_offset */
    uint64_t entry;        /* the ELF header's if absent */
    char xen_version[16];
    char loader[16];
    char guest_os[16];
    char pae_mode[32];
};

/* Reads the notes of all note segments; if there are none, of all note sections; if there are none,
 * `__xen_guest`. False if a note is damaged; found == false if there is nothing. */
bool xen_notes_read(const struct elf *elf, struct xen_notes *notes, struct problem *problem);

#endif
