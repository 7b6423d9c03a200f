/* SPDX-License-Identifier: MIT */
/*
 * The text screen of a BIOS machine; x86/screen.c is its only user.
 */
#ifndef XEN_LITE_X86_VGA_H
#define XEN_LITE_X86_VGA_H

#define VGA_COLUMNS 80
#define VGA_ROWS    25

/* Maps and clears it. */
void vga_init(void);

/* Rows and columns count from 0; a column behind the last one is good for the cursor. */
void vga_draw(unsigned int row, unsigned int column, char letter);
void vga_show_cursor(unsigned int row, unsigned int column);

#endif
