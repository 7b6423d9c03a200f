/* SPDX-License-Identifier: MIT */
/*
 * The graphical screen's memory. It is mapped write-combining: letters are short runs of stores,
 * which the CPU then sends in pieces of a cache line instead of one by one.
 */
#include "x86/graphics.h"

#include "lib/string.h"
#include "x86/image.h"
#include "x86/paging.h"

static struct framebuffer framebuffer SET_ONCE;
static uint8_t *pixels SET_ONCE;

void graphics_init(const struct framebuffer *fb)
{
    framebuffer = *fb;
    pixels = screen_map(fb->address, fb->size, MAP_WRITE_COMBINING);
    memset(pixels, 0, fb->size);
}

void graphics_draw(unsigned int row, unsigned int column, char letter)
{
    framebuffer_draw(&framebuffer, pixels, row, column, letter);
}
