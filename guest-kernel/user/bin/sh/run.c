/* SPDX-License-Identifier: MIT */
/*
 * Walks the tree of commands. Each kind of command has a function that returns its status.
 *
 * A command that is a program runs in a process of its own, and so does each part of a pipeline.
 * Builtins, if, while and the like run in the shell itself: their redirects are put in place, and
 * afterwards taken back.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

#define STAGES 16 /* of a pipeline */

int loops_running;
int loops_to_leave;
bool loop_continues;
volatile bool interrupted;
static int substituted; /* the status of the last $(command) */

/* ---- Redirects ---- */

static bool redirect_one(const struct redirect *r)
{
    char *target = expand_word(r->target);
    int from;

    if (r->flags == -1 && strcmp(target, "-") == 0) {
        close(r->descriptor);
        return true;
    }
    if (r->flags == -1 && target[strspn(target, "0123456789")] != '\0') {
        fprintf(stderr, "sh: %s: not the number of a file that is open\n", target);
        return false;
    }
    from = r->flags == -1 ? atoi(target) : open(target, r->flags, 0666);
    if (from == -1 || dup2(from, r->descriptor) == -1) {
        fprintf(stderr, "sh: %s: %s\n", target, strerror(errno));
        return false;
    }
    if (r->flags != -1 && from != r->descriptor)
        close(from);
    return true;
}

bool redirect(const struct redirect *redirects)
{
    for (; redirects != NULL; redirects = redirects->next)
        if (!redirect_one(redirects))
            return false;
    return true;
}

/* A copy that no program gets; -1: there is nothing to save. */
static int save(int descriptor)
{
    int copy = fcntl(descriptor, F_DUPFD, 10);

    if (copy != -1)
        fcntl(copy, F_SETFD, FD_CLOEXEC);
    return copy;
}

/* Puts the redirects in place and remembers in saved (of 10) what was there: -2: not touched. */
static bool redirect_and_save(const struct redirect *redirects, int saved[10])
{
    fflush(stdout);
    for (int i = 0; i < 10; i++)
        saved[i] = -2;
    for (const struct redirect *r = redirects; r != NULL; r = r->next)
        if (saved[r->descriptor] == -2)
            saved[r->descriptor] = save(r->descriptor);
    return redirect(redirects);
}

static void take_back(int saved[10])
{
    fflush(stdout);
    for (int i = 0; i < 10; i++) {
        if (saved[i] == -2)
            continue;
        if (saved[i] == -1) {
            close(i);
        } else {
            dup2(saved[i], i);
            close(saved[i]);
        }
    }
}

/* ---- Programs ---- */

/* How many words before a command are assignments. */
static size_t count_assignments(char **words)
{
    size_t count = 0;

    while (words[count] != NULL && assignment(words[count]) > 0)
        count++;
    return count;
}

static void assign(char **words)
{
    size_t length;

    for (; *words != NULL && (length = assignment(*words)) > 0; words++)
        variable_set(arena_string(*words, length), expand_word(*words + length + 1));
}

/* In the child: becomes the program. */
static void __attribute__((noreturn)) become(char **words)
{
    execvp(words[0], words);
    if (errno == ENOEXEC) { /* a script */
        size_t count = 0;
        char **argv;

        while (words[count] != NULL)
            count++;
        argv = arena_take((count + 2) * sizeof(char *));
        argv[0] = "sh";
        memcpy(argv + 1, words, count * sizeof(char *));
        execv("/bin/sh", argv);
    }
    fprintf(stderr, "sh: %s: %s\n", words[0], errno == ENOENT ? "not found" : strerror(errno));
    _exit(errno == ENOENT ? 127 : 126);
}

/* The end of a child that is no program. */
static void __attribute__((noreturn)) leave(int status)
{
    fflush(stdout);
    _exit(status);
}

/* In the child: a command with everything that belongs to it. */
static void __attribute__((noreturn)) run_in_child(struct command *command)
{
    size_t assignments;
    char **words;
    builtin *function;

    if (command->kind == SUBSHELL)
        leave(redirect(command->redirects) ? run(command->first) : 1);
    if (command->kind != SIMPLE)
        leave(run(command));
    /* What the words become does not know of the assignments before them. */
    assignments = count_assignments(command->words);
    words = command->fields;
    if (words == NULL)
        words = expand_words(command->words + assignments);
    assign(command->words);
    for (size_t i = 0; i < assignments; i++)
        variable_export(arena_string(command->words[i], assignment(command->words[i])));
    if (!redirect(command->redirects))
        leave(1);
    if (words[0] == NULL)
        leave(0);
    function = builtin_find(words[0]);
    if (function != NULL)
        leave(function(words));
    become(words);
}

static void move(int descriptor, int to)
{
    dup2(descriptor, to);
    close(descriptor);
}

/* Starts each part of a pipeline in a process of its own, all in one group. How many. */
static size_t start_pipeline(struct command *command, bool foreground, pid_t pids[STAGES])
{
    struct command *stages[STAGES];
    size_t count = 1;
    int input = -1, ends[2];

    for (struct command *c = command; c->kind == PIPELINE && count < STAGES; c = c->first)
        count++;
    for (size_t i = count; i-- > 0; command = command->first)
        stages[i] = i > 0 ? command->second : command;
    for (size_t i = 0; i < count; i++) {
        bool last = i == count - 1;

        if (!last && pipe(ends) == -1) {
            fprintf(stderr, "sh: pipe: %s\n", strerror(errno));
            return i;
        }
        pids[i] = job_fork(i > 0 ? pids[0] : 0, foreground);
        if (pids[i] == 0) {
            if (input != -1)
                move(input, 0);
            if (!last) {
                move(ends[1], 1);
                close(ends[0]);
            }
            run_in_child(stages[i]);
        }
        if (input != -1)
            close(input);
        if (!last) {
            close(ends[1]);
            input = ends[0];
        }
        if (pids[i] == -1)
            return i;
    }
    return count;
}

static int run_processes(struct command *command)
{
    pid_t pids[STAGES];
    size_t count = start_pipeline(command, true, pids);

    return count > 0 ? job_wait(pids, count) : 1;
}

static int run_background(struct command *command)
{
    pid_t pids[STAGES];
    size_t count = start_pipeline(command->first, false, pids);

    if (count == 0)
        return 1;
    last_job = pids[count - 1];
    job_background(pids, count, command->text);
    return 0;
}

/* ---- In the shell itself ---- */

static int run_simple(struct command *command)
{
    struct command expanded = *command;
    char **words;
    builtin *function;
    int saved[10], status;

    substituted = 0;
    words = expand_words(command->words + count_assignments(command->words));
    if (interrupted)
        return 128 + SIGINT;
    if (words[0] == NULL && command->redirects == NULL) {
        assign(command->words);
        return substituted;
    }
    function = words[0] != NULL ? builtin_find(words[0]) : NULL;
    expanded.fields = words;
    if (function == NULL)
        return run_processes(&expanded);
    assign(command->words); /* Weak spot: they stay, also for builtins that POSIX wants forgotten */
    if (strcmp(words[0], "exec") == 0 && words[1] == NULL)
        return redirect(command->redirects) ? 0 : 1;
    status = redirect_and_save(command->redirects, saved) ? function(words) : 1;
    take_back(saved);
    return status;
}

/* After a loop's body: whether the loop goes on. */
static bool loop_goes_on(void)
{
    if (interrupted)
        return false;
    if (loops_to_leave == 0)
        return true;
    loops_to_leave--;
    return loops_to_leave == 0 && loop_continues;
}

static int run_while(struct command *command)
{
    int status = 0;

    loops_running++;
    while ((run(command->first) == 0) == (command->kind == WHILE) && loops_to_leave == 0) {
        status = run(command->second);
        if (!loop_goes_on())
            break;
    }
    loops_running--;
    return status;
}

static int run_for(struct command *command)
{
    char **words = expand_words(command->words + 1);
    int status = 0;

    loops_running++;
    for (; *words != NULL; words++) {
        variable_set(command->words[0], *words);
        status = run(command->first);
        if (!loop_goes_on())
            break;
    }
    loops_running--;
    return status;
}

static int run_kind(struct command *command)
{
    int status;

    switch (command->kind) {
    case SIMPLE: return run_simple(command);
    case SUBSHELL:
    case PIPELINE: return run_processes(command);
    case BACKGROUND: return run_background(command);
    case NOT: return run(command->first) == 0;
    case AND: return (status = run(command->first)) == 0 ? run(command->second) : status;
    case OR: return (status = run(command->first)) != 0 ? run(command->second) : status;
    case LIST:
        status = run(command->first);
        return loops_to_leave > 0 ? status : run(command->second);
    case IF:
        if (run(command->first) == 0)
            return run(command->second);
        return command->third != NULL ? run(command->third) : 0;
    case WHILE:
    case UNTIL: return run_while(command);
    case FOR: return run_for(command);
    case GROUP: return run(command->first);
    }
    return 0;
}

int run(struct command *command)
{
    void *mark = arena_mark();
    int saved[10];

    if (interrupted)
        return last_status = 128 + SIGINT;
    if (command->kind == SIMPLE || command->kind == SUBSHELL || command->redirects == NULL) {
        last_status = run_kind(command);
    } else {
        last_status = redirect_and_save(command->redirects, saved) ? run_kind(command) : 1;
        take_back(saved);
    }
    arena_release(mark);
    return last_status;
}

int run_text(const char *text)
{
    void *mark = arena_mark();
    struct command *command = NULL;
    enum parsed parsed = parse(text, &command);

    if (parsed == UNFINISHED)
        fprintf(stderr, "%s: the text ends too early\n", script_name);
    if (parsed != PARSED)
        last_status = 2;
    else if (command != NULL)
        run(command);
    arena_release(mark);
    return last_status;
}

char *output_of(const char *text, size_t length)
{
    size_t count = 0, room = 256;
    char *output = arena_take(room);
    ssize_t got;
    int ends[2];
    pid_t child;

    if (pipe(ends) == -1)
        return output;
    child = job_fork(getpgrp(), false);
    if (child == 0) {
        move(ends[1], 1);
        close(ends[0]);
        leave(run_text(arena_string(text, length)));
    }
    close(ends[1]);
    while ((got = read(ends[0], output + count, room - count - 1)) > 0) {
        count += got;
        if (count + 1 == room) {
            room *= 2;
            output = arena_larger(output, count, room);
        }
    }
    close(ends[0]);
    substituted = child > 0 ? job_wait(&child, 1) : 1;
    while (count > 0 && output[count - 1] == '\n')
        count--;
    output[count] = '\0';
    return output;
}
