/* SPDX-License-Identifier: MIT */
/*
 * Processes: who runs, in what memory, with which files.
 *
 * Keys: p = process lock; o = only the process itself, or its parent before it first runs;
 *       c = set at creation.
 */
#ifndef GUEST_KERNEL_KERNEL_PROCESS_H
#define GUEST_KERNEL_KERNEL_PROCESS_H

#include "api/api.h"
#include "kernel/lock.h"
#include "machine/machine.h"

#define PROCESSES   64
#define DESCRIPTORS 32
#define NAME_LENGTH 32

struct file;
struct memory; /* memory.h: the regions of an address space */
struct node;

enum process_state {
    PROCESS_FREE,    /* no process */
    PROCESS_NEW,     /* being made */
    PROCESS_READY,   /* in the run queue, or running */
    PROCESS_WAITING, /* for `waits_for`, or for `wakes_at` */
    PROCESS_ENDED,   /* its parent has not yet asked how */
};

struct descriptor {
    struct file *file; /* NULL: free */
    bool close_on_exec;
};

struct process {
    long pid;                 /* c */
    struct process *parent;   /* p */
    long group;               /* p */
    enum process_state state; /* p */
    int status;               /* p; how it ended, as wait gives it */
    char name[NAME_LENGTH];   /* o; the last part of the program's path */

    const void *waits_for; /* p */
    uint64_t wakes_at;     /* p; machine_time, or FOR_EVER */
    struct process *next;  /* p; in the run queue */
    uint64_t ran;          /* p; nanoseconds of processor time */

    uint32_t signals, blocked;   /* p; bit n is signal n */
    uint32_t caught, ignored;    /* o */
    uint32_t masks[API_SIGNALS]; /* o; blocked while signal n is handled */
    uintptr_t trampoline;        /* o */
    uint64_t alarm;              /* p; machine_time, or FOR_EVER */

    struct memory *memory;                      /* o */
    struct descriptor descriptors[DESCRIPTORS]; /* o */
    struct node *directory;                     /* o; the current one */

    struct context *context; /* where it goes on when it is switched to */
    void *stack;             /* c; the kernel's stack of this process */
};

/* The one that runs; its table for those who list all (with the process lock). */
struct process *current(void);
struct process *process_table(void);
struct lock *process_lock(void);

/* The open file of a descriptor of the current process, or NULL. */
struct file *descriptor_file(int descriptor);

/* Lowest free descriptor from `lowest` on, now for file; -API_EMFILE. */
long descriptor_new(struct file *file, unsigned lowest, bool close_on_exec);

/* Sends a signal to one process, or to all of a group; for anybody, interrupt handlers included.
 * The number of processes that got it. */
unsigned signal_process(long pid, int signal);
unsigned signal_group(long group, int signal);

/* Whether a signal waits that ends the current process's system call. */
bool signal_waits(void);

/* How many pages it has mapped. */
unsigned long memory_pages(const struct memory *memory);

/* In seconds; 1970 began at 0. */
int64_t time_since_1970(void);

#endif
