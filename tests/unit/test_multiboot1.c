/* SPDX-License-Identifier: MIT */
/*
 * lib/multiboot1.c over a small "physical memory", with pointers into it and out of it.
 */
#include "unit.h"

#include "lib/multiboot1.h"
#include "tests/unit/sample_multiboot.h"

static struct sample memory;
static struct boot_info info;

static const void *map_memory(void *ctx, paddr_t paddr, size_t size)
{
    struct sample *sample = ctx;

    return span_has(sample_span(sample), paddr, size) ? sample->data + paddr : NULL;
}

static void test_good_information(void **state)
{
    struct problem problem = { "" };

    (void)state;
    sample_multiboot1(&memory);
    assert_true(multiboot1_read(map_memory, &memory, SAMPLE_INFO_AT, &info, &problem));
    assert_string_equal(info.problem, "");
    assert_string_equal(info.command_line, "xen-lite.elf loglvl=all");
    assert_string_equal(info.loader_name, "qemu");
    assert_int_equal(info.module_count, 2);
    assert_int_equal(info.modules[0].start, 0x1000000);
    assert_int_equal(info.modules[0].end, 0x1100000);
    assert_string_equal(info.modules[0].command_line, "guest.elf kernel");
    assert_string_equal(info.modules[1].command_line, "");
    assert_int_equal(info.range_count, 2);
    assert_int_equal(info.ranges[1].base, 0x100000);
    assert_int_equal(info.ranges[1].size, 0x7f00000);
    assert_true(info.framebuffer.present);
    assert_int_equal(info.framebuffer.type, 2);
    assert_int_equal(info.framebuffer.bits_per_pixel, 16);
    assert_int_equal(info.framebuffer.width, 80);
}

static void test_odd_fields(void **state)
{
    /* One 4-byte field is overwritten; info is read all the same unless refused says why not. */
    static const struct {
        const char *name;
        size_t offset;
        uint32_t value;
        const char *odd;
        const char *refused;
    } cases[] = {
        { "no memory map", SAMPLE_INFO_AT, 0xc, "",
          "the boot loader passed no memory map (flags 0xc)" },
        { "only a memory map", SAMPLE_INFO_AT, 0x40, "", NULL },
        { "too many modules", SAMPLE_INFO_AT + 20, 100000,
          "list of 100000 modules at 0x200 cannot be read", NULL },
        { "modules out of reach", SAMPLE_INFO_AT + 24, 0xf0000000,
          "list of 2 modules at 0xf0000000 cannot be read", NULL },
        { "map out of reach", SAMPLE_INFO_AT + 48, 0xf0000000,
          "memory map of 0x30 bytes at 0xf0000000 cannot be read", NULL },
        { "map too large", SAMPLE_INFO_AT + 44, 0x7fffffff,
          "memory map of 0x7fffffff bytes at 0x300 cannot be read", NULL },
        { "map entry of size 0", 0x300, 0, "memory map entry at 0x0 has size 0", NULL },
        { "map entry beyond the map", 0x318, 0xfffffff0,
          "memory map entry at 0x18 has size 4294967280", NULL },
        { "command line out of reach", SAMPLE_INFO_AT + 16, 0xf0000000, "", NULL },
        { "command line that memory ends", SAMPLE_INFO_AT + 16, 0x4fe, "", NULL },
        { "module that ends before it starts", 0x204, 0x800000,
          "module ends at 0x800000, before its start 0x1000000: ignored", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct problem problem = { "" };
        bool refused = cases[i].refused != NULL;

        sample_multiboot1(&memory);
        sample_set_number(&memory, 0x4fe, 'x', 1);
        sample_set_number(&memory, 0x4ff, 'y', 1);
        sample_set_number(&memory, cases[i].offset, cases[i].value, 4);
        check_number(cases[i].name,
                     multiboot1_read(map_memory, &memory, SAMPLE_INFO_AT, &info, &problem),
                     !refused);
        check_string(cases[i].name, problem.text, refused ? cases[i].refused : "");
        check_string(cases[i].name, info.problem, cases[i].odd);
    }
}

static void test_nothing_there(void **state)
{
    struct problem problem;

    (void)state;
    assert_false(multiboot1_read(map_memory, &memory, 0xf0000000, &info, &problem));
    assert_string_equal(problem.text, "boot information at 0xf0000000 cannot be read");
}

static void test_long_command_line(void **state)
{
    struct problem problem;

    (void)state;
    sample_multiboot1(&memory);
    for (size_t i = 0; i < 2000; i++)
        sample_set_number(&memory, 0x800 + i, 'x', 1);
    sample_set_number(&memory, SAMPLE_INFO_AT + 16, 0x800, 4);
    assert_true(multiboot1_read(map_memory, &memory, SAMPLE_INFO_AT, &info, &problem));
    assert_int_equal(strlen(info.command_line), BOOT_COMMAND_LINE - 1);
    assert_string_equal(info.problem, "command line is longer than 1023 bytes and was cut");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_information),
        cmocka_unit_test(test_odd_fields),
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_long_command_line),
    };

    return RUN_TESTS(tests);
}
