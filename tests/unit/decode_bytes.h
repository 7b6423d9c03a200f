/* SPDX-License-Identifier: MIT */
/*
 * The decoder with a byte string, for unit tests and fuzzers.
 */
#ifndef TESTS_UNIT_DECODE_BYTES_H
#define TESTS_UNIT_DECODE_BYTES_H

#include "core/decode.h"

static inline enum decode_result decode_bytes(const uint8_t *bytes, size_t size, bool long_mode,
                                              struct decoded *d)
{
    struct code code;

    code_set(&code, bytes, size);
    return decode(&code, long_mode, d);
}

#endif
