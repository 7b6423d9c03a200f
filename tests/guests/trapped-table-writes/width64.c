/* SPDX-License-Identifier: MIT */
/* An entry is one word. */
#include "tests/guests/trapped-table-writes/store.h"

struct fault store(uint64_t *entry, uint64_t value)
{
    return try_write(entry, value);
}

struct fault exchange(uint64_t *entry, uint64_t *value)
{
    return TRY("xchg %0, (%1)", : "+r"(*value) : "r"(entry) : "memory");
}

struct fault compare_exchange(uint64_t *entry, uint64_t old, uint64_t value)
{
    return TRY("lock cmpxchg %2, (%1)", : "+a"(old) : "r"(entry), "r"(value) : "memory");
}

uint64_t entry_of_one_word(uint64_t good)
{
    return good;
}
