/* SPDX-License-Identifier: MIT */
/*
 * Letters on a graphical screen; see core/framebuffer.h.
 *
 * The screen's memory is only ever written: reading it is slow on every machine.
 */
#include "core/framebuffer.h"

#include "core/text_screen.h"
#include "lib/string.h"

#define FONT_FIRST     ' '
#define FONT_ACROSS    12
#define FONT_UNKNOWN   0x7f
/* Smaller letters than this many a line, and lines, are not needed: the scale grows instead. */
#define WANTED_COLUMNS 80
#define WANTED_ROWS    25
/* A smaller screen than this shows nothing that helps. */
#define MIN_WIDTH      320
#define MIN_HEIGHT     200
#define MAX_SCALE      (FRAMEBUFFER_MAX_SIDE / FONT_WIDTH / WANTED_COLUMNS)

static const char font[][FONT_ACROSS * FONT_WIDTH + 1] = {
#define FONT_LINE(dots) dots,
#include "core/font.def"
};

/* Whether colour bits lie within a pixel. The sum is of bytes: it does not wrap. */
static bool colour_fits(unsigned int position, unsigned int size, unsigned int bits)
{
    return size != 0 && position + size <= bits;
}

/* Three quarters of the brightest. */
static uint32_t colour(unsigned int position, unsigned int size)
{
    uint64_t brightest = BIT(size) - 1;

    return (uint32_t)((brightest - brightest / 4) << position);
}

static bool check_format(const struct boot_framebuffer *from, struct problem *problem)
{
    unsigned int bits = from->bits_per_pixel;

    if (from->type != 1)
        return problem_say(problem, "its colours are not red, green and blue (type %u)",
                           from->type);
    if (bits != 15 && bits != 16 && bits != 24 && bits != 32)
        return problem_say(problem, "%u bits a pixel", bits);
    if (!colour_fits(from->red_position, from->red_size, bits) ||
        !colour_fits(from->green_position, from->green_size, bits) ||
        !colour_fits(from->blue_position, from->blue_size, bits))
        return problem_say(problem, "colours at bits %u+%u, %u+%u, %u+%u of %u", from->red_position,
                           from->red_size, from->green_position, from->green_size,
                           from->blue_position, from->blue_size, bits);
    return true;
}

/* The products are of numbers of at most 32 bits each and do not wrap. */
static bool check_size(const struct boot_framebuffer *from, unsigned int address_bits,
                       struct problem *problem)
{
    uint64_t line = (uint64_t)from->width * ((from->bits_per_pixel + 7U) / 8);
    uint64_t size = (uint64_t)from->pitch * from->height;
    paddr_t end = address_bits < 64 ? BIT(address_bits) : UINT64_MAX;

    if (from->width < MIN_WIDTH || from->height < MIN_HEIGHT ||
        from->width > FRAMEBUFFER_MAX_SIDE || from->height > FRAMEBUFFER_MAX_SIDE)
        return problem_say(problem, "%ux%u pixels", from->width, from->height);
    if (from->pitch < line || size > FRAMEBUFFER_MAX_BYTES)
        return problem_say(problem, "%ux%u pixels in lines of %u bytes", from->width, from->height,
                           from->pitch);
    if (from->address == 0 || from->address >= end || size > end - from->address)
        return problem_say(problem, "0x%llx bytes at 0x%llx", (unsigned long long)size,
                           (unsigned long long)from->address);
    return true;
}

bool framebuffer_read(const struct boot_framebuffer *from, unsigned int address_bits,
                      struct framebuffer *fb, struct problem *problem)
{
    if (!check_format(from, problem) || !check_size(from, address_bits, problem))
        return false;

    unsigned int scale = min(from->width / (FONT_WIDTH * WANTED_COLUMNS),
                             from->height / (FONT_HEIGHT * WANTED_ROWS));

    scale = max(scale, 1U);

    uint32_t columns = min(from->width / (FONT_WIDTH * scale), (uint32_t)SCREEN_MAX_COLUMNS);
    uint32_t rows = min(from->height / (FONT_HEIGHT * scale), (uint32_t)SCREEN_MAX_ROWS);

    *fb = (struct framebuffer){
        .address = from->address,
        .size = (uint64_t)from->pitch * from->height,
        .pitch = from->pitch,
        .pixel_bytes = (from->bits_per_pixel + 7U) / 8,
        .scale = scale,
        .columns = columns,
        .rows = rows,
        .ink = colour(from->red_position, from->red_size) |
               colour(from->green_position, from->green_size) |
               colour(from->blue_position, from->blue_size),
    };
    return true;
}

/* A line of dots as pixels, `scale` times below each other. */
static void draw_line(const struct framebuffer *fb, uint8_t *at, const char *dots)
{
    /* A pixel is stored as 4 bytes, of which the next one overwrites what is too much. The built-in
     * copy is a single store here: a call for each pixel made this three times as long. */
    uint8_t line[FONT_WIDTH * MAX_SCALE * 4 + 4];
    uint8_t *to = line;

    for (unsigned int dot = 0; dot < FONT_WIDTH; dot++) {
        uint32_t pixel = dots[dot] == '#' ? fb->ink : 0;

        for (unsigned int i = 0; i < fb->scale; i++) {
            __builtin_memcpy(to, &pixel, sizeof(pixel));
            to += fb->pixel_bytes;
        }
    }
    for (unsigned int i = 0; i < fb->scale; i++)
        memcpy(at + (size_t)i * fb->pitch, line, (size_t)(to - line));
}

void framebuffer_draw(const struct framebuffer *fb, uint8_t *pixels, unsigned int row,
                      unsigned int column, char letter)
{
    unsigned int number = (uint8_t)letter;
    size_t line_size = (size_t)fb->scale * fb->pitch;
    uint8_t *at = pixels + row * FONT_HEIGHT * line_size +
                  (size_t)column * FONT_WIDTH * fb->scale * fb->pixel_bytes;

    if (number < FONT_FIRST || number > FONT_UNKNOWN)
        number = FONT_UNKNOWN;
    number -= FONT_FIRST;
    for (unsigned int y = 0; y < FONT_HEIGHT; y++)
        draw_line(fb, at + y * line_size,
                  font[number / FONT_ACROSS * FONT_HEIGHT + y] +
                      (size_t)(number % FONT_ACROSS) * FONT_WIDTH);
}
