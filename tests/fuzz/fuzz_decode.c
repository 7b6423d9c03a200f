/* SPDX-License-Identifier: MIT */
/*
 * core/decode with any bytes: reads none beyond those given, and what it says is of this world.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/decode_bytes.h"

static void check(const struct decoded *d, size_t size)
{
    assert(d->length >= 1 && d->length <= size && d->length <= INSTRUCTION_MAX);
    assert(d->instruction != INSTRUCTION_UNKNOWN);
    assert(d->operand_size != 0 && (d->operand_size & (d->operand_size - 1)) == 0);
    assert(d->operand_size <= 16 && d->reg < 16 && d->rm < 16);
    if (!d->has_memory)
        return;
    assert(d->address_size == 4 || d->address_size == 8 ||
           (d->address_size == 2 &&
            (d->instruction == INSTRUCTION_INS || d->instruction == INSTRUCTION_OUTS)));
    assert(d->memory.segment <= SEGMENT_GS && d->memory.scale <= 8);
    assert(d->memory.base < 16 || d->memory.base == NO_REGISTER);
    assert(d->memory.index < 16 || d->memory.index == NO_REGISTER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct decoded d, again;
    uint8_t *exact;
    bool long_mode;

    if (size == 0)
        return 0;
    long_mode = data[0] & 1;
    data++;
    size--;
    if (decode_bytes(data, size, long_mode, &d) != DECODE_OK)
        return 0;
    check(&d, size);

    /* Exactly its own bytes give the same, one less is too short. A heap block of that size shows
     * a read beyond it. */
    exact = malloc(d.length);
    assert(exact != NULL);
    memcpy(exact, data, d.length);
    assert(decode_bytes(exact, d.length, long_mode, &again) == DECODE_OK);
    assert(memcmp(&d, &again, sizeof(d)) == 0);
    assert(decode_bytes(exact, d.length - 1u, long_mode, &again) == DECODE_TRUNCATED);
    free(exact);
    return 0;
}
