/* SPDX-License-Identifier: MIT */
/*
 * A graphical screen as something to write text on: whether it is fit for that, and how a letter
 * becomes pixels.
 *
 * All sizes come from firmware by way of the boot loader. framebuffer_read() checks them so that
 * no letter inside the rows and columns that it states can touch a byte outside of the screen.
 */
#ifndef CORE_FRAMEBUFFER_H
#define CORE_FRAMEBUFFER_H

#include "lib/boot_info.h"
#include "lib/problem.h"

/* Dots of a letter, with the space to the next one (core/font.def). */
#define FONT_WIDTH  6
#define FONT_HEIGHT 10

/* More than any screen has; what is larger is not believed. */
#define FRAMEBUFFER_MAX_SIDE  16384
#define FRAMEBUFFER_MAX_BYTES (256 * MIB)

struct framebuffer {
    paddr_t address;
    uint64_t size;            /* of its memory, in bytes */
    uint32_t pitch;           /* bytes from one line of pixels to the next */
    unsigned int pixel_bytes; /* 2 to 4 */
    unsigned int scale;       /* a dot of a letter is a square of so many pixels */
    unsigned int columns;     /* letters that fit */
    unsigned int rows;
    uint32_t ink; /* a pixel of a letter; 0 is black whatever the format */
};

/* Makes fb of what the loader said. False if that is no screen that can be written on; problem then
 * says why. address_bits: how wide the CPU's physical addresses are. */
bool framebuffer_read(const struct boot_framebuffer *from, unsigned int address_bits,
                      struct framebuffer *fb, struct problem *problem);

/* Writes a letter, and the black around it, into the screen's memory, which is at pixels. row and
 * column are smaller than fb's. */
void framebuffer_draw(const struct framebuffer *fb, uint8_t *pixels, unsigned int row,
                      unsigned int column, char letter);

#endif
