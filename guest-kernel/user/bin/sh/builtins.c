/* SPDX-License-Identifier: MIT */
/*
 * Commands that must run in the shell itself, because they change it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

static int complain(const char *what, const char *about)
{
    fprintf(stderr, "sh: %s: %s: %s\n", what, about, strerror(errno));
    return 1;
}

static int builtin_cd(char **words)
{
    const char *home = getenv("HOME");
    const char *path = words[1] != NULL ? words[1] : home != NULL ? home : "/";

    return chdir(path) == 0 ? 0 : complain("cd", path);
}

static int builtin_exit(char **words)
{
    fflush(stdout);
    exit(words[1] != NULL ? atoi(words[1]) : last_status);
}

static int builtin_export(char **words)
{
    for (words++; *words != NULL; words++) {
        size_t length = assignment(*words);
        char *name = length > 0 ? arena_string(*words, length) : *words;

        if (length > 0)
            variable_set(name, *words + length + 1);
        variable_export(name);
    }
    return 0;
}

static int builtin_unset(char **words)
{
    for (words++; *words != NULL; words++)
        variable_unset(*words);
    return 0;
}

/* set WORD...: they become $1, $2 ... */
static int builtin_set(char **words)
{
    size_t count = 0;
    char **all;

    while (words[count] != NULL)
        count++;
    all = malloc((count + 1) * sizeof(char *));
    all[0] = parameters[0];
    for (size_t i = 1; i < count; i++)
        all[i] = strdup(words[i]);
    all[count] = NULL;
    parameters = all;
    return 0;
}

static int builtin_shift(char **words)
{
    (void)words;
    if (parameters[0] == NULL || parameters[1] == NULL)
        return 1;
    parameters[1] = parameters[0];
    parameters++;
    return 0;
}

/* read NAME: one line of the input. Byte by byte: what comes after it belongs to others. */
static int builtin_read(char **words)
{
    char line[256];
    size_t length = 0;
    ssize_t got;
    char c;

    while ((got = read(0, &c, 1)) == 1 && c != '\n')
        if (length + 1 < sizeof(line))
            line[length++] = c;
    line[length] = '\0';
    if (words[1] != NULL)
        variable_set(words[1], line);
    return got == 1 ? 0 : 1;
}

/* The whole file, or NULL and an error told. */
static char *text_of(const char *path)
{
    int file = open(path, O_RDONLY);
    off_t size = file == -1 ? -1 : lseek(file, 0, SEEK_END);
    char *text = NULL;

    if (size != -1) {
        text = arena_take(size + 1);
        lseek(file, 0, SEEK_SET);
        if (read(file, text, size) != size)
            text = NULL;
    }
    if (text == NULL)
        complain("source", path);
    if (file != -1)
        close(file);
    return text;
}

static int builtin_source(char **words)
{
    char *text = words[1] != NULL ? text_of(words[1]) : NULL;

    return text != NULL ? run_text(text) : 1;
}

static int builtin_exec(char **words)
{
    if (words[1] == NULL)
        return 0;
    execvp(words[1], words + 1);
    return complain("exec", words[1]);
}

static int leave_loops(char **words, bool goes_on)
{
    int count = words[1] != NULL && atoi(words[1]) > 0 ? atoi(words[1]) : 1;

    loops_to_leave = count < loops_running ? count : loops_running; /* outside of loops: nothing */
    loop_continues = goes_on;
    return 0;
}

static int builtin_break(char **words)
{
    return leave_loops(words, false);
}

static int builtin_continue(char **words)
{
    return leave_loops(words, true);
}

static int builtin_nothing(char **words)
{
    (void)words;
    return 0;
}

static const struct {
    const char *name;
    builtin *function;
} builtins[] = {
    { ":", builtin_nothing },   { ".", builtin_source },        { "[", builtin_test },
    { "break", builtin_break }, { "cd", builtin_cd },           { "continue", builtin_continue },
    { "exec", builtin_exec },   { "exit", builtin_exit },       { "export", builtin_export },
    { "fg", builtin_fg },       { "history", builtin_history }, { "jobs", builtin_jobs },
    { "kill", builtin_kill },   { "read", builtin_read },       { "set", builtin_set },
    { "shift", builtin_shift }, { "test", builtin_test },       { "unset", builtin_unset },
    { "wait", builtin_wait },
};

builtin *builtin_find(const char *name)
{
    for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
        if (strcmp(name, builtins[i].name) == 0)
            return builtins[i].function;
    return NULL;
}
