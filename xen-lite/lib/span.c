/* SPDX-License-Identifier: MIT */
/*
 * Checked reads from a range of bytes; see lib/span.h. Numbers are copied out byte-wise because
 * nothing says that a file keeps them aligned.
 */
#include "lib/span.h"

#include "lib/string.h"

bool span_read(struct span span, uint64_t offset, void *where, size_t size)
{
    if (!span_has(span, offset, size))
        return false;
    if (size != 0)
        memcpy(where, span.data + offset, size);
    return true;
}

bool span_read_u8(struct span span, uint64_t offset, uint8_t *value)
{
    *value = 0;
    return span_read(span, offset, value, sizeof(*value));
}

bool span_read_u16(struct span span, uint64_t offset, uint16_t *value)
{
    *value = 0;
    return span_read(span, offset, value, sizeof(*value));
}

bool span_read_u32(struct span span, uint64_t offset, uint32_t *value)
{
    *value = 0;
    return span_read(span, offset, value, sizeof(*value));
}

bool span_read_u64(struct span span, uint64_t offset, uint64_t *value)
{
    *value = 0;
    return span_read(span, offset, value, sizeof(*value));
}

const char *span_string(struct span span, uint64_t offset)
{
    if (offset >= span.size)
        return NULL;

    const char *text = (const char *)span.data + offset;
    size_t room = span.size - offset;

    return strnlen(text, room) < room ? text : NULL;
}
