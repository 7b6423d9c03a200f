/* SPDX-License-Identifier: MIT */
/*
 * From text to a tree of commands. The grammar, loosest first:
 *
 *     list     = and-or { (";" | "&" | newline) and-or }
 *     and-or   = pipeline { ("&&" | "||") pipeline }
 *     pipeline = ["!"] command { "|" command }
 *     command  = if | while | until | for | "{" list "}" | "(" list ")", each with redirects,
 *                or words and redirects
 *
 * Each has a function of its name. The parser looks at the text itself; there is no list of tokens.
 */
#include <ctype.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

static const char *begin; /* of the text */
static const char *at;    /* what comes next */
static jmp_buf give_up;   /* with one of enum parsed */

static int line_number(void)
{
    int number = 1;

    for (const char *c = begin; c < at; c++)
        number += *c == '\n';
    return number;
}

static void __attribute__((noreturn)) wrong(void)
{
    if (*at == '\0')
        longjmp(give_up, UNFINISHED);
    fprintf(stderr, "%s: line %d: syntax error near '%.*s'\n", script_name, line_number(),
            *at == '\n' ? 11 : (int)strcspn(at, "\n"), *at == '\n' ? "end of line" : at);
    longjmp(give_up, WRONG);
}

/* ---- Words ---- */

const char *after_closing(const char *text, char closing)
{
    while (text != NULL && *text != '\0' && *text != closing) {
        if (closing == '\'')
            text++;
        else if (*text == '\\' && text[1] != '\0')
            text += 2;
        else if (text[0] == '$' && text[1] == '(')
            text = after_closing(text + 2, ')');
        else if (text[0] == '$' && text[1] == '{')
            text = after_closing(text + 2, '}');
        else if (closing != '`' && *text == '`')
            text = after_closing(text + 1, '`');
        else if (closing != '"' && (*text == '\'' || *text == '"'))
            text = after_closing(text + 1, *text);
        else if (closing == ')' && *text == '(')
            text = after_closing(text + 1, ')');
        else
            text++;
    }
    return text == NULL || *text == '\0' ? NULL : text + 1;
}

static const char *word_end(const char *text)
{
    while (*text != '\0' && strchr(" \t\n;&|<>()", *text) == NULL) {
        if (*text == '\\') {
            if (text[1] == '\0')
                return NULL;
            text += 2;
        } else if (*text == '\'' || *text == '"' || *text == '`') {
            text = after_closing(text + 1, *text);
        } else if (*text == '$' && (text[1] == '(' || text[1] == '{')) {
            text = after_closing(text + 2, text[1] == '(' ? ')' : '}');
        } else {
            text++;
        }
        if (text == NULL)
            return NULL;
    }
    return text;
}

static void skip_blanks(void)
{
    for (;;) {
        at += strspn(at, " \t");
        if (at[0] == '\\' && at[1] == '\n')
            at += 2;
        else if (*at == '#')
            at += strcspn(at, "\n");
        else
            return;
    }
}

static void skip_lines(void)
{
    for (skip_blanks(); *at == '\n'; skip_blanks())
        at++;
}

/* Takes the operator or reserved word if it comes next. */
static bool take(const char *what)
{
    size_t length = strlen(what);

    skip_blanks();
    if (strncmp(at, what, length) != 0)
        return false;
    if (isalpha((unsigned char)what[0]) && word_end(at) != at + length)
        return false;
    at += length;
    return true;
}

static void need(const char *what)
{
    skip_lines();
    if (!take(what))
        wrong();
}

static char *take_word(void)
{
    const char *word, *end;

    skip_blanks();
    word = at;
    end = word_end(at);
    if (end == NULL)
        longjmp(give_up, UNFINISHED);
    if (end == word)
        wrong();
    at = end;
    return arena_string(word, end - word);
}

/* ---- Commands ---- */

static struct command *list(void);

static struct command *new_command(enum kind kind, struct command *first, struct command *second)
{
    struct command *command = arena_take(sizeof(*command));

    command->kind = kind;
    command->first = first;
    command->second = second;
    return command;
}

/* A list that must not be empty. */
static struct command *body(void)
{
    struct command *command = list();

    if (command == NULL)
        wrong();
    return command;
}

/* [digit] (< | > | >> | >&) word. False if none comes next. */
static bool take_redirect(struct redirect ***end)
{
    const char *sign;
    struct redirect *redirect;
    int descriptor = -1;

    skip_blanks();
    sign = at;
    if (isdigit((unsigned char)at[0]) && (at[1] == '<' || at[1] == '>'))
        descriptor = *sign++ - '0';
    if (*sign != '<' && *sign != '>')
        return false;
    redirect = arena_take(sizeof(*redirect));
    redirect->descriptor = descriptor >= 0 ? descriptor : *sign == '>';
    redirect->flags = *sign == '<' ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
    at = sign + 1;
    if (*sign == '>' && *at == '>') {
        redirect->flags = O_WRONLY | O_CREAT | O_APPEND;
        at++;
    } else if (*at == '&') {
        redirect->flags = -1;
        at++;
    }
    redirect->target = take_word();
    **end = redirect;
    *end = &redirect->next;
    return true;
}

/* Words until an operator; at most `most` words fit. */
static void take_words(struct command *command, bool redirects)
{
    struct redirect **end = &command->redirects;
    char *words[256];
    size_t count = 0;

    for (;;) {
        if (redirects && take_redirect(&end))
            continue;
        skip_blanks();
        if (*at == '\0' || strchr("\n;&|()<>", *at) != NULL)
            break;
        if (count == sizeof(words) / sizeof(words[0]))
            wrong();
        words[count++] = take_word();
    }
    command->words = arena_take((count + 1) * sizeof(char *));
    memcpy(command->words, words, count * sizeof(char *));
}

static struct command *simple(void)
{
    struct command *command = new_command(SIMPLE, NULL, NULL);

    take_words(command, true);
    if (command->words[0] == NULL && command->redirects == NULL)
        wrong();
    return command;
}

/* After if or elif. */
static struct command *if_command(void)
{
    struct command *command = new_command(IF, body(), NULL);

    need("then");
    command->second = body();
    skip_lines();
    if (take("elif")) {
        command->third = if_command();
        return command;
    }
    if (take("else"))
        command->third = body();
    need("fi");
    return command;
}

static struct command *loop(enum kind kind)
{
    struct command *command = new_command(kind, body(), NULL);

    need("do");
    command->second = body();
    need("done");
    return command;
}

static struct command *for_command(void)
{
    struct command *command = new_command(FOR, NULL, NULL);
    char *name = take_word();
    char **all;
    size_t count = 0;

    need("in");
    take_words(command, false);
    while (command->words[count] != NULL)
        count++;
    all = arena_take((count + 2) * sizeof(char *));
    all[0] = name;
    memcpy(all + 1, command->words, count * sizeof(char *));
    command->words = all;
    take(";");
    need("do");
    command->first = body();
    need("done");
    return command;
}

static struct command *enclosed(enum kind kind, const char *closing)
{
    struct command *command = new_command(kind, body(), NULL);

    need(closing);
    return command;
}

static struct command *command_of_any_kind(void)
{
    struct command *command;
    struct redirect **end;

    if (take("if"))
        command = if_command();
    else if (take("while"))
        command = loop(WHILE);
    else if (take("until"))
        command = loop(UNTIL);
    else if (take("for"))
        command = for_command();
    else if (take("{ ") || take("{\n"))
        command = enclosed(GROUP, "}");
    else if (take("("))
        command = enclosed(SUBSHELL, ")");
    else
        return simple();
    end = &command->redirects;
    while (take_redirect(&end)) {
    }
    return command;
}

/* Whether | comes next, and not ||. */
static bool take_pipe(void)
{
    skip_blanks();
    if (at[0] != '|' || at[1] == '|')
        return false;
    at++;
    return true;
}

static struct command *pipeline(void)
{
    bool negated = take("! ");
    struct command *command = command_of_any_kind();

    while (take_pipe()) {
        skip_lines();
        command = new_command(PIPELINE, command, command_of_any_kind());
    }
    return negated ? new_command(NOT, command, NULL) : command;
}

static struct command *and_or(void)
{
    struct command *command = pipeline();

    for (;;) {
        enum kind kind = AND;

        if (!take("&&")) {
            if (!take("||"))
                return command;
            kind = OR;
        }
        skip_lines();
        command = new_command(kind, command, pipeline());
    }
}

/* Whether what comes next ends a list. */
static bool list_ends(void)
{
    static const char *const words[] = { "then", "elif", "else", "fi", "do", "done", NULL };
    const char *here = at;

    if (*at == '\0' || *at == ')' || *at == '}')
        return true;
    for (size_t i = 0; words[i] != NULL; i++)
        if (take(words[i])) {
            at = here;
            return true;
        }
    return false;
}

/* NULL: an empty one. */
static struct command *list(void)
{
    struct command *all = NULL, *one;

    for (skip_lines(); !list_ends(); skip_lines()) {
        const char *first = at;

        one = and_or();
        skip_blanks();
        if (*at == '&') {
            one = new_command(BACKGROUND, one, NULL);
            one->text = arena_string(first, at - first);
        }
        all = all == NULL ? one : new_command(LIST, all, one);
        if (*at == ';' || *at == '&')
            at++;
        else if (*at != '\n' && !list_ends())
            wrong();
    }
    return all;
}

enum parsed parse(const char *text, struct command **command)
{
    int failed = setjmp(give_up);

    if (failed != 0)
        return failed;
    begin = at = text;
    *command = list();
    if (*at == '\0')
        return PARSED;
    wrong();
}
