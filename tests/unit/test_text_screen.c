/* SPDX-License-Identifier: MIT */
/*
 * The text of a screen: what is written, where it ends up, and what of it is drawn anew.
 */
#include "unit.h"

#include "core/text_screen.h"
#include "lib/types.h"

#define COLUMNS 10
#define ROWS    4

static struct text_screen screen;

/* The device: what it shows, and how many letters it was told to. */
static char device[SCREEN_MAX_ROWS][SCREEN_MAX_COLUMNS];
static unsigned int letters;

static void draw(unsigned int row, unsigned int column, char letter)
{
    assert_true(row < screen.rows && column < screen.columns);
    device[row][column] = letter;
    letters++;
}

static unsigned int draw_all(void)
{
    unsigned int rows = 0;

    while (text_screen_draw_row(&screen, draw))
        rows++;
    return rows;
}

static void start(unsigned int columns, unsigned int rows)
{
    text_screen_init(&screen, columns, rows);
    memset(device, ' ', sizeof(device));
    letters = 0;
}

static void write(const char *text)
{
    text_screen_write(&screen, text, strlen(text));
}

static void text_and_cursor(void **state)
{
    static const struct {
        const char *name, *text;
        const char *rows[ROWS];
        unsigned int row, column;
    } cases[] = {
        { "nothing", "", { "          ", "          ", "          ", "          " }, 0, 0 },
        { "two lines", "ab\ncd", { "ab        ", "cd        ", "          ", "          " }, 1, 2 },
        { "back to the start of the line",
          "abc\rx",
          { "xbc       ", "          ", "          ", "          " },
          0,
          1 },
        { "backspace stops there",
          "ab\b\b\bc",
          { "cb        ", "          ", "          ", "          " },
          0,
          1 },
        { "tabulator", "a\tb", { "a       b ", "          ", "          ", "          " }, 0, 9 },
        { "tabulator at the end",
          "123456789\tx",
          { "123456789x", "          ", "          ", "          " },
          0,
          10 },
        { "a full line, then its end",
          "0123456789\nab",
          { "0123456789", "ab        ", "          ", "          " },
          1,
          2 },
        { "a line that is too long",
          "0123456789ab",
          { "0123456789", "ab        ", "          ", "          " },
          1,
          2 },
        { "scrolling",
          "1\n2\n3\n4\n5\n",
          { "3         ", "4         ", "5         ", "          " },
          3,
          0 },
        { "the last place does not scroll",
          "1\n2\n3\n0123456789",
          { "1         ", "2         ", "3         ", "0123456789" },
          3,
          10 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start(COLUMNS, ROWS);
        write(cases[i].text);
        draw_all();
        for (unsigned int row = 0; row < ROWS; row++)
            check(cases[i].name, memcmp(device[row], cases[i].rows[row], COLUMNS) == 0);
        check_number(cases[i].name, screen.row, cases[i].row);
        check_number(cases[i].name, screen.column, cases[i].column);
    }
}

/* Only what differs costs anything. */
static void draws_what_differs(void **state)
{
    (void)state;
    start(COLUMNS, ROWS);
    assert_int_equal(draw_all(), 0);
    write("aaa\naaa\naab\naaa\n");
    /* It has scrolled, so all rows may differ. */
    assert_int_equal(draw_all(), ROWS);
    assert_int_equal(letters, 9);
    letters = 0;
    write("\n");
    assert_int_equal(draw_all(), ROWS);
    /* aab to aaa goes up; the last line of letters has become empty. */
    assert_int_equal(letters, 1 + 1 + 3);
    letters = 0;
    write("x");
    assert_int_equal(draw_all(), 1);
    assert_int_equal(letters, 1);
}

/* With a new line after each row that is drawn every row has its turn all the same. */
static void no_row_starves(void **state)
{
    bool seen[ROWS] = { false };

    (void)state;
    start(COLUMNS, ROWS);
    for (unsigned int i = 0; i < 2 * ROWS; i++) {
        write(i % 2 ? "\nxxx" : "\nyyy");
        assert_true(text_screen_draw_row(&screen, draw));
        for (unsigned int row = 0; row < ROWS; row++)
            seen[row] |= device[row][0] != ' ';
    }
    for (unsigned int row = 0; row < ROWS; row++)
        assert_true(seen[row]);
    draw_all();
    assert_memory_equal(device, screen.text, SCREEN_MAX_COLUMNS);
}

static void largest_and_smallest(void **state)
{
    (void)state;
    start(SCREEN_MAX_COLUMNS, SCREEN_MAX_ROWS);
    for (unsigned int i = 0; i < SCREEN_MAX_COLUMNS * (SCREEN_MAX_ROWS + 1); i++)
        text_screen_write(&screen, &"0123456789"[i % 10], 1);
    assert_int_equal(draw_all(), SCREEN_MAX_ROWS);
    assert_memory_equal(device, screen.text, sizeof(device));
    start(1, 1);
    write("ab\nc");
    draw_all();
    assert_int_equal(device[0][0], 'c');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_cursor),
        cmocka_unit_test(draws_what_differs),
        cmocka_unit_test(no_row_starves),
        cmocka_unit_test(largest_and_smallest),
    };

    return RUN_TESTS(tests);
}
