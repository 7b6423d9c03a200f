/* SPDX-License-Identifier: MIT */
/*
 * Unpacking of compressed kernels with the usual libraries. It happens here, on the host, so that
 * nothing in ring 0 ever decompresses.
 */
#ifndef XLITE_UNPACK_H
#define XLITE_UNPACK_H

#include "bytes.h"

/* Name of the compression that the bytes begin with ("gzip", "xz", "zstd", "lz4"), or NULL if none
 * is known. */
const char *unpack_format(struct span packed);

/* Unpacks into new memory. What follows the packed stream is ignored: Linux appends the unpacked
 * size. False if the format is unknown, the data are damaged or truncated, or the result exceeds
 * `limit` bytes. */
bool unpack(struct span packed, size_t limit, struct bytes *unpacked, struct problem *problem);

#endif
