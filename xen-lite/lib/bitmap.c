/* SPDX-License-Identifier: MIT */
/*
 * Searching and counting in bit sets, a word at a time. Bits of the last word beyond size may
 * hold anything: every search clips its result.
 */
#include "lib/bitmap.h"

#include "lib/types.h"

/* Bit by bit: ranges here are short (CPUs, ports of a block). */
void bitmap_set_range(unsigned long *map, size_t first, size_t count)
{
    for (size_t bit = first; bit < first + count; bit++)
        bitmap_set(map, bit);
}

void bitmap_clear_range(unsigned long *map, size_t first, size_t count)
{
    for (size_t bit = first; bit < first + count; bit++)
        bitmap_clear(map, bit);
}

/* Looks for a set bit in map XOR flip: flip is 0 to find set bits, ~0 to find clear ones. */
static size_t find_next(const unsigned long *map, size_t size, size_t from, unsigned long flip)
{
    if (from >= size)
        return size;

    size_t index = from / BITS_PER_LONG;
    unsigned long word = (map[index] ^ flip) & (~0UL << (from % BITS_PER_LONG));

    while (word == 0) {
        index++;
        if (index * BITS_PER_LONG >= size)
            return size;
        word = map[index] ^ flip;
    }
    return min(index * BITS_PER_LONG + (size_t)__builtin_ctzl(word), size);
}

size_t bitmap_find_next_set(const unsigned long *map, size_t size, size_t from)
{
    return find_next(map, size, from, 0);
}

size_t bitmap_find_next_clear(const unsigned long *map, size_t size, size_t from)
{
    return find_next(map, size, from, ~0UL);
}

size_t bitmap_count(const unsigned long *map, size_t size)
{
    size_t count = 0;
    size_t bit;

    bitmap_for_each (bit, map, size)
        count++;
    return count;
}
