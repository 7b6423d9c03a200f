/* SPDX-License-Identifier: MIT */
/*
 * The only way to a guest's virtual memory.
 *
 * A guest address is an integer (gva_t). The whole range is checked first: it must not touch the
 * hypervisor's slots and must be canonical (it may wrap nowhere). Then it is copied through the
 * guest's own loaded page tables; a fault in the copy is caught by the exception table and
 * reported. Each byte is read once: check the copy, never the original.
 *
 * Must be called with the vCPU's own page tables loaded (it is the CPU's current one) and without a
 * lock.
 */
#ifndef XEN_LITE_X86_GUEST_COPY_H
#define XEN_LITE_X86_GUEST_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/xen.h"
#include "lib/types.h"
#include "x86/ex_table.h"
#include "x86/layout.h"
#include "x86/smap.h"

/* Guests have [0, 2^47) and [HV_VIRT_END, 2^64). Between lie what is not canonical and our slots.
 */
#define GUEST_LOW_END 0x0000800000000000UL

/* True if size bytes at address lie wholly outside the hypervisor's slots (reading M2P is not
 * allowed for here). */
static inline bool guest_range_ok(gva_t address, size_t size)
{
    if (address.n >= HV_VIRT_END)
        return size <= 0 - address.n || size == 0;
    return address.n < GUEST_LOW_END && size <= GUEST_LOW_END - address.n;
}

/* The same for at most a page. Behind the lower end of our slots lies what is not
 * canonical, and behind the upper end of the guest's the guest's again: only where the range begins
 * counts, and what is beyond faults. */
static inline bool guest_start_ok(gva_t address)
{
    return address.n - GUEST_LOW_END >= HV_VIRT_END - GUEST_LOW_END;
}

/* The same for count elements of the given size, without overflow. */
static inline bool guest_array_ok(gva_t address, uint64_t count, size_t size)
{
    uint64_t bytes;

    return !__builtin_mul_overflow(count, size, &bytes) && guest_range_ok(address, bytes);
}

/* Result: 0, or -XEN_EFAULT (some bytes may have been copied; copied-in bytes after the fault are
 * zero). */
int guest_copy_in(void *to, gva_t from, size_t size);
int guest_copy_out(gva_t to, const void *from, size_t size);
int guest_clear(gva_t to, size_t size);

/*
 * The same for small things of which guest_range_ok() or guest_array_ok() has been asked already:
 * whole words, in line. What could not be read is undefined; the caller must not look at it.
 */
static inline int guest_read_checked(void *to, gva_t from, size_t size)
{
    uint64_t words = size / 8;
    uint64_t address = from.n;

    stac();
    __asm__ volatile("1: rep movsq\n"
                     "2:\n" EX_TABLE(1b, 2b)
                     : "+D"(to), "+S"(address), "+c"(words)
                     :
                     : "memory");
    clac();
    return likely(words == 0) ? 0 : -XEN_EFAULT;
}

/* What is at a guest's address, which need not be aligned. */
struct guest_word {
    uint64_t n;
} PACKED;

/* One word of several, of which guest_start_ok() has been asked, between stac() and clac(). False:
 * it cannot be written. */
/* clang-format off */
#define GUEST_PUT(name, type, instruction)                                           \
    static inline bool name(uint64_t address, type value)                            \
    {                                                                                \
        __asm__ goto("1: " instruction " %[value], %[to]\n" EX_TABLE(1b, %l[fault])  \
                     : : [to] "m"(*(struct guest_word *)address), [value] "er"(value) \
                     : "memory" : fault);                                            \
        return true;                                                                 \
    fault:                                                                           \
        return false;                                                                \
    }
/* clang-format on */
GUEST_PUT(guest_put_word, uint64_t, "movq")
GUEST_PUT(guest_put_half_word, uint32_t, "movl")
GUEST_PUT(guest_put_short, uint16_t, "movw")
#undef GUEST_PUT

/* The same for reading: 0, and *faults is not 0 any more, where there is nothing to read. */
#define GUEST_GET(name, type, instruction)                                   \
    static inline type name(uint64_t address, unsigned int *faults)          \
    {                                                                        \
        type value;                                                          \
                                                                             \
        __asm__ volatile("1: " instruction " %[from], %[value]\n"            \
                         "2:\n"                                              \
                         ".pushsection .text.fixup, \"ax\"\n"                \
                         "3: movl $1, %[faults]\n"                           \
                         "xorl %k[value], %k[value]\n"                       \
                         "jmp 2b\n"                                          \
                         ".popsection\n" EX_TABLE(1b, 3b)                    \
                         : [value] "=r"(value), [faults] "+r"(*faults)       \
                         : [from] "m"(*(const struct guest_word *)address)); \
        return value;                                                        \
    }
GUEST_GET(guest_get_word, uint64_t, "movq")
GUEST_GET(guest_get_half_word, uint32_t, "movl")
#undef GUEST_GET

static inline int guest_write_word_checked(gva_t to, uint64_t value)
{
    bool done;

    stac();
    done = guest_put_word(to.n, value);
    clac();
    return likely(done) ? 0 : -XEN_EFAULT;
}

/* Index `i` of an array of `size`-byte elements at `base`. */
static inline gva_t guest_index(gva_t base, uint64_t i, size_t size)
{
    return GVA(base.n + i * size);
}

/* Where the last failed copy of this CPU faulted (for messages). */
gva_t guest_copy_fault(void);

#endif
