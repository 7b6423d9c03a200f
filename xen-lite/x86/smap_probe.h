/* SPDX-License-Identifier: MIT */
/*
 * The probe of smap_init.c in assembler.
 */
#ifndef XEN_LITE_X86_SMAP_PROBE_H
#define XEN_LITE_X86_SMAP_PROBE_H

/* Where the page of ring 3 is mapped: L4 slot 1, which nothing else uses at this time. */
#define SMAP_PROBE_PAGE 0x8000000000

/* The exception that shows that the IRETQ worked: #UD, by the instruction that it returned to. */
#define SMAP_PROBE_WORKS 6

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Goes to ring 3, lets the code there run and returns the vector of its first exception. Needs
 * descriptors and TSS; uses an IDT of its own meanwhile. */
uint64_t smap_probe(void);

/* The code of ring 3, to be copied to the start of the page. */
extern const char smap_probe_user[], smap_probe_user_end[];
#endif
#endif
