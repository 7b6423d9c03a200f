/* SPDX-License-Identifier: MIT */
/*
 * Writing sample inputs byte by byte, for the unit tests of the readers and as seeds of the
 * fuzzers. Numbers are little-endian; a sample that is too small for its contents is a bug of the
 * test.
 */
#ifndef TESTS_UNIT_SAMPLE_H
#define TESTS_UNIT_SAMPLE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/span.h"

#define SAMPLE_SIZE 8192

struct sample {
    uint8_t data[SAMPLE_SIZE];
    size_t size;
};

static inline struct span sample_span(const struct sample *sample)
{
    return SPAN(sample->data, sample->size);
}

/* Overwrites size bytes at offset; the sample grows as needed. */
static inline void sample_set(struct sample *sample, size_t offset, const void *bytes, size_t size)
{
    if (offset + size > SAMPLE_SIZE)
        abort();
    memcpy(sample->data + offset, bytes, size);
    if (sample->size < offset + size)
        sample->size = offset + size;
}

static inline void sample_set_number(struct sample *sample, size_t offset, uint64_t value,
                                     size_t size)
{
    sample_set(sample, offset, &value, size);
}

static inline void sample_put(struct sample *sample, const void *bytes, size_t size)
{
    sample_set(sample, sample->size, bytes, size);
}

static inline void sample_put8(struct sample *sample, uint8_t value)
{
    sample_put(sample, &value, sizeof(value));
}

static inline void sample_put16(struct sample *sample, uint16_t value)
{
    sample_put(sample, &value, sizeof(value));
}

static inline void sample_put32(struct sample *sample, uint32_t value)
{
    sample_put(sample, &value, sizeof(value));
}

static inline void sample_put64(struct sample *sample, uint64_t value)
{
    sample_put(sample, &value, sizeof(value));
}

/* With its final zero. */
static inline void sample_put_text(struct sample *sample, const char *text)
{
    sample_put(sample, text, strlen(text) + 1);
}

static inline void sample_align(struct sample *sample, size_t align)
{
    while (sample->size % align != 0)
        sample_put8(sample, 0);
}

#endif
