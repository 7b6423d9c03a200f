/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's own image: its parts as the linker script lays them out, and its physical place.
 */
#ifndef XEN_LITE_X86_IMAGE_H
#define XEN_LITE_X86_IMAGE_H

#include <stdint.h>

#include "lib/types.h"
#include "x86/layout.h"

/* [start, rodata) text, [rodata, data) read-only data, [data, init) data, [init, end) boot only. */
extern char image_start[], image_rodata[], image_data[], image_init[], image_end[];
/* [data, once_end) is read-only after boot. */
extern char image_once_end[];

/* What is needed during boot only: its memory is given back afterwards. */
#define BOOT_ONLY SECTION(".bss.init")

/* What is written during boot and never again: tables of functions, what the machine can do.
 * Becomes read-only by paging_seal(). */
#define SET_ONCE SECTION(".data.once")

static inline paddr_t image_paddr(const void *p)
{
    return (uintptr_t)p - IMAGE_BASE + IMAGE_PHYS;
}

#endif
