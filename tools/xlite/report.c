/* SPDX-License-Identifier: MIT */
/*
 * Messages. Each is one line, whatever a file put into it: control characters are shown as '?', so
 * that a hostile image cannot write escape sequences to the terminal.
 */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes above 0x7f stay: file names may be UTF-8. */
static void clean(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        if (*c < ' ' || *c == 0x7f) {
            *c = '?';
        }
    }
}

/* Formats first, so that what came in by %s is cleaned as well. */
static void __attribute__((format(printf, 1, 0))) say_list(const char *format, va_list args)
{
    char text[1024];

    vsnprintf(text, sizeof(text), format, args);
    clean(text);
    fprintf(stderr, "xlite: %s\n", text);
}

void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say_list(format, args);
    va_end(args);
}

void fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say_list(format, args);
    va_end(args);
    exit(EXIT_BAD_INPUT);
}
