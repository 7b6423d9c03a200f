/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader tells, of either Multiboot protocol.
 */
#ifndef XEN_LITE_X86_MULTIBOOT_H
#define XEN_LITE_X86_MULTIBOOT_H

#include "lib/boot_info.h"
#include "lib/problem.h"

/* Reads what the loader left: magic from EAX, paddr from EBX. Before paging_init(). False if it
 * cannot be read; problem says why. */
bool multiboot_read(uint32_t magic, paddr_t paddr, struct boot_info *info, struct problem *problem);

#endif
