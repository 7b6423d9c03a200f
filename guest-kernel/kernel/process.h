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

/* What a process wants to be done on a signal; bit n is signal n. */
struct signal_actions {
    uint32_t caught, ignored;
    uint32_t masks[API_SIGNALS]; /* blocked while signal n is handled */
    uintptr_t trampoline;
};

struct process {
    long pid;                 /* c */
    struct process *parent;   /* p */
    long group;               /* p */
    enum process_state state; /* p */
    int status;               /* p; how it ended, as wait gives it */
    char name[NAME_LENGTH];   /* o, the process lock to change it; the program's path's last part */

    const void *waits_for; /* p */
    uint64_t wakes_at;     /* p; machine_time, or FOR_EVER */
    struct process *next;  /* p; in the run queue */
    uint64_t ran;          /* p; nanoseconds of processor time, when it last left one */

    uint32_t signals, blocked;     /* p; bit n is signal n */
    struct signal_actions actions; /* p */
    bool suspended;                /* o; sigsuspend has put its mask into blocked ... */
    uint32_t blocked_before;       /* o; ... in place of this one */
    uint64_t alarm;                /* p; machine_time, or FOR_EVER */

    struct memory *memory;                      /* o; the process lock to change it */
    struct descriptor descriptors[DESCRIPTORS]; /* o */
    struct node *directory;                     /* o; the current one */
    struct node *program;                       /* o; the file that it runs, NULL: none yet */

    struct context *context; /* where it goes on when it is switched to */
    void *stack;             /* c; the kernel's stack of this process */
};

/* The one that runs; its table for those who list all (with the process lock). */
struct process *current(void);
struct process *process_table(void);
struct lock *process_lock(void);

/* A kernel stack; a process's has its place in the table as number, others follow. NULL: no memory.
 */
void *kernel_stack_get(unsigned number);
void kernel_stack_put(unsigned number);

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

/* How many pages it has mapped; NULL: a process at its end has none. */
unsigned long memory_pages(const struct memory *memory);

/* In seconds; 1970 began at 0. */
int64_t time_since_1970(void);

/* ---- Their life (process.c) ---- */

/* Makes process 1, which runs the program in the file path as soon as schedule_run is called. */
void process_start_first(const char *path);

/* A copy of the current process, which goes on in its program with result 0. Its number,
 * -API_EAGAIN or -API_ENOMEM. */
long process_fork(void);

/* The current process ends; status is what its parent's wait gets. */
_Noreturn void process_exit(int status);

/* As the wait call says, but for the child's status, which goes to *status. The child stays until
 * process_bury. */
long process_wait(long pid, int options, int *status);
void process_bury(long pid);

void process_set_memory(struct process *p, struct memory *memory);

/* The space to run it in; NULL: the kernel's own. */
struct space *process_space(const struct process *p);

/* The one with that number that has not ended, or NULL. The process lock is held. */
struct process *process_find(long pid);

/* Replaces the current process's program (exec.c); argv and envp are addresses of the program that
 * is replaced. Returns only errors. */
long process_exec(const char *path, uintptr_t argv, uintptr_t envp);

#endif
