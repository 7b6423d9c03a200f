/* SPDX-License-Identifier: MIT */
/*
 * A set that knows its smallest member: a pairing heap.
 *
 * A tree in which no member is smaller than its parent; the children of a node are a list. Adding
 * makes the larger of two roots the first child of the smaller one. Taking a node out merges its
 * children, first in pairs, then all the pairs; that is what keeps the cost at some log n on
 * average. The links are in the members, so adding needs no memory and cannot fail.
 *
 * No locks: the caller has one.
 */
#ifndef CORE_HEAP_H
#define CORE_HEAP_H

#include "lib/types.h"

/* Embedded in a member. All zero: in no heap. */
struct heap_node {
    uint64_t key;
    struct heap_node *child; /* first of the nodes below */
    struct heap_node *next;  /* next with the same parent */
    struct heap_node *prev;  /* the previous one, or the parent if it is the first */
    bool linked;
};

/* All zero: empty. */
struct heap {
    struct heap_node *first; /* the smallest */
};

/* Adds a node that is in no heap. */
void heap_add(struct heap *heap, struct heap_node *node, uint64_t key);

/* Gives a node that is in this heap another key. A later key of a node without any below it, and an
 * earlier one of the first, take no more than writing it. */
void heap_change(struct heap *heap, struct heap_node *node, uint64_t key);

/* Takes out a node that is in this heap. */
void heap_remove(struct heap *heap, struct heap_node *node);

#endif
