/* SPDX-License-Identifier: MIT */
/*
 * sh                   reads commands from the input; from a terminal with prompt and editing
 * sh SCRIPT [WORD...]  runs a file; the words are $1, $2 ...
 * sh -c TEXT [WORD...] runs TEXT; the words are $0, $1 ...
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

const char *script_name = "sh";

/* Everything that descriptor gives, in the arena, or NULL. */
static char *read_all(int descriptor)
{
    size_t length = 0, room = 1024;
    char *text = arena_take(room);
    ssize_t got;

    while ((got = read(descriptor, text + length, room - length - 1)) > 0) {
        length += got;
        if (length + 1 == room) {
            room *= 2;
            text = arena_larger(text, length, room);
        }
    }
    return got == 0 ? text : NULL;
}

static int run_script(int descriptor, const char *name)
{
    char *text = descriptor != -1 ? read_all(descriptor) : NULL;

    if (text == NULL) {
        fprintf(stderr, "sh: %s: %s\n", name, strerror(errno));
        return 127;
    }
    script_name = name;
    return run_text(text);
}

/* A copy of text with line and a newline behind it. text is freed. */
static char *appended(char *text, const char *line)
{
    char *longer = realloc(text, (text != NULL ? strlen(text) : 0) + strlen(line) + 2);

    if (longer == NULL) {
        fprintf(stderr, "sh: out of memory\n");
        exit(2);
    }
    if (text == NULL)
        longer[0] = '\0';
    strcat(longer, line);
    return strcat(longer, "\n");
}

/* Reads lines until they make a whole command; NULL at the end of input. */
static char *read_command(void)
{
    void *mark = arena_mark();
    const char *prompt = variable("PS1", 3);
    char *text = NULL, *next;
    struct command *command;
    enum parsed parsed;

    do {
        next = line_read(text == NULL ? prompt : "> ");
        if (next == NULL && text == NULL)
            return NULL;
        if (next == NULL) {
            fprintf(stderr, "sh: the text ends too early\n");
            parsed = WRONG;
            break;
        }
        if (line_given_up) {
            free(text);
            text = NULL;
            parsed = UNFINISHED;
            continue;
        }
        text = appended(text, next);
        parsed = parse(text, &command);
        arena_release(mark);
    } while (parsed == UNFINISHED);
    if (parsed == WRONG) {
        last_status = 2;
        text[0] = '\0';
    }
    return text;
}

/* Ctrl-C while what runs is the shell itself: a loop, a builtin. */
static void note_interrupt(int number)
{
    (void)number;
    interrupted = true;
    write(1, "\n", 1);
}

static int converse(void)
{
    char *text;

    interactive = true;
    signal(SIGINT, note_interrupt);
    signal(SIGQUIT, SIG_IGN);
    signal(SIGTTOU, SIG_IGN); /* tcsetpgrp while a job is in front */
    setpgid(0, 0);
    tcsetpgrp(0, getpgrp());
    if (variable("PS1", 3) == NULL)
        variable_set("PS1", "$ ");
    while ((text = read_command()) != NULL) {
        interrupted = false;
        run_text(text);
        loops_to_leave = 0;
        free(text);
        jobs_report();
    }
    return last_status;
}

int main(int count, char *words[])
{
    if (count > 2 && strcmp(words[1], "-c") == 0) {
        if (count > 3)
            parameters = words + 3;
        return run_text(words[2]);
    }
    if (count > 1) {
        parameters = words + 1;
        return run_script(open(words[1], O_RDONLY | O_CLOEXEC), words[1]);
    }
    return isatty(0) == 1 ? converse() : run_script(0, "input");
}
