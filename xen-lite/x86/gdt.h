/* SPDX-License-Identifier: MIT */
/*
 * The descriptor-table pages of each CPU, and its TSS.
 *
 * While a guest runs, the GDT is its own: 14 pages of its frames and, as page 14, one of this CPU's
 * pages with the hypervisor's descriptors (selectors from GDT_RESERVED_OFFSET on), mapped into the
 * vCPU's window. While none runs, the first of them is reached at a base GDT_RESERVED_OFFSET below
 * it, so that the hypervisor's own selectors never change and nothing needs to be reloaded in
 * between.
 *
 * Each CPU has a page for each width of guests: the ABI gives the same selectors other meanings,
 * and what is 64-bit code to one guest must not be there for the other (docs/rings.md).
 */
#ifndef XEN_LITE_X86_GDT_H
#define XEN_LITE_X86_GDT_H

#include "x86/layout.h"

#define SELECTOR_HV_CODE 0xe008
#define SELECTOR_HV_DATA 0xe010
#define SELECTOR_TSS     0xe040
#define SELECTOR_LDT     0xe050
/* Last byte of the last descriptor that a guest's selector may reach. */
#define GDT_LIMIT        0xe05f

#ifndef __ASSEMBLER__
#include <stdint.h>

#include "lib/types.h"

/* For guests of which width a page is. */
enum gdt_kind { GDT_FOR_64, GDT_FOR_32, GDT_KINDS };

/* One page of each kind: zeroed, and mapped for good. */
struct gdt_pages {
    void *page[GDT_KINDS];
};

/* Sets up this CPU's descriptors and TSS in the pages and loads GDT, TR and all segment registers.
 */
void gdt_init(unsigned int cpu, const struct gdt_pages *pages);

/* The frame of a CPU's page of that kind, to be mapped as page 14 of a vCPU's GDT window. */
mfn_t gdt_frame(unsigned int cpu, enum gdt_kind kind);

/* Loads the GDT at base (a vCPU's window, or the idle one), with GDT_LIMIT. */
void gdt_load(uint64_t base);
/* The one to use while no guest's page tables are loaded. */
void gdt_load_idle(void);

/* Loads the LDT at base with so many entries; 0: none. Writes this CPU's descriptor pages. */
void ldt_load(uint64_t base, uint32_t entries);

#endif
#endif
