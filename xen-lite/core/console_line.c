/* SPDX-License-Identifier: MIT */
/*
 * Collecting lines; see core/console_line.h.
 */
#include "core/console_line.h"

bool console_line_is_whole(const struct console_line *line)
{
    return line->length != 0 && line->text[line->length - 1] == '\n';
}

/* Two places are kept free: a carriage return that was held back may have to go before what
 * follows. */
bool console_line_is_full(const struct console_line *line)
{
    return line->length + 2 > CONSOLE_LINE_SIZE;
}

bool console_line_add(struct console_line *line, char c)
{
    if (console_line_is_whole(line) || console_line_is_full(line))
        return false;
    if (c == '\r') {
        line->held = true;
        return true;
    }
    if (line->held && c != '\n')
        line->text[line->length++] = '\r';
    line->held = false;
    line->text[line->length++] = c;
    return true;
}
