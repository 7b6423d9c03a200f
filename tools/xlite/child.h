/* SPDX-License-Identifier: MIT */
/*
 * Child processes that never outlive the tool, and the signals that end the tool.
 *
 * The signals that ask a program to end are blocked and read from a descriptor, so that whatever
 * the tool is doing, it ends its child, restores the terminal, removes its files and then dies of
 * that signal. For SIGKILL, which leaves no such chance, the kernel kills the child
 * (PR_SET_PDEATHSIG).
 */
#ifndef XLITE_CHILD_H
#define XLITE_CHILD_H

#include "words.h"

#include <sys/types.h>

struct child {
    pid_t pid;
    int pidfd; /* readable when the child has ended */
};

/* Descriptors for a child: -1 means /dev/null for input and output, and nothing for status. Errors
 * go to the tool's stderr unless given. */
struct child_files {
    int input, output, error;
    int status; /* becomes descriptor CHILD_STATUS_FD */
};

enum { CHILD_STATUS_FD = 3 };

/* Begins to collect signals. Call it once, before anything that has to be undone. */
void signals_start(void);

/* The descriptor that is readable when a signal has arrived. */
int signals_fd(void);

/* Ends the tool as a signal would have: cleans up, then dies of it. 0 stands for the signal that
 * has arrived. */
void signals_die(int number) __attribute__((noreturn));

/* Finds a program as a shell would: new string. Ends the tool if there is none. */
char *program_find(const char *name);

struct child child_start(const struct words *words, struct child_files files);

/* Ends the child at once if it still runs, and waits for it. Returns its wait status. */
int child_end(struct child *child);

/* Runs a tool to its end. Ends xlite with the first line of the tool's error output if it fails. */
void child_run_tool(const struct words *words);

#endif
