/* SPDX-License-Identifier: MIT */
/* Copies between the kernel and the program that made a system call. All return 0 or -API_EFAULT;
 * then part of it may have been done. They may sleep: no lock is held. */
#ifndef GUEST_KERNEL_KERNEL_USER_MEMORY_H
#define GUEST_KERNEL_KERNEL_USER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

long user_read(void *to, uintptr_t from, size_t size);
long user_write(uintptr_t to, const void *from, size_t size);

/* A string with its zero. Its length without it, -API_EFAULT, or -API_ENAMETOOLONG when it does not
 * fit into size bytes. */
long user_string(char *to, uintptr_t from, size_t size);

/* Whether the program may read (write) all of it: for calls that must not begin what they cannot
 * end. Afterwards a copy fails only if memory is out. */
long user_check(uintptr_t address, size_t size, bool write);

#endif
