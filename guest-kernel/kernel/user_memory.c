/* SPDX-License-Identifier: MIT */
/* Copies between kernel and program. A page that is not there, or not yet the program's own, is
 * brought in by the page fault that machine_copy takes (trap.c). */
#include "kernel/user_memory.h"

#include "kernel/memory.h"
#include "kernel/process.h"

long user_read(void *to, uintptr_t from, size_t size)
{
    /* Both are needed: without the first, a program could have the kernel's memory copied. */
    if (!machine_is_user_range(from, size) || !machine_copy(to, (const void *)from, size))
        return -API_EFAULT;
    return 0;
}

long user_write(uintptr_t to, const void *from, size_t size)
{
    if (!machine_is_user_range(to, size) || !machine_copy((void *)to, from, size))
        return -API_EFAULT;
    return 0;
}

/* In parts that end with a page, as what is behind the string need not be there. */
long user_string(char *to, uintptr_t from, size_t size)
{
    size_t done = 0;

    while (done < size) {
        size_t part = PAGE_SIZE - (from + done) % PAGE_SIZE;

        if (part > 64)
            part = 64;
        if (part > size - done)
            part = size - done;
        if (user_read(to + done, from + done, part) != 0)
            return -API_EFAULT;
        for (size_t end = done + part; done < end; done++) {
            if (to[done] == '\0')
                return (long)done;
        }
    }
    return -API_ENAMETOOLONG;
}

long user_check(uintptr_t address, size_t size, bool write)
{
    return memory_allows(current()->memory, address, size, write) ? 0 : -API_EFAULT;
}
