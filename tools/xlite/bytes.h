/* SPDX-License-Identifier: MIT */
/*
 * A range of bytes, and reading numbers out of it without ever leaving it.
 */
#ifndef XLITE_BYTES_H
#define XLITE_BYTES_H

#include "problem.h"

#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data;
    size_t size;
};

/* True if [offset, offset + length) lies inside. Safe against wrap for any values. */
bool bytes_has(struct bytes bytes, uint64_t offset, uint64_t length);

/* Little-endian numbers. The caller has asked bytes_has() for the range. */
uint16_t bytes_u16(struct bytes bytes, uint64_t offset);
uint32_t bytes_u32(struct bytes bytes, uint64_t offset);
uint64_t bytes_u64(struct bytes bytes, uint64_t offset);

/* A view of a part. The caller has asked bytes_has() for the range. */
struct bytes bytes_part(struct bytes bytes, uint64_t offset, uint64_t length);

/* True if the range begins with these bytes. */
bool bytes_start_with(struct bytes bytes, const void *prefix, size_t length);

/* Makes room for at least `size` bytes at `data`; the size given back may be larger. Ends the tool
 * if there is no memory. */
void bytes_reserve(struct bytes *bytes, size_t size);

/* Reads a whole regular file into new memory. False with the reason (without the file's name). */
bool bytes_read_file(const char *path, struct bytes *bytes, struct problem *problem);

/* Writes a new file. Ends the tool if that fails. */
void bytes_write_file(const char *path, struct bytes bytes);

void bytes_free(struct bytes *bytes);

#endif
