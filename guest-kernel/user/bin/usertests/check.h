/* SPDX-License-Identifier: MIT */
/*
 * usertests: what the system calls promise in syscalls.def, asked for with good and with hostile
 * arguments, by the bare calls (sys_NAME), so that the C library hides nothing. Each check is a
 * line of output.
 */
#ifndef USER_USERTESTS_CHECK_H
#define USER_USERTESTS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "user/lib/stubs.h"

/* The check is called `name`; it has failed unless `fine`. */
void check(const char *name, bool fine);

/* A result must be exactly this: 0, a count, or -API_E... */
void check_result(const char *name, long result, long expected);

/* Runs work in a child and gives how it ended, as wait does; -1: it could not be done. */
int in_child(void (*work)(void));
#define ENDED_WITH(status) ((status) << 8)

/* Addresses that no program may use for what a call does with them. */
struct bad_pointer {
    const char *name;
    void *address;
};
extern struct bad_pointer unreadable[]; /* to an entry without a name */
extern struct bad_pointer unwritable[];

/* call must give EFAULT with each of them. */
void check_unreadable(const char *name, long (*call)(void *pointer));
void check_unwritable(const char *name, long (*call)(void *pointer));

/* The last 4 bytes of a page behind which there is none. */
extern char *last_bytes;

void test_processes(void);
void test_signals(void);
void test_memory(void);
void test_files(void);
void test_pipes(void);
void test_names(void);
void test_exec(void);
void test_console_and_time(void);
void test_library(void);

#endif
