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

#include "lib/types.h"
#include "x86/layout.h"

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

/* Index `i` of an array of `size`-byte elements at `base`. */
static inline gva_t guest_index(gva_t base, uint64_t i, size_t size)
{
    return GVA(base.n + i * size);
}

/* Where the last failed copy of this CPU faulted (for messages). */
gva_t guest_copy_fault(void);

#endif
