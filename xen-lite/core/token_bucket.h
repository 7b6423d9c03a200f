/* SPDX-License-Identifier: MIT */
/*
 * How often something may happen: a bucket that holds up to a number of tokens and gets a new one
 * every so often. What happens takes a token; when there is none it does not happen.
 *
 * The whole state is one word, so that several CPUs can take tokens by compare-and-swap.
 */
#ifndef CORE_TOKEN_BUCKET_H
#define CORE_TOKEN_BUCKET_H

#include "lib/types.h"

/* Tokens that fit, and the time for one more. period_ns is not 0. */
struct token_bucket_rate {
    uint16_t tokens;
    uint64_t period_ns;
};

/* Tokens that were taken (16 bits) and, in units of period_ns, since when (48 bits). All zero is a
 * full bucket. */
typedef uint64_t token_bucket_t;

/* The bucket after one token was taken at now_ns. False, and *after is the bucket as it is then,
 * if there is none. Time that goes backwards adds no tokens. */
bool token_bucket_take(token_bucket_t before, struct token_bucket_rate rate, uint64_t now_ns,
                       token_bucket_t *after);

#endif
