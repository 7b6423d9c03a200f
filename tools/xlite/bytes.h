/* SPDX-License-Identifier: MIT */
/*
 * Bytes in memory of their own: files as they are read, and what is unpacked. To look into them,
 * take a struct span (lib/span.h), whose functions check every offset.
 */
#ifndef XLITE_BYTES_H
#define XLITE_BYTES_H

#include "lib/problem.h"
#include "lib/span.h"

struct bytes {
    uint8_t *data;
    size_t size;
};

/* The view of all of it. It ends when the bytes are freed. */
struct span bytes_span(struct bytes bytes);

/* Makes the memory at least this large. Ends the tool if there is none. */
void bytes_reserve(struct bytes *bytes, size_t size);

/* Reads a whole regular file into new memory. False with the reason (without the file's name). */
bool bytes_read_file(const char *path, struct bytes *bytes, struct problem *problem);

/* Writes a new file. Ends the tool if that fails. */
void bytes_write_file(const char *path, struct span contents);

void bytes_free(struct bytes *bytes);

#endif
