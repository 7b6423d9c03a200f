/* SPDX-License-Identifier: MIT */
/*
 * A guest's kernel file: unwrapped to the plain ELF that the hypervisor wants, and checked.
 */
#ifndef XLITE_KERNEL_IMAGE_H
#define XLITE_KERNEL_IMAGE_H

#include "bytes.h"

/* Takes compression and bzImage wrapping off. The result is new memory if anything was taken off,
 * otherwise the file itself. False if what remains is no ELF file or would have more than `limit`
 * bytes: a hostile file can unpack for ever. */
bool kernel_image_unwrap(struct bytes file, size_t limit, struct bytes *image,
                         struct problem *problem);

/* Checks that an unwrapped image is a PV kernel that fits into this much memory: headers, Xen
 * notes, segments. */
bool kernel_image_check(struct bytes image, uint64_t memory_bytes, struct problem *problem);

#endif
