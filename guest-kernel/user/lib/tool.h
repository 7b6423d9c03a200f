/* SPDX-License-Identifier: MIT */
/*
 * What many programs do: speak of errors, and go through the files that are named.
 */
#ifndef GUEST_KERNEL_USER_TOOL_H
#define GUEST_KERNEL_USER_TOOL_H

#include <stdbool.h>
#include <stdio.h>

/* First in main: the program's name, for messages, and what its usage is. "--help" as first word
 * shows that and ends the program. What goes to the standard output and does not arrive there is
 * told when the program ends, and makes it fail. */
void tool_begin(int count, char *words[], const char *name, const char *usage_text);

/* "name: what: why" with the reason from errno. Returns 1, for exit. */
int complain(const char *what);

/* "name: what: why". Returns 1, for exit. */
int complain_of(const char *what, const char *why);

/* "usage: name text". Returns 2, for exit. */
int usage(void);

/* For programs without options: whoever gives one is shown the usage, and the program ends. The
 * other words begin at optind. */
void no_options(int count, char *words[]);

/* For programs without any words. */
void no_operands(int count, char *words[]);

/* The next option of head and tail, like getopt: -n LINES or -LINES go to *lines (a + before them
 * is left to the caller); at what is neither, nor in `others`, the program ends with its usage. */
int line_option(int count, char *words[], const char *others, long *lines);

/* The number that text is; ends the program if it is none. */
long number_of(const char *text);

/* Calls work for each of the files, the standard input if there is none or for "-". 0, or 1 if one
 * could not be opened. */
int for_each_file(char *names[], void (*work)(FILE *file, const char *name));

/* The next line without its newline, or NULL. It stays until the next call. */
char *next_line(FILE *file);

/* Copies all that in gives to out: 0 or -1 with errno. */
int copy_bytes(int in, int out);

/* "directory/name". False, and told: it does not fit into size bytes. */
bool join_path(char *path, size_t size, const char *directory, const char *name);

/* What is behind the last slash. */
const char *last_part(const char *path);

#endif
