/* SPDX-License-Identifier: MIT */
/*
 * Commands that must run in the shell itself, because they change it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* cd [DIRECTORY | -]: -: the one before, whose path is printed. */
static int builtin_cd(char **words)
{
    static char before[PATH_MAX], here[PATH_MAX];
    const char *home = getenv("HOME");
    const char *path = words[1] != NULL ? words[1] : home != NULL ? home : "/";
    bool back = strcmp(path, "-") == 0;

    if (back && before[0] == '\0') {
        fprintf(stderr, "sh: cd: -: there was none before\n");
        return 1;
    }
    if (getcwd(here, sizeof(here)) == NULL)
        here[0] = '\0';
    if (chdir(back ? before : path) == -1)
        return complain("cd", back ? before : path);
    if (back)
        puts(before);
    strcpy(before, here);
    return 0;
}

static int builtin_exit(char **words)
{
    int status = last_status;
    char *end = NULL;

    if (words[1] != NULL) {
        status = strtol(words[1], &end, 10);
        if (end == words[1] || *end != '\0') {
            fprintf(stderr, "sh: exit: %s: not a number\n", words[1]);
            status = 2;
        }
    }
    fflush(stdout);
    exit(status);
}

static bool is_name(const char *word)
{
    return word[0] != '\0' && assignment(arena_join(word, "=")) == strlen(word);
}

/* export [NAME[=VALUE]...]: without words it shows what is exported. */
static int builtin_export(char **words)
{
    int status = 0;

    for (char **one = environ; words[1] == NULL && *one != NULL; one++)
        puts(*one);
    for (words++; *words != NULL; words++) {
        size_t length = assignment(*words);
        char *name = length > 0 ? arena_string(*words, length) : *words;

        if (!is_name(name)) {
            fprintf(stderr, "sh: export: %s: not a name\n", name);
            status = 1;
            continue;
        }
        if (length > 0)
            variable_set(name, *words + length + 1);
        variable_export(name);
    }
    return status;
}

static int builtin_unset(char **words)
{
    for (words++; *words != NULL; words++)
        variable_unset(*words);
    return 0;
}

/* set [--] WORD...: they become $1, $2 ...; set alone shows the variables. */
static int builtin_set(char **words)
{
    size_t count = 0;
    char **all;

    if (words[1] == NULL) {
        variables_show();
        return 0;
    }
    if (strcmp(words[1], "--") == 0) {
        words++;
    } else if (words[1][0] == '-') {
        fprintf(stderr, "sh: set: %s: there are no options\n", words[1]);
        return 2;
    }
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

/* Gives each of the names a word of the line, the last one all that is left. */
static void spread(char *line, char **names)
{
    static const char blanks[] = " \t";

    for (; *names != NULL; names++) {
        char *end;

        line += strspn(line, blanks);
        end = line + (names[1] != NULL ? strcspn(line, blanks) : strlen(line));
        while (names[1] == NULL && end > line && strchr(blanks, end[-1]) != NULL)
            end--;
        variable_set(*names, arena_string(line, end - line));
        line = end;
    }
}

/* read [-r] NAME...: one line of the input. Byte by byte: what comes after it belongs to others.
 * A backslash means nothing, with -r or without. */
static int builtin_read(char **words)
{
    size_t length = 0, room = 128;
    char *line = arena_take(room);
    ssize_t got;
    char c;

    while ((got = read(0, &c, 1)) == 1 && c != '\n') {
        if (length + 2 > room)
            line = arena_larger(line, length, room *= 2);
        line[length++] = c;
    }
    line[length] = '\0';
    words += words[1] != NULL && strcmp(words[1], "-r") == 0 ? 2 : 1;
    spread(line, words);
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
    char *text;

    if (words[1] == NULL) {
        fprintf(stderr, "usage: . FILE\n");
        return 2;
    }
    text = text_of(words[1]);

    return text != NULL ? run_text(text) : 1;
}

static int builtin_exec(char **words)
{
    if (words[1] == NULL)
        return 0;
    execvp(words[1], words + 1);
    complain("exec", words[1]);
    if (!interactive)
        exit(126);
    return 126;
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
