/* SPDX-License-Identifier: MIT */
/* What is seen, and the keys: a terminal that gives each key at once, and escape sequences. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "edit.h"

static struct termios before;

bool screen_open(struct view *view)
{
    struct winsize size = { .ws_row = 0, .ws_col = 0 };
    struct termios raw;

    if (tcgetattr(0, &before) == -1)
        return false;
    raw = before;
    raw.c_lflag &= ~(ICANON | ECHO | ISIG);
    raw.c_iflag &= ~ICRNL;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(0, TCSANOW, &raw);
    ioctl(0, TIOCGWINSZ, &size);
    view->rows = (size.ws_row > 1 ? size.ws_row : 24) - 1;
    view->columns = size.ws_col > 1 ? size.ws_col : 80;
    return true;
}

void screen_close(void)
{
    printf("\033[H\033[2J");
    fflush(stdout);
    tcsetattr(0, TCSANOW, &before);
}

/* Moves the corner so that the cursor is on the screen. */
static void follow(struct view *view)
{
    if (view->line < view->first)
        view->first = view->line;
    if (view->line >= view->first + view->rows)
        view->first = view->line - view->rows + 1;
    if (view->column < view->left)
        view->left = view->column;
    if (view->column >= view->left + view->columns)
        view->left = view->column - view->columns + 1;
}

/* A tab is one column wide, as all else, so that column and byte are the same. */
static void show_line(const struct line *line, size_t left, size_t columns)
{
    for (size_t i = left; i < line->length && i < left + columns; i++)
        putchar((unsigned char)line->bytes[i] < ' ' ? ' ' : line->bytes[i]);
}

void screen_show(struct view *view, const struct text *text, const char *name)
{
    follow(view);
    printf("\033[H");
    for (size_t row = 0; row < view->rows; row++) {
        if (view->first + row < text->count)
            show_line(&text->lines[view->first + row], view->left, view->columns);
        else
            putchar('~');
        printf("\033[K\r\n");
    }
    if (view->message[0] != '\0')
        printf("%s", view->message);
    else
        printf("%s%s, line %lu of %lu. Ctrl-S saves, Ctrl-Q quits, Ctrl-K removes a line", name,
               text->changed ? " (changed)" : "", (unsigned long)view->line + 1,
               (unsigned long)text->count);
    printf("\033[K\033[%lu;%luH", (unsigned long)(view->line - view->first) + 1,
           (unsigned long)(view->column - view->left) + 1);
    fflush(stdout);
    view->message[0] = '\0';
}

static int next_byte(void)
{
    unsigned char byte;

    return read(0, &byte, 1) == 1 ? byte : KEY_EOF;
}

/* ESC [ and a digit: the ~ behind it is taken, too. */
static int numbered_key(int digit)
{
    if (next_byte() != '~')
        return KEY_NONE;
    switch (digit) {
    case '1':
    case '7': return KEY_HOME;
    case '3': return KEY_DELETE;
    case '4':
    case '8': return KEY_END;
    case '5': return KEY_PAGE_UP;
    case '6': return KEY_PAGE_DOWN;
    default: return KEY_NONE;
    }
}

int screen_key(void)
{
    int key = next_byte();

    if (key == '\n')
        return KEY_ENTER;
    if (key == CONTROL('H'))
        return KEY_BACKSPACE;
    if (key != 27)
        return key;
    key = next_byte();
    if (key != '[' && key != 'O')
        return KEY_NONE;
    key = next_byte();
    switch (key) {
    case 'A': return KEY_UP;
    case 'B': return KEY_DOWN;
    case 'C': return KEY_RIGHT;
    case 'D': return KEY_LEFT;
    case 'H': return KEY_HOME;
    case 'F': return KEY_END;
    default: return key >= '0' && key <= '9' ? numbered_key(key) : KEY_NONE;
    }
}
