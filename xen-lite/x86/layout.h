/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's address space: the one map.
 *
 * The PV ABI gives the hypervisor L4 slots 256 to 271 (0xffff800000000000 to 0xffff87ffffffffff) of
 * every page table; all the rest belongs to the guest. A slot is 512 GiB.
 *
 *   slot  start                what                                                 guest may
 *   256   0xffff800000000000   M2P: one word per machine frame, its guest frame   read
 *   257   0xffff808000000000   per domain: each vCPU's window for descriptors     (by the CPU)
 *   258   0xffff810000000000   frame table: one struct frame per machine frame    -
 *   259   0xffff818000000000   M2P again, writable                                -
 *   260   0xffff820000000000   devices (uncached), the screen, stacks of the CPUs   -
 *   261   0xffff828000000000   the image: text, rodata, data, bss; W^X            -
 *   262   0xffff830000000000   direct map of all RAM (to slot 271: 5 TiB), never executable
 *
 * Slot 257 differs from domain to domain; the other fifteen L4 entries are the same everywhere,
 * written once at boot and copied into each guest's L4 table when it becomes one.
 *
 * Plain numbers only: the linker script and assembler read this file, too.
 */
#ifndef XEN_LITE_X86_LAYOUT_H
#define XEN_LITE_X86_LAYOUT_H

#ifdef __ASSEMBLER__
#define LAYOUT_UL(x) x
#else
#define LAYOUT_UL(x) x##UL
#endif

#define HV_L4_FIRST  256
#define HV_L4_LAST   271
#define HV_L4_DOMAIN 257

#define HV_VIRT_START LAYOUT_UL(0xffff800000000000)
#define HV_VIRT_END   LAYOUT_UL(0xffff880000000000)

#define M2P_RO_BASE      LAYOUT_UL(0xffff800000000000)
#define DOMAIN_AREA_BASE LAYOUT_UL(0xffff808000000000)
#define FRAME_TABLE_BASE LAYOUT_UL(0xffff810000000000)
#define M2P_RW_BASE      LAYOUT_UL(0xffff818000000000)
#define DEVICE_BASE      LAYOUT_UL(0xffff820000000000)
#define DEVICE_END       LAYOUT_UL(0xffff820040000000)
#define SCREEN_BASE      DEVICE_END
#define SCREEN_END       STACKS_BASE
#define STACKS_BASE      LAYOUT_UL(0xffff820080000000)
#define IMAGE_BASE       LAYOUT_UL(0xffff828000000000)
#define DIRECT_MAP_BASE  LAYOUT_UL(0xffff830000000000)
#define DIRECT_MAP_END   HV_VIRT_END

/* Where the image lies in physical memory (chosen by the ELF program headers; GRUB puts it there).
 */
#define IMAGE_PHYS LAYOUT_UL(0x200000)

/*
 * Each vCPU has a window of 32 pages in the domain area: 16 pages of GDT (14 of the guest's frames,
 * then the hypervisor's reserved page and one spare) and 16 of LDT.
 */
#define VCPU_WINDOW_SHIFT      17
#define VCPU_WINDOW_GDT_PAGES  16
#define VCPU_WINDOW_LDT_OFFSET 0x10000

/* First selector of the reserved GDT page (ABI: FIRST_RESERVED_GDT_BYTE). */
#define GDT_RESERVED_OFFSET 0xe000

/*
 * A CPU's stack block: 64 KiB, aligned, so that the block's top (struct cpu_top) is found from any
 * stack pointer in it. From the bottom: guard, #DF, guard, NMI, guard, #MC, guard, #DB, guard (7
 * pages up to the main stack), main stack.
 */
#define STACK_BLOCK_SIZE  0x10000
#define STACK_DF_TOP      0x2000
#define STACK_NMI_TOP     0x4000
#define STACK_MC_TOP      0x6000
#define STACK_DB_TOP      0x8000
#define STACK_MAIN_BOTTOM 0xc000
/* Which entry of the TSS's stack table each has. */
#define IST_DF            1
#define IST_NMI           2
#define IST_MC            3
#define IST_DB            4
/* The pages of a block that are mapped, bit n for page n. */
#define STACK_PAGES       0xf0aa
#define STACK_PAGE_COUNT  8

#define MAX_CPUS 32

/* Which entry of an L4, L3, L2, L1 table an address uses. */
#define L4_SLOT(address)  (((address) >> 39) & 511)
#define L3_INDEX(address) (((address) >> 30) & 511)
#define L2_INDEX(address) (((address) >> 21) & 511)
#define L1_INDEX(address) (((address) >> 12) & 511)

#endif
