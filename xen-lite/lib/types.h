/* SPDX-License-Identifier: MIT */
/*
 * The words that every file uses: kinds of address, page arithmetic, small macros.
 *
 * An address says by its type what it addresses. The one-member structs cost nothing at run time
 * and make the compiler refuse to mix a machine frame with a guest's own frame number, the
 * classic mistake of paravirtual code.
 */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"

/* mfn_t: number of a frame of machine memory.
 * gfn_t: number of a frame as the guest counts its own memory (Xen calls it PFN), from 0.
 * gva_t: virtual address in a guest's address space; only guest_copy_* turns one into bytes. */
typedef struct {
    unsigned long n;
} mfn_t;
typedef struct {
    unsigned long n;
} gfn_t;
typedef struct {
    unsigned long n;
} gva_t;

/* A physical address of the machine. */
typedef uint64_t paddr_t;

#define MFN(x) ((mfn_t){ (x) })
#define GFN(x) ((gfn_t){ (x) })
#define GVA(x) ((gva_t){ (x) })

/* All ones: no frame of any machine (physical addresses have 52 bits). */
#define INVALID_MFN MFN(~0UL)
#define INVALID_GFN GFN(~0UL)

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1UL << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

#define KIB (1UL << 10)
#define MIB (1UL << 20)
#define GIB (1UL << 30)

static inline bool mfn_eq(mfn_t a, mfn_t b)
{
    return a.n == b.n;
}

static inline bool gfn_eq(gfn_t a, gfn_t b)
{
    return a.n == b.n;
}

static inline bool mfn_is_valid(mfn_t mfn)
{
    return mfn.n != ~0UL;
}

static inline mfn_t mfn_add(mfn_t mfn, unsigned long frames)
{
    return MFN(mfn.n + frames);
}

static inline gfn_t gfn_add(gfn_t gfn, unsigned long frames)
{
    return GFN(gfn.n + frames);
}

static inline paddr_t mfn_to_paddr(mfn_t mfn)
{
    return (paddr_t)mfn.n << PAGE_SHIFT;
}

/* The frame that holds the byte at paddr. */
static inline mfn_t paddr_to_mfn(paddr_t paddr)
{
    return MFN(paddr >> PAGE_SHIFT);
}

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(n)            (1UL << (n))

/* The object of this type whose member is at ptr. */
#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

/* Typed: both sides must have the same type, so that no silent sign or width change decides. */
#define min(a, b)                                                                  \
    ({                                                                             \
        __typeof__(a) min_a_ = (a);                                                \
        __typeof__(b) min_b_ = (b);                                                \
        _Static_assert(__builtin_types_compatible_p(__typeof__(a), __typeof__(b)), \
                       "min of two types");                                        \
        min_a_ < min_b_ ? min_a_ : min_b_;                                         \
    })
#define max(a, b)                                                                  \
    ({                                                                             \
        __typeof__(a) max_a_ = (a);                                                \
        __typeof__(b) max_b_ = (b);                                                \
        _Static_assert(__builtin_types_compatible_p(__typeof__(a), __typeof__(b)), \
                       "max of two types");                                        \
        max_a_ > max_b_ ? max_a_ : max_b_;                                         \
    })

/* align is a power of two. round_up wraps to 0 when no multiple fits: callers bound x first. */
static inline uint64_t round_down(uint64_t x, uint64_t align)
{
    return x & ~(align - 1);
}

static inline uint64_t round_up(uint64_t x, uint64_t align)
{
    return (x + align - 1) & ~(align - 1);
}

static inline bool is_aligned(uint64_t x, uint64_t align)
{
    return (x & (align - 1)) == 0;
}

static inline bool is_power_of_two(uint64_t x)
{
    return x != 0 && (x & (x - 1)) == 0;
}

#define static_assert _Static_assert

#endif
