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
    return address.n <= GUEST_LOW_END && size <= GUEST_LOW_END - address.n;
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

/* guest_copy_in() of some whole words, at most a page of them; but after a failure the caller must
 * not look at *to. */
static inline int guest_copy_in_words(void *to, gva_t from, size_t size)
{
    return likely(guest_start_ok(from)) ? guest_read_checked(to, from, size) : -XEN_EFAULT;
}

static inline int guest_copy_in_word32(uint32_t *to, gva_t from)
{
    uint32_t value = 0;
    int result = -XEN_EFAULT;

    if (unlikely(!guest_start_ok(from)))
        return -XEN_EFAULT;
    stac();
    __asm__ volatile("1: movl (%[from]), %[value]\n"
                     "xorl %[result], %[result]\n"
                     "2:\n" EX_TABLE(1b, 2b)
                     : [result] "+r"(result), [value] "+r"(value)
                     : [from] "r"(from.n)
                     : "memory");
    clac();
    *to = value;
    return result;
}

/* guest_copy_out() of the same. */
static inline int guest_copy_out_words(gva_t to, const void *from, size_t size)
{
    uint64_t words = size / 8;
    uint64_t address = to.n;

    if (unlikely(!guest_start_ok(to)))
        return -XEN_EFAULT;
    stac();
    __asm__ volatile("1: rep movsq\n"
                     "2:\n" EX_TABLE(1b, 2b)
                     : "+D"(address), "+S"(from), "+c"(words)
                     :
                     : "memory");
    clac();
    return likely(words == 0) ? 0 : -XEN_EFAULT;
}

static inline int guest_write_word_checked(gva_t to, uint64_t value)
{
    stac();
    /* clang-format off */
    __asm__ goto("1: movq %[value], (%[to])\n" EX_TABLE(1b, %l[fault])
                 : : [to] "r"(to.n), [value] "r"(value) : "memory" : fault);
    /* clang-format on */
    clac();
    return 0;
fault:
    clac();
    return -XEN_EFAULT;
}

/* Index `i` of an array of `size`-byte elements at `base`. */
static inline gva_t guest_index(gva_t base, uint64_t i, size_t size)
{
    return GVA(base.n + i * size);
}

/* Where the last failed copy of this CPU faulted (for messages). */
gva_t guest_copy_fault(void);

#endif
