/* SPDX-License-Identifier: MIT */
/*
 * Page tables that nobody uses any more and that are not yet taken down: work that was interrupted
 * or that another call left behind (docs/memory-types.md, "Validation in steps").
 */
#ifndef XEN_LITE_PV_HALF_TABLES_H
#define XEN_LITE_PV_HALF_TABLES_H

#include "lib/types.h"

#define TABLE_LEVELS 4

/* A stack of trees, each at most one table per level; room for two of them. Hints without
 * references: a frame that is not partial any more, or another domain's, is passed over. All zero:
 * empty. */
#define HALF_TABLES (2 * TABLE_LEVELS)

struct half_tables {
    mfn_t table[HALF_TABLES];
    unsigned int count;
};

#endif
