/* SPDX-License-Identifier: MIT */
/*
 * Multiboot2, as far as the kernel uses it: the header by which GRUB knows the image, and the tags
 * in which it tells what it found. (Source: the Multiboot2 specification, version 2.0.)
 */
#ifndef GUEST_KERNEL_NATIVE_MULTIBOOT_H
#define GUEST_KERNEL_NATIVE_MULTIBOOT_H

#define MULTIBOOT_HEADER_MAGIC 0xe85250d6
#define MULTIBOOT_LOADER_MAGIC 0x36d76289

/* Tags of the header. */
#define MULTIBOOT_HEADER_END           0
#define MULTIBOOT_HEADER_ENTRY         3
#define MULTIBOOT_HEADER_ALIGN_MODULES 6

#ifndef __ASSEMBLY__
#include <stdint.h>

enum multiboot_tag_type {
    MULTIBOOT_END = 0,
    MULTIBOOT_COMMAND_LINE = 1,
    MULTIBOOT_MODULE = 3,
    MULTIBOOT_MEMORY_MAP = 6,
};

/* Each tag begins on a multiple of 8 bytes. */
struct multiboot_tag {
    uint32_t type, size;
};

struct multiboot_command_line {
    struct multiboot_tag tag;
    char text[];
};

/* Physical addresses. */
struct multiboot_module {
    struct multiboot_tag tag;
    uint32_t start, end;
    char text[];
};

struct multiboot_memory {
    uint64_t start, size;
    uint32_t type, reserved;
};

#define MULTIBOOT_RAM 1 /* type: memory to use */

struct multiboot_memory_map {
    struct multiboot_tag tag;
    uint32_t entry_size, entry_version;
    struct multiboot_memory entries[];
};

#endif
#endif
