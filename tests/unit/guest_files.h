/* SPDX-License-Identifier: MIT */
/*
 * The file half of the teaching kernel on the host: what stands in for the rest of the kernel and
 * for the machine. There is one process, whose memory is the test's own; addresses below 4096 are
 * those that it may not use.
 */
#ifndef TESTS_UNIT_GUEST_FILES_H
#define TESTS_UNIT_GUEST_FILES_H

#include "unit.h"

#include "kernel/call.h"
#include "kernel/process.h"
#include "kernel/tree.h"

#define BAD_ADDRESS 16ul

extern struct kernel {
    struct process process;
    struct machine_facts facts;
    unsigned long pages, pages_limit; /* in use, and how many there are */
    unsigned long pieces;             /* of the heap in use */
    long fail_at;                     /* the allocation that fails: 0 the next one; -1: none */
    unsigned wakes;                   /* calls of wake */
    int signal;                       /* the last one that was sent */
    long signal_to;                   /* to this process or group */
    bool interrupted;                 /* signal_waits */
    /* What happens while the process sleeps in wait_for: its result. NULL: a signal comes. */
    bool (*asleep)(uint64_t until);
    uint64_t time;
    const char *typed; /* what the console has for machine_console_read */
    char shown[8192];  /* what was written to it */
    size_t shown_length;
    const struct machine_peer *peer; /* the machine beside this one; stays */
    void (*on_signal)(void);
} kernel;

/* Makes /dev and /proc at the first time, empties the tree but for these, and sets all of the above
 * but `peer` to its start. */
void kernel_reset(void);

/* The system call with up to three arguments; pointers and numbers alike. */
#define CALL(name, ...) call_##name((const unsigned long[4]){ ARGUMENTS_(__VA_ARGS__, 0, 0, 0, 0) })
#define ARGUMENTS_(a, b, c, d, ...) \
    (unsigned long)(a), (unsigned long)(b), (unsigned long)(c), (unsigned long)(d)

/* Makes a file that holds text. */
void make_file(const char *path, const char *text);

/* The contents of a file as a string, "(none)" if it cannot be opened. */
const char *contents(const char *path);

#endif
