/* SPDX-License-Identifier: MIT */
/* The table of system calls. A line of api/syscalls.def without a call_NAME does not link. */
#include "kernel/syscall.h"

#include "api/api.h"
#include "kernel/call.h"

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static long (*const calls[])(const unsigned long arguments[4]) = {
#define SYSCALL(number, name, ...) [number] = call_##name,
#include "api/syscalls.def"
#undef SYSCALL
};

long system_call(unsigned long number, const unsigned long arguments[4])
{
    if (number >= CALLS || !calls[number])
        return -API_ENOSYS;
    return calls[number](arguments);
}
