/* SPDX-License-Identifier: MIT */
/*
 * A range of bytes that came from outside (an ELF file, boot data, an ACPI table), read only
 * through functions that check every offset against its size. All numbers are little-endian.
 *
 * The one idea: a check is written `size <= span.size && offset <= span.size - size`, which
 * cannot wrap, and it is written here only.
 */
#ifndef LIB_SPAN_H
#define LIB_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does not own the bytes: they stay as long as the file does. NULL only with a size of 0. */
struct span {
    const uint8_t *data;
    size_t size;
};

#define SPAN(pointer, bytes) ((struct span){ (const uint8_t *)(pointer), (bytes) })

/* Whether the size bytes at offset lie inside. */
static inline bool span_has(struct span span, uint64_t offset, uint64_t size)
{
    return size <= span.size && offset <= span.size - size;
}

/* The size bytes at offset as a span of their own. False, and *sub empty, if they are not inside.
 */
static inline bool span_sub(struct span span, uint64_t offset, uint64_t size, struct span *sub)
{
    if (!span_has(span, offset, size)) {
        *sub = (struct span){ NULL, 0 };
        return false;
    }
    *sub = (struct span){ span.data + offset, size };
    return true;
}

/* Copies size bytes at offset to where; false, and nothing copied, if they are not inside. */
bool span_read(struct span span, uint64_t offset, void *where, size_t size);

/* Read one number at any alignment; false, and *value 0, if it is not inside. */
bool span_read_u8(struct span span, uint64_t offset, uint8_t *value);
bool span_read_u16(struct span span, uint64_t offset, uint16_t *value);
bool span_read_u32(struct span span, uint64_t offset, uint32_t *value);
bool span_read_u64(struct span span, uint64_t offset, uint64_t *value);

/* The zero-terminated string at offset; NULL if it does not end inside. */
const char *span_string(struct span span, uint64_t offset);

#endif
