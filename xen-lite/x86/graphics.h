/* SPDX-License-Identifier: MIT */
/*
 * The graphical screen; x86/screen.c is its only user. What there is to it is in
 * core/framebuffer.c: here its memory is mapped.
 */
#ifndef XEN_LITE_X86_GRAPHICS_H
#define XEN_LITE_X86_GRAPHICS_H

#include "core/framebuffer.h"

/* Maps the screen, wherever it lies, and clears it. */
void graphics_init(const struct framebuffer *fb);

void graphics_draw(unsigned int row, unsigned int column, char letter);

#endif
