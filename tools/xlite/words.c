/* SPDX-License-Identifier: MIT */
/*
 * Lists of words. Nothing is ever freed: the tool makes a few dozen words and exits.
 */
#include "words.h"

#include "report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Never NULL: who builds a command line has nothing better to do without memory than to give up. */
static char *text_format_list(const char *format, va_list args)
{
    char *text;

    if (vasprintf(&text, format, args) < 0) {
        fail("out of memory");
    }
    return text;
}

char *text_format(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = text_format_list(format, args);
    va_end(args);
    return text;
}

void words_add(struct words *words, const char *format, ...)
{
    va_list args;

    words->list = realloc(words->list, (words->count + 2) * sizeof(*words->list));
    if (words->list == NULL) {
        fail("out of memory");
    }
    va_start(args, format);
    words->list[words->count++] = text_format_list(format, args);
    va_end(args);
    words->list[words->count] = NULL;
}

/* Takes one word off the line at *next into `word` (which has room for the whole line). False if a
 * quote does not end. */
static bool word_take(const char **next, char *word)
{
    const char *c = *next;
    char quote = '\0';

    for (; *c != '\0' && (quote != '\0' || strchr(" \t\n", *c) == NULL); c++) {
        if (quote == '\0' && (*c == '\'' || *c == '"')) {
            quote = *c;
        } else if (*c == quote) {
            quote = '\0';
        } else {
            /* Inside '...' a backslash is an ordinary character, as in a shell. */
            if (*c == '\\' && quote != '\'' && c[1] != '\0') {
                c++;
            }
            *word++ = *c;
        }
    }
    *word = '\0';
    *next = c;
    return quote == '\0';
}

bool words_add_line(struct words *words, const char *line, struct problem *problem)
{
    const char *next = line + strspn(line, " \t\n");
    char *word = text_format("%s", line);
    bool ok = true;

    while (ok && *next != '\0') {
        ok = word_take(&next, word);
        words_add(words, "%s", word);
        next += strspn(next, " \t\n");
    }
    free(word);
    return ok || problem_say(problem, "a quote does not end in: %s", line);
}

bool words_contain(const struct words *words, const char *text)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strstr(words->list[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

void words_replace(struct words *words, const char *from, const char *to)
{
    for (size_t i = 0; i < words->count; i++) {
        char *word = words->list[i];
        char *found = strstr(word, from);

        while (found != NULL) {
            size_t before = (size_t)(found - word);

            word = text_format("%.*s%s%s", (int)before, word, to, found + strlen(from));
            found = strstr(word + before + strlen(to), from);
        }
        words->list[i] = word;
    }
}

/* Quotes only what needs it, so that a command stays readable. Inside '...' a shell takes all but '
 * itself. */
static void word_print_shell(const char *word, FILE *file)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./=:,+@%";

    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        fputs(word, file);
        return;
    }
    fputc('\'', file);
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            fputs("'\\''", file);
        } else {
            fputc(*word, file);
        }
    }
    fputc('\'', file);
}

void words_print_shell(const struct words *words, FILE *file)
{
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0) {
            fputc(' ', file);
        }
        word_print_shell(words->list[i], file);
    }
    fputc('\n', file);
}
