/* SPDX-License-Identifier: MIT */
/*
 * Where things are in a guest's address space and descriptor table. Plain #defines, for C and asm.
 */
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#include "abi/width.h"

/*
 * The hypervisor's part of the address space, in every page table of every guest. The guest can
 * neither map nor reach it, but for the machine-to-physical table (M2P) at its start, which it may
 * read. END is the first address behind the area.
 */
#define HYPERVISOR_VIRT_START_64 ABI_ULL(0xffff800000000000)
#define HYPERVISOR_VIRT_END_64   ABI_ULL(0xffff880000000000)
#define MACH2PHYS_VIRT_START_64  ABI_ULL(0xffff800000000000)
#define MACH2PHYS_VIRT_END_64    ABI_ULL(0xffff804000000000)

/* 32-bit guests: everything from here to 4 GiB. */
#define HYPERVISOR_VIRT_START_32 ABI_UL(0xf5800000)
#define MACH2PHYS_VIRT_START_32  ABI_UL(0xf5800000)
#define MACH2PHYS_VIRT_END_32    ABI_UL(0xf6800000)

#define MACH2PHYS_NR_ENTRIES_64 ((MACH2PHYS_VIRT_END_64 - MACH2PHYS_VIRT_START_64) >> 3)
#define MACH2PHYS_NR_ENTRIES_32 ((MACH2PHYS_VIRT_END_32 - MACH2PHYS_VIRT_START_32) >> 2)

/*
 * The last two pages of the descriptor table (GDT) are the hypervisor's. The guest may fill the
 * entries below with its own descriptors, or use the flat segments that the hypervisor offers
 * above.
 */
#define FIRST_RESERVED_GDT_PAGE  14
#define FIRST_RESERVED_GDT_BYTE  (FIRST_RESERVED_GDT_PAGE * 4096)
#define FIRST_RESERVED_GDT_ENTRY (FIRST_RESERVED_GDT_BYTE / 8)

/* Flat segments of a 64-bit guest. Its kernel and its user code both run in ring 3. */
#define FLAT_RING3_CS32 0xe023
#define FLAT_RING3_DS32 0xe02b
#define FLAT_RING3_SS32 0xe02b
#define FLAT_RING3_CS64 0xe033
#define FLAT_RING3_DS64 0x0000
#define FLAT_RING3_SS64 0xe02b

/* Flat segments of a 32-bit guest. Its kernel runs in ring 1. */
#define FLAT_RING1_CS    0xe019
#define FLAT_RING1_DS    0xe021
#define FLAT_RING1_SS    0xe021
#define FLAT_RING3_CS_32 0xe02b
#define FLAT_RING3_DS_32 0xe033
#define FLAT_RING3_SS_32 0xe033

/* The names without width: what a guest of the compiled width uses. */
#ifndef ABI_BOTH_WIDTHS
#if ABI_NATIVE_WIDTH == 64
#define HYPERVISOR_VIRT_START HYPERVISOR_VIRT_START_64
#define HYPERVISOR_VIRT_END   HYPERVISOR_VIRT_END_64
#define MACH2PHYS_VIRT_START  MACH2PHYS_VIRT_START_64
#define MACH2PHYS_VIRT_END    MACH2PHYS_VIRT_END_64
#define MACH2PHYS_NR_ENTRIES  MACH2PHYS_NR_ENTRIES_64
#define FLAT_KERNEL_CS        FLAT_RING3_CS64
#define FLAT_KERNEL_DS        FLAT_RING3_DS64
#define FLAT_KERNEL_SS        FLAT_RING3_SS64
#define FLAT_USER_CS          FLAT_RING3_CS64
#define FLAT_USER_DS          FLAT_RING3_DS64
#define FLAT_USER_SS          FLAT_RING3_SS64
#else
#define HYPERVISOR_VIRT_START HYPERVISOR_VIRT_START_32
#define MACH2PHYS_VIRT_START  MACH2PHYS_VIRT_START_32
#define MACH2PHYS_VIRT_END    MACH2PHYS_VIRT_END_32
#define MACH2PHYS_NR_ENTRIES  MACH2PHYS_NR_ENTRIES_32
#define FLAT_KERNEL_CS        FLAT_RING1_CS
#define FLAT_KERNEL_DS        FLAT_RING1_DS
#define FLAT_KERNEL_SS        FLAT_RING1_SS
#define FLAT_USER_CS          FLAT_RING3_CS_32
#define FLAT_USER_DS          FLAT_RING3_DS_32
#define FLAT_USER_SS          FLAT_RING3_SS_32
#endif
#endif

#endif
