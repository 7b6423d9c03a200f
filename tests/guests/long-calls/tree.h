/* SPDX-License-Identifier: MIT */
/*
 * The trees of tables that are pinned, full but for the hypervisor's part, where every entry of a
 * table above names the same few below: the L1 tables, and four more pages.
 */
#ifndef TESTS_GUESTS_LONG_CALLS_TREE_H
#define TESTS_GUESTS_LONG_CALLS_TREE_H

#include "tests/guests/long-calls/attack.h"
#include "tests/guests/support/support.h"

static inline uint64_t *tree_table(struct worker *w, unsigned n)
{
    return w->tables + n * (PAGE_SIZE / 8);
}

static inline uint64_t *tree_root(struct worker *w)
{
    return tree_table(w, L1S + 2);
}

/* As the root, but the last entry that is looked at is refused. */
static inline uint64_t *tree_bad_root(struct worker *w)
{
    return tree_table(w, L1S + 3);
}

/* All above the L1 tables. */
void tree_make_upper(struct worker *w, const void *scratch);

/* An update_va_mapping with a flush of all, in a multicall. */
struct multicall_entry tree_mapping_call(const void *address, uint64_t entry);

#endif
