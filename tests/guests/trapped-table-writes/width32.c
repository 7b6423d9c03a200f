/* SPDX-License-Identifier: MIT */
/* An entry is two words; only CMPXCHG8B stores both at once. */
#include "tests/guests/trapped-table-writes/store.h"

/* A bit that is for software in the upper half, and of the frame's number in the lower. */
#define NOT_PRESENT_TWICE 0x0010000000100000ull

struct fault store(uint64_t *entry, uint64_t value)
{
    uint32_t *half = (uint32_t *)entry;
    struct fault f = try_write(&half[1], (uint32_t)(value >> 32));

    return f.happened ? f : try_write(&half[0], (uint32_t)value);
}

static struct fault exchange_half(uint32_t *at, uint32_t *value)
{
    return TRY("xchg %0, (%1)", : "+r"(*value) : "r"(at) : "memory");
}

struct fault exchange(uint64_t *entry, uint64_t *value)
{
    uint32_t *half = (uint32_t *)entry;
    uint32_t low = (uint32_t)*value, high = (uint32_t)(*value >> 32);
    struct fault f = exchange_half(&half[1], &high);

    if (!f.happened)
        f = exchange_half(&half[0], &low);
    *value = (uint64_t)high << 32 | low;
    return f;
}

struct fault compare_exchange(uint64_t *entry, uint64_t old, uint64_t value)
{
    return TRY("lock cmpxchg8b (%1)",
               : "+A"(old)
               : "D"(entry), "b"((uint32_t)value), "c"((uint32_t)(value >> 32))
               : "memory");
}

/* Twice the lower half of a present entry would name no memory. */
uint64_t entry_of_one_word(uint64_t good)
{
    (void)good;
    return NOT_PRESENT_TWICE;
}
