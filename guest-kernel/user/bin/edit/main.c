/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "edit.h"

static struct text text;
static struct view view;
static const char *path;

static size_t length_here(void)
{
    return text.lines[view.line].length;
}

static void go_left(void)
{
    if (view.column > 0) {
        view.column--;
    } else if (view.line > 0) {
        view.line--;
        view.column = length_here();
    }
}

static void go_right(void)
{
    if (view.column < length_here()) {
        view.column++;
    } else if (view.line + 1 < text.count) {
        view.line++;
        view.column = 0;
    }
}

static void go_down(size_t lines)
{
    view.line = view.line + lines < text.count ? view.line + lines : text.count - 1;
}

static void go_up(size_t lines)
{
    view.line -= lines < view.line ? lines : view.line;
}

static void backspace(void)
{
    if (view.line == 0 && view.column == 0)
        return;
    go_left();
    text_erase(&text, view.line, view.column);
}

static void save(void)
{
    if (text_save(&text, path))
        snprintf(view.message, sizeof(view.message), "saved %s", path);
    else
        snprintf(view.message, sizeof(view.message), "%s: %s", path, strerror(errno));
}

static void type(int key)
{
    if ((key < ' ' && key != '\t') || key > 255)
        return;
    text_insert(&text, view.line, view.column, (char)key);
    view.column++;
}

static void do_key(int key)
{
    switch (key) {
    case KEY_UP: go_up(1); break;
    case KEY_DOWN: go_down(1); break;
    case KEY_LEFT: go_left(); break;
    case KEY_RIGHT: go_right(); break;
    case KEY_PAGE_UP: go_up(view.rows); break;
    case KEY_PAGE_DOWN: go_down(view.rows); break;
    case KEY_HOME: view.column = 0; break;
    case KEY_END: view.column = length_here(); break;
    case KEY_BACKSPACE: backspace(); break;
    case KEY_DELETE: text_erase(&text, view.line, view.column); break;
    case CONTROL('K'): text_remove_line(&text, view.line); break;
    case CONTROL('S'): save(); break;
    case KEY_ENTER:
        text_split(&text, view.line, view.column);
        view.line++;
        view.column = 0;
        break;
    default: type(key);
    }
    if (view.line >= text.count)
        view.line = text.count - 1;
    if (view.column > length_here())
        view.column = length_here();
}

/* With changes that are not saved only the second one in a row quits. */
static bool quits(int key, bool asked_before)
{
    if (key == KEY_EOF)
        return true;
    if (key != CONTROL('Q'))
        return false;
    if (!text.changed || asked_before)
        return true;
    strcpy(view.message, "not saved: Ctrl-Q again quits all the same");
    return false;
}

int main(int count, char *words[])
{
    bool asked = false;
    int key;

    if (count != 2) {
        fprintf(stderr, "usage: edit FILE\n");
        return 2;
    }
    path = words[1];
    if (!text_load(&text, path)) {
        fprintf(stderr, "edit: %s: %s\n", path, strerror(errno));
        return 1;
    }
    if (!screen_open(&view)) {
        fprintf(stderr, "edit: the input is not a terminal\n");
        return 1;
    }
    for (;;) {
        screen_show(&view, &text, path);
        key = screen_key();
        if (quits(key, asked))
            break;
        asked = key == CONTROL('Q');
        do_key(key);
    }
    screen_close();
    return 0;
}
