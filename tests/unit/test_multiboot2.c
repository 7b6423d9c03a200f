/* SPDX-License-Identifier: MIT */
/*
 * lib/multiboot2.c and lib/boot_info.c: what GRUB passes, then the same with one thing broken.
 */
#include "unit.h"

#include "lib/multiboot2.h"
#include "tests/unit/sample_multiboot.h"

static struct sample sample;
static struct boot_info info;

static void test_good_block(void **state)
{
    struct problem problem = { "" };

    (void)state;
    sample_multiboot2(&sample);
    assert_int_equal(multiboot2_total_size(SPAN(sample.data, 8)), sample.size);
    assert_true(multiboot2_read(sample_span(&sample), &info, &problem));
    assert_string_equal(info.problem, "");
    assert_string_equal(info.command_line, "console=com1 loglvl=all");
    assert_string_equal(info.loader_name, "GRUB 2.06");
    assert_int_equal(info.module_count, 2);
    assert_int_equal(info.modules[0].start, 0x1000000);
    assert_int_equal(info.modules[0].end, 0x1234567);
    assert_string_equal(info.modules[0].command_line, "kernel name=demo -- hello");
    assert_int_equal(info.modules[1].start, info.modules[1].end);
    assert_string_equal(info.modules[1].command_line, "");
    /* The empty range and the one that wraps are left out. */
    assert_int_equal(info.range_count, 4);
    assert_true(info.ranges[1].base == 0x9fc00 && info.ranges[1].type == BOOT_MEMORY_RESERVED);
    assert_true(info.ranges[3].base == 0x100000000 && info.ranges[3].size == 0x80000000);
    assert_true(info.efi_system_table == 0x7f9ee018);
}

static void test_screen_and_rsdp(void **state)
{
    struct problem problem;

    (void)state;
    sample_multiboot2(&sample);
    assert_true(multiboot2_read(sample_span(&sample), &info, &problem));
    assert_true(info.framebuffer.present);
    assert_int_equal(info.framebuffer.type, 1);
    assert_true(info.framebuffer.address == 0xfd000000);
    assert_int_equal(info.framebuffer.pitch, 4096);
    assert_int_equal(info.framebuffer.width, 1024);
    assert_int_equal(info.framebuffer.height, 768);
    assert_int_equal(info.framebuffer.bits_per_pixel, 32);
    assert_int_equal(info.framebuffer.red_position, 16);
    assert_int_equal(info.framebuffer.blue_size, 8);
    /* The newer root pointer stays, although the older one comes later. */
    assert_int_equal(info.rsdp_size, 36);
    assert_int_equal(info.rsdp[35], 71);
}

static void test_broken_block(void **state)
{
    static const struct {
        const char *name;
        size_t offset;
        uint32_t value;
        const char *expect;
    } cases[] = {
        { "size 0", 0, 0, "boot information: impossible size 0" },
        { "no room for a tag", 0, 15, "boot information: impossible size 15" },
        { "larger than what was mapped", 0, 0x2000, "boot information: impossible size 8192" },
        { "absurd size", 0, 0x7fffffff, "boot information: impossible size 2147483647" },
        { "no end tag", 0, 40, "boot information: no end tag, tags end at 0x28 of 0x28" },
        { "tag of size 0", 12, 0, "boot information: tag of type 1 at 0x8 has size 0x0 of 0x1c8" },
        { "tag that is larger than the block", 12, 0x300,
          "boot information: tag of type 1 at 0x8 has size 0x300 of 0x1c8" },
        { "tag whose end wraps", 12, 0xfffffff8,
          "boot information: tag of type 1 at 0x8 has size 0xfffffff8 of 0x1c8" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct problem problem = { "" };

        sample_multiboot2(&sample);
        sample_set_number(&sample, cases[i].offset, cases[i].value, 4);
        check(cases[i].name, !multiboot2_read(sample_span(&sample), &info, &problem));
        check_string(cases[i].name, problem.text, cases[i].expect);
    }
    assert_int_equal(multiboot2_total_size(SPAN(sample.data, 3)), 0);
}

/* Begins a block with one tag of the test's making behind it. */
static bool read_with(void (*put)(struct sample *sample))
{
    struct problem problem;
    size_t at;

    memset(&sample, 0, sizeof(sample));
    sample_put64(&sample, 0);
    put(&sample);
    at = sample_tag(&sample, 0);
    sample_tag_end(&sample, at);
    sample_set_number(&sample, 0, sample.size, 4);
    return multiboot2_read(sample_span(&sample), &info, &problem);
}

static void put_long_line(struct sample *to)
{
    char line[BOOT_COMMAND_LINE + 1];

    memset(line, 'x', sizeof(line));
    line[BOOT_COMMAND_LINE] = '\0';
    sample_tag_text(to, 1, line);
}

/* The tag's size ends the string; no zero does. */
static void put_unterminated(struct sample *to)
{
    size_t at = sample_tag(to, 1);

    sample_put(to, "abc", 3);
    sample_tag_end(to, at);
}

static void put_short_module(struct sample *to)
{
    size_t at = sample_tag(to, 3);

    sample_put32(to, 0x1000);
    sample_tag_end(to, at);
}

static void put_backward_module(struct sample *to)
{
    sample_tag_module(to, 0x2000, 0x1000, "x");
}

static void put_small_entries(struct sample *to)
{
    size_t at = sample_tag(to, 6);

    sample_put32(to, 16);
    sample_put32(to, 0);
    sample_put64(to, 0);
    sample_put64(to, 0x1000);
    sample_tag_end(to, at);
}

static void put_short_rsdp(struct sample *to)
{
    sample_tag_rsdp(to, 15, 30);
}

static void put_short_framebuffer(struct sample *to)
{
    size_t at = sample_tag(to, 8);

    sample_put64(to, 0xb8000);
    sample_tag_end(to, at);
}

static void put_many_modules(struct sample *to)
{
    for (int i = 0; i <= BOOT_MAX_MODULES; i++)
        sample_tag_module(to, 0x1000, 0x2000, "m");
}

static void put_many_ranges(struct sample *to)
{
    size_t at = sample_tag(to, 6);

    sample_put32(to, 24);
    sample_put32(to, 0);
    for (unsigned int i = 0; i <= BOOT_MAX_RANGES; i++)
        sample_range(to, i * 0x1000UL, 0x1000, 1);
    sample_tag_end(to, at);
}

static void test_oddities(void **state)
{
    static const struct {
        const char *name;
        void (*put)(struct sample *sample);
        const char *expect;
    } cases[] = {
        { "long command line", put_long_line,
          "command line is longer than 1023 bytes and was cut" },
        { "unterminated string", put_unterminated, "" },
        { "short module tag", put_short_module, "module tag of 12 bytes: ignored" },
        { "module that ends before it starts", put_backward_module,
          "module ends at 0x1000, before its start 0x2000: ignored" },
        { "memory map of a smaller kind", put_small_entries,
          "memory map entries of 16 bytes: map ignored" },
        { "short root pointer", put_short_rsdp, "ACPI root pointer tag of 38 bytes: ignored" },
        { "short framebuffer", put_short_framebuffer, "" },
        { "too many modules", put_many_modules, "more than 256 modules: the rest is ignored" },
        { "too many ranges", put_many_ranges,
          "memory map has more than 256 ranges: the rest is ignored" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        check(cases[i].name, read_with(cases[i].put));
        check_string(cases[i].name, info.problem, cases[i].expect);
        check(cases[i].name, info.module_count <= BOOT_MAX_MODULES);
        check(cases[i].name, info.rsdp_size == 0 && !info.framebuffer.present);
    }
    read_with(put_unterminated);
    assert_string_equal(info.command_line, "abc");
    read_with(put_long_line);
    assert_int_equal(strlen(info.command_line), BOOT_COMMAND_LINE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_block),
        cmocka_unit_test(test_screen_and_rsdp),
        cmocka_unit_test(test_broken_block),
        cmocka_unit_test(test_oddities),
    };

    return RUN_TESTS(tests);
}
