/* SPDX-License-Identifier: MIT */
/*
 * Pairing heap; see core/heap.h.
 *
 * A node's children are a list; .prev of the first child is the parent, so that a node in the
 * middle can be cut out without a walk. Adding costs one comparison; the work is put off until the
 * first is removed, when its children are merged in pairs, which keeps later merges small
 * (logarithmic on the average, the size of the heap at worst).
 */
#include "core/heap.h"

#include "lib/assert.h"

/* Both are roots; either may be NULL. Returns the root of both. Of equal ones the first stays. */
static struct heap_node *merge(struct heap_node *a, struct heap_node *b)
{
    if (a == NULL || b == NULL)
        return a != NULL ? a : b;
    if (b->key < a->key) {
        struct heap_node *t = a;

        a = b;
        b = t;
    }
    b->prev = a;
    b->next = a->child;
    if (a->child != NULL)
        a->child->prev = b;
    a->child = b;
    return a;
}

/* Makes one heap of the children in a list. Iterative: a list may be as long as the heap is large.
 */
static struct heap_node *merge_children(struct heap_node *list)
{
    struct heap_node *pairs = NULL;
    struct heap_node *root = NULL;

    while (list != NULL) {
        struct heap_node *a = list;
        struct heap_node *b = a->next;

        list = b != NULL ? b->next : NULL;
        a = merge(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs != NULL) {
        struct heap_node *after = pairs->next;

        root = merge(root, pairs);
        pairs = after;
    }
    if (root != NULL)
        root->next = root->prev = NULL;
    return root;
}

void heap_add(struct heap *heap, struct heap_node *node, uint64_t key)
{
    ASSERT(!node->linked);
    *node = (struct heap_node){ .key = key, .linked = true };
    heap->first = merge(heap->first, node);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    ASSERT(node->linked);
    if (heap->first == node) {
        heap->first = merge_children(node->child);
    } else {
        if (node->prev->child == node)
            node->prev->child = node->next;
        else
            node->prev->next = node->next;
        if (node->next != NULL)
            node->next->prev = node->prev;
        heap->first = merge(heap->first, merge_children(node->child));
    }
    /* In no heap any more; the key stays readable. */
    *node = (struct heap_node){ .key = node->key };
}

void heap_change(struct heap *heap, struct heap_node *node, uint64_t key)
{
    bool in_place = key >= node->key ? node->child == NULL : node == heap->first;

    ASSERT(node->linked);
    if (in_place) {
        node->key = key;
        return;
    }
    heap_remove(heap, node);
    heap_add(heap, node, key);
}
