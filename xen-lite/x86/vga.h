/* SPDX-License-Identifier: MIT */
/*
 * The text screen of a BIOS machine, 80 by 25.
 */
#ifndef XEN_LITE_X86_VGA_H
#define XEN_LITE_X86_VGA_H

#include <stddef.h>

/* The screen can be used: clears it. Before paging_init() it is reached by the boot page tables;
 * vga_map() moves it to its final place. */
void vga_init(void);
void vga_map(void);

/* Writes text at the cursor; scrolls. Does nothing before vga_init(). */
void vga_write(const char *text, size_t size);

#endif
