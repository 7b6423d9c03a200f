/* SPDX-License-Identifier: MIT */
/*
 * Bit sets of any size over an array of unsigned long, for one owner at a time (see lib/atomic.h
 * for shared ones). size and the bit numbers are in bits; a search that finds nothing returns
 * size.
 */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include <stdbool.h>
#include <stddef.h>

#define BITS_PER_LONG              (8 * sizeof(unsigned long))
#define BITMAP_LONGS(size)         (((size) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, size) unsigned long name[BITMAP_LONGS(size)]

static inline bool bitmap_test(const unsigned long *map, size_t bit)
{
    return (map[bit / BITS_PER_LONG] >> (bit % BITS_PER_LONG)) & 1;
}

static inline void bitmap_set(unsigned long *map, size_t bit)
{
    map[bit / BITS_PER_LONG] |= 1UL << (bit % BITS_PER_LONG);
}

static inline void bitmap_clear(unsigned long *map, size_t bit)
{
    map[bit / BITS_PER_LONG] &= ~(1UL << (bit % BITS_PER_LONG));
}

/* The bits [first, first + count). */
void bitmap_set_range(unsigned long *map, size_t first, size_t count);
void bitmap_clear_range(unsigned long *map, size_t first, size_t count);

/* The first set (or clear) bit that is not below from. */
size_t bitmap_find_next_set(const unsigned long *map, size_t size, size_t from);
size_t bitmap_find_next_clear(const unsigned long *map, size_t size, size_t from);

static inline size_t bitmap_find_first_set(const unsigned long *map, size_t size)
{
    return bitmap_find_next_set(map, size, 0);
}

static inline size_t bitmap_find_first_clear(const unsigned long *map, size_t size)
{
    return bitmap_find_next_clear(map, size, 0);
}

/* How many bits are set. */
size_t bitmap_count(const unsigned long *map, size_t size);

#define bitmap_for_each(bit, map, size)                                \
    for ((bit) = bitmap_find_first_set((map), (size)); (bit) < (size); \
         (bit) = bitmap_find_next_set((map), (size), (bit) + 1))

#endif
