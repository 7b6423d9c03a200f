/* SPDX-License-Identifier: MIT */
/* What the kernel tells in /proc, read into structures. */
#ifndef GUEST_KERNEL_USER_PROC_H
#define GUEST_KERNEL_USER_PROC_H

#include <stddef.h>

struct process {
    long pid, parent, group;
    char state; /* R: wants to run, S: sleeps, Z: ended, but nobody has asked how */
    unsigned long pages;
    unsigned long milliseconds; /* of processor time */
    char name[32];
};

/* The processes there are, at most `room`: how many. Ends the program if /proc cannot be read. */
size_t proc_processes(struct process *out, size_t room);

/* KiB of memory that the kernel manages, and how much of it is free. */
void proc_memory(unsigned long *total, unsigned long *unused);

#endif
