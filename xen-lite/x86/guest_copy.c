/* SPDX-License-Identifier: MIT */
/*
 * Copies from and to a guest's virtual memory.
 *
 * Words first, then the odd bytes: most of what is copied are structures of a few words, and a
 * string instruction costs a step for each element.
 */
#include "x86/guest_copy.h"

#include "abi/xen.h"
#include "lib/string.h"
#include "x86/cpu.h"
#include "x86/ex_table.h"
#include "x86/fault.h"
#include "x86/layout.h"
#include "x86/smap.h"

/* Copies size bytes where one side is a guest's memory. Returns how many were not copied. */
static inline size_t copy(void *to, const void *from, size_t size)
{
    size_t words = size / 8;
    size_t left = size % 8;

    stac();
    __asm__ volatile("1: rep movsq\n"
                     "movq %[left], %%rcx\n"
                     "2: rep movsb\n"
                     "jmp 5f\n"
                     "3: leaq (%[left], %%rcx, 8), %%rcx\n"
                     "5:\n" EX_TABLE(1b, 3b) EX_TABLE(2b, 5b)
                     : "+D"(to), "+S"(from), "+c"(words)
                     : [left] "r"(left)
                     : "memory");
    clac();
    return words;
}

int guest_copy_in(void *to, gva_t from, size_t size)
{
    size_t left = size;

    if (guest_range_ok(from, size))
        left = copy(to, (const void *)from.n, size);
    if (likely(left == 0))
        return 0;
    memset((char *)to + (size - left), 0, left);
    return -XEN_EFAULT;
}

int guest_copy_out(gva_t to, const void *from, size_t size)
{
    if (!guest_range_ok(to, size))
        return -XEN_EFAULT;
    return likely(copy((void *)to.n, from, size) == 0) ? 0 : -XEN_EFAULT;
}

int guest_clear(gva_t to, size_t size)
{
    uint64_t address = to.n;
    size_t left = size;

    if (!guest_range_ok(to, size))
        return -XEN_EFAULT;
    stac();
    __asm__ volatile("1: rep stosb\n"
                     "2:\n" EX_TABLE(1b, 2b)
                     : "+D"(address), "+c"(left)
                     : "a"(0)
                     : "memory");
    clac();
    return left == 0 ? 0 : -XEN_EFAULT;
}

gva_t guest_copy_fault(void)
{
    return GVA(fault_last_address());
}
