/* SPDX-License-Identifier: MIT */
/*
 * The text of a screen; see core/text_screen.h.
 */
#include "core/text_screen.h"

#include "lib/assert.h"
#include "lib/string.h"
#include "lib/types.h"

#define TAB 8

/* The bits of all rows. */
static uint64_t all_rows(const struct text_screen *s)
{
    return UINT64_MAX >> (SCREEN_MAX_ROWS - s->rows);
}

void text_screen_init(struct text_screen *s, unsigned int columns, unsigned int rows)
{
    BUG_ON(columns == 0 || columns > SCREEN_MAX_COLUMNS || rows == 0 || rows > SCREEN_MAX_ROWS);
    memset(s, 0, sizeof(*s));
    s->columns = columns;
    s->rows = rows;
    memset(s->text, ' ', sizeof(s->text));
    memset(s->shown, ' ', sizeof(s->shown));
}

static void new_line(struct text_screen *s)
{
    s->column = 0;
    if (s->row + 1 < s->rows) {
        s->row++;
        return;
    }
    memmove(s->text[0], s->text[1], (s->rows - 1) * sizeof(s->text[0]));
    memset(s->text[s->row], ' ', sizeof(s->text[0]));
    s->changed = all_rows(s);
}

static void put(struct text_screen *s, char c)
{
    switch (c) {
    case '\n': new_line(s); break;
    case '\r': s->column = 0; break;
    case '\b': s->column -= s->column != 0; break;
    case '\t': s->column = min((s->column / TAB + 1) * TAB, s->columns - 1); break;
    default:
        /* Only now, so that a full line is not followed by an empty one. */
        if (s->column == s->columns)
            new_line(s);
        s->text[s->row][s->column++] = c;
        s->changed |= BIT(s->row);
        break;
    }
}

void text_screen_write(struct text_screen *s, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        put(s, text[i]);
}

bool text_screen_draw_row(struct text_screen *s, text_screen_draw_fn *draw)
{
    /* Those from `next` on, or else from the top. */
    uint64_t after = s->changed & (UINT64_MAX << s->next);
    uint64_t from = after != 0 ? after : s->changed;

    if (from == 0)
        return false;

    unsigned int row = (unsigned int)__builtin_ctzl(from);

    for (unsigned int column = 0; column < s->columns; column++) {
        char letter = s->text[row][column];

        if (s->shown[row][column] == letter)
            continue;
        s->shown[row][column] = letter;
        draw(row, column, letter);
    }
    s->changed &= ~BIT(row);
    s->next = (row + 1) % s->rows;
    return true;
}
