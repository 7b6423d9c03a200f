/* SPDX-License-Identifier: MIT */
/*
 * Graphical screens: which are taken, what fits on them, and that no letter leaves their memory.
 */
#include "unit.h"

#include "core/framebuffer.h"
#include "lib/types.h"

/* 1024 by 768, eight bits a colour: each case below changes a field. */
#define SCREEN(...)                                                                              \
    {                                                                                            \
        .present = true, .type = 1, .bits_per_pixel = 32, .red_position = 16, .red_size = 8,     \
        .green_position = 8, .green_size = 8, .blue_position = 0, .blue_size = 8, .width = 1024, \
        .height = 768, .pitch = 4096, .address = 0x80000000, __VA_ARGS__                         \
    }

#pragma GCC diagnostic ignored "-Woverride-init"

static void refused(void **state)
{
    static const struct {
        struct boot_framebuffer from;
        const char *expect;
    } cases[] = {
        { SCREEN(.type = 0), "its colours are not red, green and blue (type 0)" },
        { SCREEN(.type = 2), "its colours are not red, green and blue (type 2)" },
        { SCREEN(.bits_per_pixel = 8), "8 bits a pixel" },
        { SCREEN(.bits_per_pixel = 0), "0 bits a pixel" },
        { SCREEN(.bits_per_pixel = 64), "64 bits a pixel" },
        { SCREEN(.red_size = 0), "colours at bits 16+0, 8+8, 0+8 of 32" },
        { SCREEN(.green_position = 25), "colours at bits 16+8, 25+8, 0+8 of 32" },
        { SCREEN(.blue_position = 255, .blue_size = 255),
          "colours at bits 16+8, 8+8, 255+255 of 32" },
        { SCREEN(.bits_per_pixel = 16), "colours at bits 16+8, 8+8, 0+8 of 16" },
        { SCREEN(.width = 0), "0x768 pixels" },
        { SCREEN(.width = 319), "319x768 pixels" },
        { SCREEN(.height = 199), "1024x199 pixels" },
        { SCREEN(.width = 0xffffffff), "4294967295x768 pixels" },
        { SCREEN(.height = 0x40000000), "1024x1073741824 pixels" },
        { SCREEN(.pitch = 4095), "1024x768 pixels in lines of 4095 bytes" },
        { SCREEN(.pitch = 0), "1024x768 pixels in lines of 0 bytes" },
        { SCREEN(.pitch = 0xffffffff), "1024x768 pixels in lines of 4294967295 bytes" },
        { SCREEN(.address = 0), "0x300000 bytes at 0x0" },
        { SCREEN(.address = UINT64_MAX), "0x300000 bytes at 0xffffffffffffffff" },
        { SCREEN(.address = BIT(40) - 0x2fffff), "0x300000 bytes at 0xffffd00001" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct framebuffer fb;
        struct problem problem = { "" };

        check(cases[i].expect, !framebuffer_read(&cases[i].from, 40, &fb, &problem));
        check_string("problem", problem.text, cases[i].expect);
    }
}

static void what_fits(void **state)
{
    static const struct {
        const char *name;
        struct boot_framebuffer from;
        unsigned int scale, columns, rows;
        uint32_t ink;
    } cases[] = {
        { "1024x768", SCREEN(.present = true), 2, 85, 38, 0xc0c0c0 },
        { "800x600", SCREEN(.width = 800, .height = 600), 1, 133, 60, 0xc0c0c0 },
        { "1280x800", SCREEN(.width = 1280, .height = 800, .pitch = 5120), 2, 106, 40, 0xc0c0c0 },
        { "3840x2160", SCREEN(.width = 3840, .height = 2160, .pitch = 15360), 8, 80, 27, 0xc0c0c0 },
        { "640x480, 24 bits",
          SCREEN(.bits_per_pixel = 24, .width = 640, .height = 480, .pitch = 1920), 1, 106, 48,
          0xc0c0c0 },
        { "16 bits: 5, 6, 5",
          SCREEN(.bits_per_pixel = 16, .red_position = 11, .red_size = 5, .green_position = 5,
                 .green_size = 6, .blue_size = 5, .pitch = 2048),
          2, 85, 38, 24 << 11 | 48 << 5 | 24 },
        { "15 bits",
          SCREEN(.bits_per_pixel = 15, .red_position = 10, .red_size = 5, .green_position = 5,
                 .green_size = 5, .blue_size = 5, .pitch = 2048),
          2, 85, 38, 24 << 10 | 24 << 5 | 24 },
        { "blue first", SCREEN(.red_position = 0, .blue_position = 16, .blue_size = 6), 2, 85, 38,
          0x30c0c0 },
        { "as small as it may be", SCREEN(.width = 320, .height = 200), 1, 53, 20, 0xc0c0c0 },
        { "high and narrow", SCREEN(.width = 400, .height = 16384), 1, 66, 64, 0xc0c0c0 },
        { "wide and low", SCREEN(.width = 16384, .height = 300, .pitch = 65536), 1, 160, 30,
          0xc0c0c0 },
        { "at the end of memory", SCREEN(.address = BIT(40) - 0x300000), 2, 85, 38, 0xc0c0c0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct framebuffer fb;
        struct problem problem = { "" };

        if (!framebuffer_read(&cases[i].from, 40, &fb, &problem))
            fail_msg("%s: %s", cases[i].name, problem.text);
        check_number(cases[i].name, fb.scale, cases[i].scale);
        check_number(cases[i].name, fb.columns, cases[i].columns);
        check_number(cases[i].name, fb.rows, cases[i].rows);
        check_number(cases[i].name, fb.ink, cases[i].ink);
        check_number(cases[i].name, fb.size, (uint64_t)cases[i].from.pitch * cases[i].from.height);
    }
}

/* The four corners, on memory of exactly the size that the screen has: the address sanitizer sees
 * the first byte beyond. Lines are as short as they may be. */
static void letters_stay_inside(void **state)
{
    static const struct {
        uint32_t width, height;
        uint8_t bits;
    } sizes[] = { { 320, 200, 24 },   { 799, 601, 15 },   { 800, 600, 32 },  { 1921, 1081, 24 },
                  { 16384, 250, 16 }, { 400, 16384, 24 }, { 3840, 2160, 32 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct boot_framebuffer from =
            SCREEN(.width = sizes[i].width, .height = sizes[i].height,
                   .bits_per_pixel = sizes[i].bits, .red_position = 0, .red_size = 5,
                   .green_position = 5, .green_size = 5, .blue_position = 10, .blue_size = 5);
        struct framebuffer fb;
        struct problem problem = { "" };

        from.pitch = from.width * ((from.bits_per_pixel + 7U) / 8);
        assert_true(framebuffer_read(&from, 40, &fb, &problem));

        uint8_t *pixels = calloc(1, fb.size);

        assert_non_null(pixels);
        for (unsigned int corner = 0; corner < 4; corner++)
            framebuffer_draw(&fb, pixels, corner & 1 ? fb.rows - 1 : 0,
                             corner & 2 ? fb.columns - 1 : 0, '#');
        free(pixels);
    }
}

/* A letter, dot by dot, in pixels of three bytes; and black around it, whatever was there. */
static void picture_of_a_letter(void **state)
{
    static const char *const letter_l[FONT_HEIGHT] = { "......", "#.....", "#.....", "#.....",
                                                       "#.....", "#.....", "#.....", "#####.",
                                                       "......", "......" };
    struct boot_framebuffer from =
        SCREEN(.bits_per_pixel = 24, .width = 320, .height = 200, .pitch = 960);
    struct framebuffer fb;
    struct problem problem = { "" };

    (void)state;
    assert_true(framebuffer_read(&from, 40, &fb, &problem));

    uint8_t *pixels = malloc(fb.size);

    assert_non_null(pixels);
    memset(pixels, 0x55, fb.size);
    framebuffer_draw(&fb, pixels, 1, 2, 'L');
    for (unsigned int y = 0; y < FONT_HEIGHT; y++)
        for (unsigned int x = 0; x < FONT_WIDTH; x++)
            for (unsigned int byte = 0; byte < 3; byte++)
                assert_int_equal(pixels[(10 + y) * 960 + (12 + x) * 3 + byte],
                                 letter_l[y][x] == '#' ? 0xc0 : 0);
    /* Its neighbours are as they were. */
    assert_int_equal(pixels[10 * 960 + 11 * 3 + 2], 0x55);
    assert_int_equal(pixels[10 * 960 + 18 * 3], 0x55);
    assert_int_equal(pixels[9 * 960 + 12 * 3], 0x55);
    assert_int_equal(pixels[20 * 960 + 12 * 3], 0x55);
    free(pixels);
}

/* Each character has a picture of its own, and those that are no letters share the last one. */
static void pictures_differ(void **state)
{
    enum { SIZE = FONT_WIDTH * 4 };
    struct boot_framebuffer from = SCREEN(.width = 320, .height = 200, .pitch = 1280);
    struct framebuffer fb;
    struct problem problem = { "" };
    uint8_t pictures[256][FONT_HEIGHT][SIZE];
    uint8_t *pixels;

    (void)state;
    assert_true(framebuffer_read(&from, 40, &fb, &problem));
    pixels = calloc(1, fb.size);
    assert_non_null(pixels);
    for (unsigned int c = 0; c < 256; c++) {
        framebuffer_draw(&fb, pixels, 0, 0, (char)c);
        for (unsigned int y = 0; y < FONT_HEIGHT; y++)
            memcpy(pictures[c][y], pixels + (size_t)y * 1280, SIZE);
        for (unsigned int other = 0; other < c; other++) {
            bool letters = (c >= ' ' && c < 0x7f) || (other >= ' ' && other < 0x7f);
            bool same = memcmp(pictures[c], pictures[other], sizeof(pictures[c])) == 0;

            if (same == letters)
                fail_msg("characters 0x%x and 0x%x", c, other);
        }
    }
    free(pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),
        cmocka_unit_test(what_fits),
        cmocka_unit_test(letters_stay_inside),
        cmocka_unit_test(picture_of_a_letter),
        cmocka_unit_test(pictures_differ),
    };

    return RUN_TESTS(tests);
}
