/* SPDX-License-Identifier: MIT */
/*
 * A guest's extended registers: x87, SSE, AVX and what else XSAVE knows and we enable.
 *
 * Switched eagerly and whole, so that no register of one guest is ever there while another runs.
 * The hypervisor itself uses none of them.
 */
#ifndef XEN_LITE_X86_FPU_H
#define XEN_LITE_X86_FPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enables the components on this CPU. On the boot CPU also decides which they are. */
void fpu_init_cpu(void);

/* Size of a save area: whole pages, so that any page allocation is aligned well enough. */
size_t fpu_area_size(void);

/* What a program finds at its start. area is zeroed. */
void fpu_area_init(void *area);

/* Makes area hold the x87 and SSE registers of a 512-byte FXSAVE image that a guest gave. */
void fpu_set_legacy(void *area, const void *image);

void fpu_save(void *area);
/* Loads area. One that the CPU refuses (a guest may have supplied it) is replaced by a fresh one
 * first; then the result is false. */
bool fpu_restore(void *area);

/* The components that there are (XCR0 of the hypervisor); 0 where there is no XSAVE. Saving and
 * restoring needs all of them enabled. */
uint64_t fpu_components(void);

/* Writes XCR0: a valid choice of fpu_components(). Only where there is XSAVE. */
void fpu_select(uint64_t choice);

#endif
