/* SPDX-License-Identifier: MIT */
/*
 * A guest's kernel file: unwrapped to the plain ELF that the hypervisor wants, and checked.
 */
#ifndef XLITE_KERNEL_IMAGE_H
#define XLITE_KERNEL_IMAGE_H

#include "bytes.h"

/* An unwrapped kernel. */
struct kernel_image {
    struct span elf;       /* a part of the file or of `unpacked` */
    struct bytes unpacked; /* to be freed; empty if nothing was packed */
};

/* Takes compression and bzImage wrapping off. False if what remains is no ELF file or would have
 * more than `limit` bytes: a hostile file can unpack for ever. Then there is nothing to free. */
bool kernel_image_unwrap(struct span file, size_t limit, struct kernel_image *image,
                         struct problem *problem);

/* Checks that an unwrapped image is a PV kernel that fits into this much memory: headers, segments,
 * Xen notes, addresses. */
bool kernel_image_check(struct span elf_file, uint64_t memory_bytes, struct problem *problem);

/* The same for a kernel of the bare machine: headers, segments, and a header for GRUB (Multiboot2).
 */
bool kernel_image_check_bare(struct span elf_file, uint64_t memory_bytes, struct problem *problem);

#endif
