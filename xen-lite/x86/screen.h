/* SPDX-License-Identifier: MIT */
/*
 * The machine's screen, as firmware and boot loader have left it: a text screen (BIOS), a graphical
 * one (UEFI, and where a boot menu has graphics), or none.
 *
 * Text is remembered at once and shown when somebody asks for that, a row at a time: a graphical
 * screen takes some 100,000 instructions for a row of letters, far too long for whoever prints.
 */
#ifndef XEN_LITE_X86_SCREEN_H
#define XEN_LITE_X86_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/boot_info.h"
#include "lib/problem.h"

/* Clears the screen. False if there is none that can be used; problem then says why. Called once,
 * before paging_init(). */
bool screen_init(const struct boot_info *info, struct problem *problem);

/* Writes text at the cursor. Does nothing where there is no screen. */
void screen_write(const char *text, size_t size);

/* Shows a row that has changed. False if all are shown. */
bool screen_draw_row(void);

#endif
