/* SPDX-License-Identifier: MIT */
/*
 * A line from the terminal: the terminal gives every key at once and shows nothing (raw mode), and
 * all that is seen is written here. Meanwhile programs have the terminal as they expect it.
 *
 * Weak spot: a line that is longer than the terminal is wide is edited correctly but looks odd.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "sh.h"

#define LINE_SIZE 1024
#define HISTORY   64

enum {
    CTRL_A = 1,
    CTRL_B = 2,
    CTRL_C = 3,
    CTRL_D = 4,
    CTRL_E = 5,
    CTRL_F = 6,
    CTRL_H = 8,
    CTRL_K = 11,
    CTRL_L = 12,
    CTRL_N = 14,
    CTRL_P = 16,
    CTRL_U = 21,
    CTRL_W = 23,
    ESCAPE = 27,
    DELETE = 127,
    KEY_DELETE = 256, /* the key that sends several bytes */
    KEY_END = -1,     /* of input */
};

static char line[LINE_SIZE];
static size_t length, cursor;
bool line_given_up;
static const char *prompt_shown;

static char *history[HISTORY]; /* a ring */
static unsigned history_count; /* how many there ever were */
static unsigned history_at;    /* which one is shown; history_count: the new line */

int builtin_history(char **words)
{
    (void)words;
    for (unsigned i = history_count > HISTORY ? history_count - HISTORY : 0; i < history_count; i++)
        printf("%5u  %s\n", i + 1, history[i % HISTORY]);
    return 0;
}

static void remember(void)
{
    char **place = &history[history_count % HISTORY];

    if (length == 0)
        return;
    if (history_count > 0 && strcmp(history[(history_count - 1) % HISTORY], line) == 0)
        return;
    free(*place);
    *place = strdup(line);
    history_count++;
}

/* ---- What is seen ---- */

static void move_left(size_t columns)
{
    if (columns > 0)
        printf("\033[%dD", (int)columns);
}

/* The line from the cursor on is written anew, and what was behind it is cleared. */
static void show_rest(void)
{
    printf("%s\033[K", line + cursor);
    move_left(length - cursor);
}

static void show_all(void)
{
    printf("\r%s%s\033[K", prompt_shown, line);
    move_left(length - cursor);
}

/* ---- Changes ---- */

static void move_cursor(size_t to)
{
    if (to < cursor)
        move_left(cursor - to);
    else
        printf("%.*s", (int)(to - cursor), line + cursor);
    cursor = to;
}

static void insert(char c)
{
    if (length + 1 == LINE_SIZE)
        return;
    memmove(line + cursor + 1, line + cursor, length - cursor + 1);
    line[cursor] = c;
    length++;
    putchar(c);
    cursor++;
    if (cursor < length)
        show_rest();
}

/* From `from` to the cursor. */
static void erase_back_to(size_t from)
{
    if (from == cursor)
        return;
    memmove(line + from, line + cursor, length - cursor + 1);
    length -= cursor - from;
    move_left(cursor - from);
    cursor = from;
    show_rest();
}

static void erase_here(void)
{
    if (cursor == length)
        return;
    memmove(line + cursor, line + cursor + 1, length - cursor);
    length--;
    show_rest();
}

static void erase_rest(void)
{
    length = cursor;
    line[length] = '\0';
    show_rest();
}

static size_t word_begin(void)
{
    size_t at = cursor;

    while (at > 0 && line[at - 1] == ' ')
        at--;
    while (at > 0 && line[at - 1] != ' ')
        at--;
    return at;
}

static void show_history(unsigned number)
{
    if (number > history_count || number + HISTORY < history_count || number == (unsigned)-1)
        return;
    history_at = number;
    strcpy(line, number == history_count ? "" : history[number % HISTORY]);
    length = cursor = strlen(line);
    show_all();
}

/* ---- Keys ---- */

static int read_byte(void)
{
    unsigned char byte;

    fflush(stdout);
    return read(0, &byte, 1) == 1 ? byte : KEY_END;
}

/* Arrows and the like send ESC [ and a letter, or a digit and ~. As the control key that does it.
 */
static int read_key(void)
{
    int key = read_byte();

    if (key != ESCAPE)
        return key;
    key = read_byte();
    if (key != '[' && key != 'O')
        return 0;
    switch (read_byte()) {
    case 'A': return CTRL_P;
    case 'B': return CTRL_N;
    case 'C': return CTRL_F;
    case 'D': return CTRL_B;
    case '1':
    case '7': read_byte(); return CTRL_A;
    case 'H': return CTRL_A;
    case '4':
    case '8': read_byte(); return CTRL_E;
    case 'F': return CTRL_E;
    case '3': read_byte(); return KEY_DELETE;
    default: return 0;
    }
}

/* Does what a key is for; Enter and the end of input are not among them. */
static void do_key(int key)
{
    switch (key) {
    case CTRL_A: move_cursor(0); break;
    case CTRL_E: move_cursor(length); break;
    case CTRL_B: move_cursor(cursor > 0 ? cursor - 1 : 0); break;
    case CTRL_F: move_cursor(cursor < length ? cursor + 1 : length); break;
    case CTRL_H:
    case DELETE: erase_back_to(cursor > 0 ? cursor - 1 : 0); break;
    case CTRL_D:
    case KEY_DELETE: erase_here(); break;
    case CTRL_K: erase_rest(); break;
    case CTRL_U: erase_back_to(0); break;
    case CTRL_W: erase_back_to(word_begin()); break;
    case CTRL_P: show_history(history_at - 1); break;
    case CTRL_N: show_history(history_at + 1); break;
    case CTRL_L:
        printf("\033[H\033[2J");
        show_all();
        break;
    default:
        if (key >= ' ' && key < 256)
            insert((char)key);
    }
}

/* False: the input ended. */
static bool edit(void)
{
    for (;;) {
        int key = read_key();

        if (key == KEY_END || (key == CTRL_D && length == 0))
            return false;
        if (key == '\r' || key == '\n')
            return true;
        if (key == CTRL_C) {
            printf("^C");
            line_given_up = true;
            length = 0;
            line[0] = '\0';
            return true;
        }
        do_key(key);
    }
}

char *line_read(const char *prompt)
{
    struct termios before, raw;
    bool got;

    tcgetattr(0, &before);
    raw = before;
    raw.c_lflag &= ~(ICANON | ECHO | ISIG);
    raw.c_iflag &= ~ICRNL;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(0, TCSADRAIN, &raw);
    length = cursor = 0;
    line[0] = '\0';
    line_given_up = false;
    history_at = history_count;
    prompt_shown = prompt;
    printf("%s", prompt);
    got = edit();
    printf("\n");
    fflush(stdout);
    tcsetattr(0, TCSADRAIN, &before);
    remember();
    return got ? line : NULL;
}
