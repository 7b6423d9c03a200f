/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the exercises share. Each is a program that looks at the kernel from outside,
 * as any program can, and ends with one line: solved, or not yet and why.
 */
#ifndef GUEST_KERNEL_EXERCISES_EXERCISE_H
#define GUEST_KERNEL_EXERCISES_EXERCISE_H

#include <stdbool.h>

#include "user/lib/stubs.h"

/* The test itself; to return from it means: solved. */
void test(void);

/* Ends the test with this reason, unless fine. Not for children: they have a status. */
void must(bool fine, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The system call with that name in syscalls.def, which may be one that the exercise asks for: if
 * it is not there, that is the reason. */
long call(const char *name, unsigned long a, unsigned long b, unsigned long c);

#define POINTER(p) ((unsigned long)(p))

/* An address that no program has. */
#define BAD_POINTER 16ul

/* A child that does `work` and ends with its result; and how it ended, as an exit status, or minus
 * the signal. */
long begin_child(int (*work)(void));
int end_of_child(long pid);

/* Nanoseconds since the start, and of processor time of the caller. */
long long now(void);
long long own_time(void);

/* A new page for each of `count`, touched one after the other: nanoseconds in all. They are
 * unmapped afterwards if `give_back`. */
long long time_of_new_pages(int count, bool give_back);

/* The whole file as a string in a static buffer; NULL: there is none. */
const char *text_of(const char *path);

#endif
