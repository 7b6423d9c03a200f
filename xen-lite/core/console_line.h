/* SPDX-License-Identifier: MIT */
/*
 * What a guest prints, collected until it is a line, so that the lines of several guests do not
 * mix.
 */
#ifndef CORE_CONSOLE_LINE_H
#define CORE_CONSOLE_LINE_H

#include "lib/types.h"

#define CONSOLE_LINE_SIZE 240

/* length characters of text are there; held: a carriage return came and is kept back, because the
 * newline that may follow stands for both. */
struct console_line {
    char text[CONSOLE_LINE_SIZE];
    uint16_t length;
    bool held;
};

/* Adds a character. False, and it was not taken: the line is whole or full and must be written and
 * emptied first. */
bool console_line_add(struct console_line *line, char c);

/* It ends with a newline. */
bool console_line_is_whole(const struct console_line *line);

/* Nothing more fits. */
bool console_line_is_full(const struct console_line *line);

static inline void console_line_clear(struct console_line *line)
{
    line->length = 0;
}

#endif
