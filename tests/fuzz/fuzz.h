/* SPDX-License-Identifier: MIT */
/*
 * What every fuzzer includes: libFuzzer's entry points, and how good inputs get in. There are no
 * seed files: now and then the mutator puts a whole sample (of tests/unit/sample_*.h) in place of
 * the input, so that mutation starts from something that the reader accepts.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/sample.h"

/* One input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer calls this first, and may be given more options by it. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Ours: changes the input in place; returns its new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* libFuzzer's usual way of changing an input. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Puts the sample in place of the input, cut to fit. */
static inline size_t fuzz_put_sample(const struct sample *sample, uint8_t *data, size_t max_size)
{
    size_t size = sample->size < max_size ? sample->size : max_size;

    memcpy(data, sample->data, size);
    return size;
}

/* How often a sample is put in: one in this many times. */
#define FUZZ_SAMPLE_RATE 256

#endif
