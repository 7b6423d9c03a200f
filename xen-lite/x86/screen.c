/* SPDX-License-Identifier: MIT */
/*
 * Which screen there is, and its text.
 */
#include "x86/screen.h"

#include "core/framebuffer.h"
#include "core/text_screen.h"
#include "x86/feature.h"
#include "x86/graphics.h"
#include "x86/image.h"
#include "x86/vga.h"

enum { FRAMEBUFFER_TEXT = 2 };

/* Null while there is no screen. */
static text_screen_draw_fn *draw SET_ONCE;
static void (*show_cursor)(unsigned int row, unsigned int column) SET_ONCE;
static struct text_screen text;

/* A loader that says nothing of a screen has left it in the state in which a BIOS machine starts;
 * UEFI has no such state. */
static bool is_text_screen(const struct boot_info *info)
{
    if (info->framebuffer.present)
        return info->framebuffer.type == FRAMEBUFFER_TEXT;
    return info->efi_system_table == 0;
}

bool screen_init(const struct boot_info *info, struct problem *problem)
{
    struct framebuffer fb;

    if (is_text_screen(info)) {
        vga_init();
        text_screen_init(&text, VGA_COLUMNS, VGA_ROWS);
        draw = vga_draw;
        show_cursor = vga_show_cursor;
        return true;
    }
    if (!info->framebuffer.present)
        return problem_say(problem, "the boot loader has set up none");
    if (!framebuffer_read(&info->framebuffer, features.address_bits, &fb, problem))
        return false;
    graphics_init(&fb);
    text_screen_init(&text, fb.columns, fb.rows);
    draw = graphics_draw;
    return true;
}

void screen_write(const char *from, size_t size)
{
    if (draw != NULL)
        text_screen_write(&text, from, size);
}

bool screen_draw_row(void)
{
    if (draw == NULL || !text_screen_draw_row(&text, draw))
        return false;
    if (show_cursor != NULL)
        show_cursor(text.row, text.column);
    return true;
}
