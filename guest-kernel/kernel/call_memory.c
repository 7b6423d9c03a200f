/* SPDX-License-Identifier: MIT */
/* The system calls about memory. */
#include "kernel/call.h"
#include "kernel/memory.h"
#include "kernel/pages.h"
#include "kernel/process.h"

/* Memory that was asked for is not set aside: its pages come when they are touched, and whoever
 * finds none then is ended. But a program that asks for more than there is shall be told so. */
static long add(struct memory *memory, uintptr_t start, uintptr_t end, unsigned access)
{
    long error;

    if (start == end)
        return 0;
    if ((end - start) / PAGE_SIZE > pages_free())
        return -API_ENOMEM;
    error = memory_add(memory, start, end, access);
    return error == -API_EEXIST ? -API_ENOMEM : error;
}

long call_sbrk(const unsigned long arguments[4])
{
    struct memory *memory = current()->memory;
    long increment = (long)arguments[0], error = 0;
    uintptr_t old = memory->heap_end;
    uintptr_t now = old + (uintptr_t)increment;

    if (increment > 0 ? (uintptr_t)increment > MMAP_START - old
                      : (uintptr_t)-increment > old - memory->heap_start)
        return -API_ENOMEM;

    if (page_ceiling(now) < page_ceiling(old))
        error = memory_remove(memory, page_ceiling(now), page_ceiling(old));
    else
        error = add(memory, page_ceiling(old), page_ceiling(now), ACCESS_READ | ACCESS_WRITE);
    if (error)
        return error;
    memory->heap_end = now;
    return (long)old;
}

long call_mmap(const unsigned long arguments[4])
{
    struct memory *memory = current()->memory;
    size_t size = page_ceiling(arguments[0]);
    unsigned access = ACCESS_READ;
    uintptr_t start;
    long error;

    if (arguments[0] == 0 || arguments[1] & ~7ul)
        return -API_EINVAL;
    if (arguments[1] & API_PROT_WRITE)
        access |= ACCESS_WRITE;
    if (arguments[1] & API_PROT_EXEC)
        access |= ACCESS_EXECUTE;
    start = size ? memory_find_free(memory, size) : 0; /* size 0: it ran over */
    if (!start)
        return -API_ENOMEM;

    error = add(memory, start, start + size, access);
    return error ? error : (long)start;
}

long call_munmap(const unsigned long arguments[4])
{
    uintptr_t start = arguments[0];

    if (start % PAGE_SIZE || !machine_is_user_range(start, arguments[1]))
        return -API_EINVAL;
    return memory_remove(current()->memory, start, page_ceiling(start + arguments[1]));
}
