/* SPDX-License-Identifier: MIT */
/*
 * What many programs do: speak of errors, and go through the files that are named.
 */
#ifndef GUEST_KERNEL_USER_TOOL_H
#define GUEST_KERNEL_USER_TOOL_H

#include <stdbool.h>
#include <stdio.h>

/* The program's name, for messages; set by the first line of main. */
extern const char *tool_name;

/* "name: what: why" with the reason from errno. Returns 1, for exit. */
int complain(const char *what);

/* "usage: name text". Returns 2, for exit. */
int usage(const char *text);

/* Calls work for each of the files, the standard input if there is none or for "-". 0, or 1 if one
 * could not be opened. */
int for_each_file(char *names[], void (*work)(FILE *file, const char *name));

/* The next line without its newline, or NULL. It stays until the next call. */
char *next_line(FILE *file);

/* Copies all that in gives to out: 0 or -1 with errno. */
int copy_bytes(int in, int out);

/* "directory/name", or, if directory is none, "file"; "path/file" for cp and mv to a folder. False:
 * it does not fit into size bytes. */
bool join_path(char *path, size_t size, const char *directory, const char *name);

/* What is behind the last slash. */
const char *last_part(const char *path);

#endif
