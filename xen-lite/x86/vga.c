/* SPDX-License-Identifier: MIT */
/*
 * Text screen: 80 by 25 words of a letter and a colour. Each access leaves an emulator's fast path,
 * so its memory is not read, and x86/screen.c writes only what differs.
 */
#include "x86/vga.h"

#include <stdint.h>

#include "x86/image.h"
#include "x86/instr.h"
#include "x86/paging.h"

#define SCREEN 0xb8000
#define BLANK  0x0720
#define GREY   0x0700

#define CRTC_INDEX       0x3d4
#define CRTC_DATA        0x3d5
#define CRTC_START_HIGH  12
#define CRTC_CURSOR_HIGH 14

static volatile uint16_t *screen SET_ONCE;

static void crtc_write(uint8_t high_register, unsigned int value)
{
    out8(CRTC_INDEX, high_register);
    out8(CRTC_DATA, (uint8_t)(value >> 8));
    out8(CRTC_INDEX, high_register + 1);
    out8(CRTC_DATA, (uint8_t)value);
}

void vga_init(void)
{
    screen = screen_map(SCREEN, VGA_ROWS * VGA_COLUMNS * sizeof(*screen), MAP_DEVICE);
    for (unsigned int i = 0; i < VGA_ROWS * VGA_COLUMNS; i++)
        screen[i] = BLANK;
    crtc_write(CRTC_START_HIGH, 0);
}

void vga_draw(unsigned int row, unsigned int column, char letter)
{
    screen[row * VGA_COLUMNS + column] = (uint16_t)(GREY | (uint8_t)letter);
}

void vga_show_cursor(unsigned int row, unsigned int column)
{
    crtc_write(CRTC_CURSOR_HIGH, row * VGA_COLUMNS + column);
}
