/* SPDX-License-Identifier: MIT */
/*
 * Small objects cut out of pages. Each page holds objects of one size class and begins with a
 * header, so an object's page, and thereby its class, is found by rounding its address down.
 *
 * Objects are 16-byte aligned and have undefined contents: the wrapper in hv/ zeroes them. With
 * checks on, free objects are filled with a pattern that is compared when the object is handed out
 * again (a write after free), and freeing twice or freeing what is no object is caught.
 *
 * No locks: the caller has one.
 */
#ifndef CORE_SLAB_H
#define CORE_SLAB_H

#include "lib/list.h"
#include "lib/types.h"

/* Larger objects are whole pages and none of this allocator's business. Two of these and the
 * header fill a page. */
#define SLAB_MAX_SIZE 2016
#define SLAB_CLASSES  7

/* Where pages come from. alloc_page returns a page-aligned page, or NULL when there is none. */
struct slab_pages {
    void *(*alloc_page)(void *ctx);
    void (*free_page)(void *ctx, void *page);
    void *ctx;
};

struct slab_class {
    struct list_node partial; /* pages with at least one free object; full pages are in no list */
    uint32_t pages;
    uint32_t objects; /* handed out */
};

struct slab {
    struct slab_pages pages;
    bool checks;
    struct slab_class classes[SLAB_CLASSES];
};

void slab_init(struct slab *slab, struct slab_pages pages, bool checks);

/* An object of at least size bytes; NULL if size is 0 or above SLAB_MAX_SIZE, or no page is left.
 */
void *slab_alloc(struct slab *slab, size_t size);

/* Gives back an object; NULL is allowed. */
void slab_free(struct slab *slab, void *object);

/* How many bytes the object really has. */
size_t slab_object_size(const void *object);

/* Objects handed out, and pages in use for them, over all classes. */
uint32_t slab_count_objects(const struct slab *slab);
uint32_t slab_count_pages(const struct slab *slab);

#endif
