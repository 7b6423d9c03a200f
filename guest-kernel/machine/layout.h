/* SPDX-License-Identifier: MIT */
/*
 * The kernel's address map in numbers, for C, assembler and the linker script alike.
 *
 *     VIRT_BASE                   page 0 of our memory; page n is at VIRT_BASE + n * 4096
 *     VIRT_BASE + IMAGE_OFFSET    the image; on Xen, after it what Xen put down for us
 *     KERNEL_HOLE                 unmapped, for mappings that the kernel makes as it goes
 *
 * All lie in the last slot of the top-level page table. The first part is called linear: between
 * page and address there is only an addition. The map is the same on the bare machine and on Xen.
 */
#ifndef GUEST_KERNEL_MACHINE_LAYOUT_H
#define GUEST_KERNEL_MACHINE_LAYOUT_H

#ifdef __x86_64__
#define VIRT_BASE   0xffffffff80000000
#define KERNEL_HOLE 0xffffffffc0000000
#define KERNEL_SLOT 511
#else
/* The last of four gigabytes; its end is the hypervisor's. */
#define VIRT_BASE   0xc0000000
#define KERNEL_HOLE 0xf0000000
#define KERNEL_SLOT 3
#endif

#define IMAGE_OFFSET 0x100000
#define STACK_SIZE   8192
#define CPUS         4

#endif
