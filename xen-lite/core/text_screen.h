/* SPDX-License-Identifier: MIT */
/*
 * What is on a screen, as text: rows of letters, a cursor, scrolling.
 *
 * The text is kept twice: as it should be, and as the device shows it. Writing touches only the
 * first, so it costs the same on every device; drawing makes them equal, a row a call, and touches
 * only letters that differ. The screen's own memory is never read, nor moved to scroll.
 */
#ifndef CORE_TEXT_SCREEN_H
#define CORE_TEXT_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCREEN_MAX_COLUMNS 160
#define SCREEN_MAX_ROWS    64

/* Invariant: a row whose bit in `changed` is clear is shown as it should be. */
struct text_screen {
    unsigned int columns;     /* at most SCREEN_MAX_COLUMNS */
    unsigned int rows;        /* at most SCREEN_MAX_ROWS */
    unsigned int row, column; /* of the cursor; column may be one behind the last */
    unsigned int next;        /* the row that drawing looks at first */
    uint64_t changed;         /* bit n: row n may be shown otherwise */
    char text[SCREEN_MAX_ROWS][SCREEN_MAX_COLUMNS];
    char shown[SCREEN_MAX_ROWS][SCREEN_MAX_COLUMNS];
};

/* A device: shows a letter at a place. */
typedef void text_screen_draw_fn(unsigned int row, unsigned int column, char letter);

/* An empty screen, which the device shows as such already. */
void text_screen_init(struct text_screen *s, unsigned int columns, unsigned int rows);

/* Writes at the cursor. Line feed goes to the start of the next line; carriage return, backspace
 * and tabulator move the cursor; everything else is a letter. */
void text_screen_write(struct text_screen *s, const char *text, size_t size);

/* Shows one row that has changed, each in its turn: under a flood of text the last rows are not
 * left behind the first. False if there was none. */
bool text_screen_draw_row(struct text_screen *s, text_screen_draw_fn *draw);

#endif
