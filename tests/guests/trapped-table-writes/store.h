/* SPDX-License-Identifier: MIT */
/* How a kernel of each width stores entries: whole, or in halves, the upper one first. */
#ifndef TESTS_GUESTS_TRAPPED_TABLE_WRITES_STORE_H
#define TESTS_GUESTS_TRAPPED_TABLE_WRITES_STORE_H

#include "tests/guests/support/support.h"

/* By MOV, XCHG and CMPXCHG. Each gives the first fault that it meets. */
struct fault store(uint64_t *entry, uint64_t value);
struct fault exchange(uint64_t *entry, uint64_t *value);
struct fault compare_exchange(uint64_t *entry, uint64_t old, uint64_t value);

/* An entry that storing the same word over and over makes: `good` if that is one word. */
uint64_t entry_of_one_word(uint64_t good);

#endif
