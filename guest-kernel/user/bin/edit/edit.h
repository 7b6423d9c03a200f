/* SPDX-License-Identifier: MIT */
/*
 * edit FILE: an editor for the whole screen. The text is a list of lines (text.c); what is seen of
 * it, and the keys, are the terminal's affair (screen.c); main.c says what each key does.
 */
#ifndef USER_EDIT_H
#define USER_EDIT_H

#include <stdbool.h>
#include <stddef.h>

/* ---- text.c ---- */

struct line {
    char *bytes; /* with a zero at the end */
    size_t length;
};

struct text {
    struct line *lines; /* at least one */
    size_t count;
    bool changed; /* since it was saved */
};

/* False: errno. A file that is not there is an empty text. */
bool text_load(struct text *text, const char *path);
bool text_save(struct text *text, const char *path);

/* All of these change the text where it is told; places are within it. */
void text_insert(struct text *text, size_t line, size_t column, char c);
void text_split(struct text *text, size_t line, size_t column); /* Enter */
void text_erase(struct text *text, size_t line, size_t column); /* joins lines at the end of one */
void text_remove_line(struct text *text, size_t line);

/* ---- screen.c ---- */

enum key {
    KEY_ENTER = '\r',
    KEY_BACKSPACE = 127,
    KEY_UP = 256,
    KEY_DOWN,
    KEY_RIGHT,
    KEY_LEFT,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_DELETE,
    KEY_NONE, /* none that is known */
    KEY_EOF,
};
#define CONTROL(letter) ((letter)&31)

struct view {
    size_t line, column;  /* the cursor */
    size_t first, left;   /* what is in the screen's corner */
    size_t rows, columns; /* of the screen, without the row for messages */
    char message[80];
};

bool screen_open(struct view *view); /* false: there is no terminal */
void screen_close(void);
void screen_show(struct view *view, const struct text *text, const char *name);
int screen_key(void);

#endif
