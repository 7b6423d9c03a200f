/* SPDX-License-Identifier: MIT */
/*
 * Atomic access to plain integers, for words that CPUs share with each other or with a guest.
 *
 * Orders: atomic_load acquires (what follows sees at least what the storing side wrote before its
 * atomic_store), atomic_store releases, and every read-modify-write is a full barrier, which on
 * x86 is what a locked instruction gives anyway. A store that must be visible before a later load
 * (set PENDING, then read MASK) needs a read-modify-write or memory_fence().
 */
#ifndef LIB_ATOMIC_H
#define LIB_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/compiler.h"

#define atomic_load(p)            __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define atomic_store(p, value)    __atomic_store_n((p), (value), __ATOMIC_RELEASE)
#define atomic_exchange(p, value) __atomic_exchange_n((p), (value), __ATOMIC_SEQ_CST)
#define atomic_add_return(p, n)   __atomic_add_fetch((p), (n), __ATOMIC_SEQ_CST)
#define atomic_sub_return(p, n)   __atomic_sub_fetch((p), (n), __ATOMIC_SEQ_CST)
#define atomic_fetch_add(p, n)    __atomic_fetch_add((p), (n), __ATOMIC_SEQ_CST)
#define atomic_fetch_or(p, bits)  __atomic_fetch_or((p), (bits), __ATOMIC_SEQ_CST)
#define atomic_fetch_and(p, bits) __atomic_fetch_and((p), (bits), __ATOMIC_SEQ_CST)
#define atomic_or(p, bits)        ((void)atomic_fetch_or((p), (bits)))
#define atomic_and(p, bits)       ((void)atomic_fetch_and((p), (bits)))
#define memory_fence()            __atomic_thread_fence(__ATOMIC_SEQ_CST)

/* Stores new if *p is *old and says true; otherwise *old becomes what *p was and it says false,
 * ready for the next round of a loop. */
#define atomic_cmpxchg(p, old, new) \
    __atomic_compare_exchange_n((p), (old), (new), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

/* Bits of a bitmap in memory, also one shared with a guest. Words are 32 bits here whatever the
 * guest's word is: on a little-endian machine bit n is in the same byte either way. words is
 * 4-byte aligned. Each returns what the bit was. */
static inline bool atomic_test_and_set_bit(unsigned int bit, void *words)
{
    bool was_set;

    /* The instruction finds the word by itself; a compiler would compute word and mask first. */
    __asm__ volatile("lock btsl %[bit], %[word]"
                     : [word] "+m"(*(uint32_t *)words), "=@ccc"(was_set)
                     : [bit] "r"(bit)
                     : "memory");
    return was_set;
}

static inline bool atomic_test_and_clear_bit(unsigned int bit, void *words)
{
    uint32_t mask = 1U << (bit % 32);
    uint32_t *word = (uint32_t *)words + bit / 32;

    return (atomic_fetch_and(word, ~mask) & mask) != 0;
}

static inline bool atomic_test_bit(unsigned int bit, const void *words)
{
    bool is_set;

    __asm__ volatile("btl %[bit], %[word]"
                     : "=@ccc"(is_set)
                     : [bit] "r"(bit), [word] "m"(*(const uint32_t *)words)
                     : "memory");
    return is_set;
}

static inline void atomic_set_bit(unsigned int bit, void *words)
{
    atomic_or((uint32_t *)words + bit / 32, 1U << (bit % 32));
}

static inline void atomic_clear_bit(unsigned int bit, void *words)
{
    atomic_and((uint32_t *)words + bit / 32, ~(1U << (bit % 32)));
}

#endif
