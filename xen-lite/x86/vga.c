/* SPDX-License-Identifier: MIT */
/*
 * Text screen.
 *
 * The screen's memory is slow (each access leaves the emulator's fast path), so it is never moved
 * up to scroll: it holds 204 rows, and the controller is told which of them is the first to be
 * shown. Only at the end of the memory are the visible rows copied back to its start.
 */
#include "x86/vga.h"

#include <stdint.h>

#include "x86/instr.h"
#include "x86/paging.h"

#define SCREEN      0xb8000
#define SCREEN_SIZE 0x8000
#define COLUMNS     80
#define ROWS        25
#define MEMORY_ROWS (SCREEN_SIZE / 2 / COLUMNS)
#define BLANK       0x0720
#define GREY        0x0700

#define CRTC_INDEX       0x3d4
#define CRTC_DATA        0x3d5
#define CRTC_START_HIGH  12
#define CRTC_START_LOW   13
#define CRTC_CURSOR_HIGH 14
#define CRTC_CURSOR_LOW  15

static volatile uint16_t *screen;
static unsigned int top;         /* first row that is shown */
static unsigned int row, column; /* of the cursor; row counts from the start of the memory */

static void crtc_write(uint8_t high_register, unsigned int value)
{
    out8(CRTC_INDEX, high_register);
    out8(CRTC_DATA, (uint8_t)(value >> 8));
    out8(CRTC_INDEX, high_register + 1);
    out8(CRTC_DATA, (uint8_t)value);
}

static void clear_row(unsigned int which)
{
    for (unsigned int i = 0; i < COLUMNS; i++)
        screen[which * COLUMNS + i] = BLANK;
}

void vga_init(void)
{
    screen = paddr_to_virt(SCREEN);
    for (unsigned int i = 0; i < ROWS; i++)
        clear_row(i);
    crtc_write(CRTC_START_HIGH, 0);
}

void vga_map(void)
{
    if (screen != NULL)
        screen = device_map(SCREEN, SCREEN_SIZE);
}

static void back_to_start(void)
{
    for (unsigned int i = 0; i < (ROWS - 1) * COLUMNS; i++)
        screen[i] = screen[(top + 1) * COLUMNS + i];
    top = 0;
    row = ROWS - 1;
}

static void new_line(void)
{
    column = 0;
    row++;
    if (row < top + ROWS)
        return;
    if (row == MEMORY_ROWS)
        back_to_start();
    else
        top++;
    clear_row(row);
    crtc_write(CRTC_START_HIGH, top * COLUMNS);
}

static void put(char c)
{
    if (c == '\n') {
        new_line();
    } else if (c == '\r') {
        column = 0;
    } else if (c == '\b') {
        column -= column != 0;
    } else {
        if (column == COLUMNS)
            new_line();
        screen[row * COLUMNS + column++] = (uint16_t)(GREY | (uint8_t)c);
    }
}

void vga_write(const char *text, size_t size)
{
    if (screen == NULL)
        return;
    for (size_t i = 0; i < size; i++)
        put(text[i]);
    crtc_write(CRTC_CURSOR_HIGH, row * COLUMNS + column);
}
