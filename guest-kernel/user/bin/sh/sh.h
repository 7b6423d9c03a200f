/* SPDX-License-Identifier: MIT */
/*
 * The shell. A text is parsed as a whole into a tree of commands (parse.c), which is then walked
 * (run.c). Words stay as they were written until their command runs; then variables, quotes and
 * patterns are replaced (expand.c). What a command needs while it runs comes from an arena that is
 * emptied behind it (arena.c).
 */
#ifndef USER_SH_H
#define USER_SH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ---- arena.c: memory that is given back all at once ---- */

void *arena_take(size_t size); /* zeroed; ends the shell when memory is out */
char *arena_string(const char *text, size_t length);
char *arena_join(const char *first, const char *second);       /* one string after the other */
void *arena_larger(const void *old, size_t used, size_t size); /* begins with the old one's bytes */
void *arena_mark(void);
void arena_release(void *mark); /* gives back all that was taken since */

/* ---- parse.c ---- */

enum kind {
    SIMPLE,     /* words, redirects */
    PIPELINE,   /* first | second */
    AND,        /* first && second */
    OR,         /* first || second */
    LIST,       /* first ; second */
    BACKGROUND, /* first & */
    NOT,        /* ! first */
    IF,         /* if first; then second; else third; fi */
    WHILE,      /* while first; do second; done */
    UNTIL,      /* the same with until */
    FOR,        /* for words[0] in words[1]...; do first; done */
    GROUP,      /* { first; } */
    SUBSHELL,   /* ( first ) */
};

struct redirect {
    struct redirect *next;
    int descriptor; /* which one is replaced */
    int flags;      /* how target is opened; -1: target is the number of another descriptor */
    char *target;
};

struct command {
    enum kind kind;
    struct command *first, *second, *third;
    char **words;  /* as written, NULL at the end */
    char **fields; /* of SIMPLE: what they became, if that was done before its process began */
    struct redirect *redirects;
    char *text; /* of a background job */
};

enum parsed { PARSED, UNFINISHED, WRONG };

/* Parses text into *command, in the arena; NULL for an empty one. UNFINISHED: with more lines it
 * might be right. WRONG: was told on the error output. */
enum parsed parse(const char *text, struct command **command);

extern const char *script_name; /* for messages: "sh", or the script's name */

/* What comes after the closing character of a quote, or of ` $( ${, that was opened before text;
 * NULL: it is never closed. */
const char *after_closing(const char *text, char closing);

/* ---- expand.c, glob.c, arithmetic.c ---- */

/* All fields that the words become. */
char **expand_words(char *const *words);
/* One word that is not split: a file name, the value of a variable. */
char *expand_word(const char *word);

/* In the strings between expand.c and glob.c this byte stands before characters that were quoted.
 */
#define QUOTED '\1'

/* Calls found for each path that matches pattern, in order; how many there were. */
size_t glob_paths(const char *pattern, void (*found)(void *context, char *path), void *context);

/* Takes the QUOTED bytes out of text, in its place. */
char *without_marks(char *text);

/* The value of an expression of integers. Errors are told and give 0. */
long arithmetic(const char *text);

/* ---- variables.c ---- */

extern int last_status;                                /* $? */
extern pid_t last_job;                                 /* $! */
extern char **parameters;                              /* $0, $1 ... NULL */
const char *variable(const char *name, size_t length); /* NULL: there is none */
void variable_set(const char *name, const char *value);
void variable_export(const char *name);
void variable_unset(const char *name);
void variables_show(void);
/* The length of NAME in "NAME=...", or 0 if word is no assignment. */
size_t assignment(const char *word);

/* ---- run.c ---- */

extern volatile bool interrupted; /* Ctrl-C was typed: all that runs ends, up to the prompt */
int run(struct command *command);
int run_text(const char *text);                   /* parse and run */
char *output_of(const char *text, size_t length); /* of $( ) */
bool redirect(const struct redirect *redirects);  /* false: an error was told */
extern int loops_running;                         /* one inside of the other */
extern int loops_to_leave;                        /* by break and continue */
extern bool loop_continues;                       /* it was continue */

/* ---- builtins.c, test.c ---- */

typedef int builtin(char **words);
builtin *builtin_find(const char *name);
builtin builtin_test;

/* ---- jobs.c ---- */

extern bool interactive;
/* Called in the parent after each fork: pid belongs to the group `group` (0: begins one). */
pid_t job_fork(pid_t group, bool foreground);
int job_wait(const pid_t *pids, size_t count); /* status of the last */
void job_background(const pid_t *pids, size_t count, const char *text);
void jobs_report(void); /* tells about those that ended */
builtin builtin_jobs, builtin_fg, builtin_wait, builtin_kill;

/* ---- line.c ---- */

/* A line from the terminal, edited, with history, without its end; NULL at the end of input. It
 * stays as it is until the next call. */
char *line_read(const char *prompt);
extern bool line_given_up; /* by Ctrl-C, and so are the lines before it */
builtin builtin_history;

#endif
