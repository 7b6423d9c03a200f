/* SPDX-License-Identifier: MIT */
/*
 * lib/boot_info.c: ranges and modules up to the last that fits, nonsense, and which problem is
 * kept.
 */
#include "unit.h"

#include "lib/boot_info.h"

static struct boot_info info;

static void test_ranges(void **state)
{
    static const struct {
        const char *name;
        paddr_t base;
        uint64_t size;
        uint32_t type;
        unsigned int expect; /* ranges afterwards */
    } cases[] = {
        { "RAM", 0, 0xa0000, BOOT_MEMORY_RAM, 1 },
        { "empty", 0x100000, 0, BOOT_MEMORY_RAM, 0 },
        { "up to the last byte", UINT64_MAX - 0xfff, 0xfff, BOOT_MEMORY_BAD, 1 },
        { "wraps", UINT64_MAX - 0xfff, 0x2000, BOOT_MEMORY_RAM, 0 },
        { "all of it and more", 1, UINT64_MAX, BOOT_MEMORY_RAM, 0 },
        { "unknown type is kept", 0x1000, 0x1000, 77, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(&info, 0, sizeof(info));
        boot_info_add_range(&info, cases[i].base, cases[i].size, cases[i].type);
        check_number(cases[i].name, info.range_count, cases[i].expect);
        check_string(cases[i].name, info.problem, "");
        if (cases[i].expect == 0)
            continue;
        check_number(cases[i].name, info.ranges[0].base, cases[i].base);
        check_number(cases[i].name, info.ranges[0].size, cases[i].size);
        check_number(cases[i].name, info.ranges[0].type, cases[i].type);
    }
}

static void test_many_ranges(void **state)
{
    (void)state;
    memset(&info, 0, sizeof(info));
    for (unsigned int i = 0; i < 256; i++)
        boot_info_add_range(&info, i * 0x1000ULL, 0x1000, BOOT_MEMORY_RAM);
    assert_int_equal(info.range_count, 256);
    assert_int_equal(info.ranges[255].base, 0xff000);
    assert_string_equal(info.problem, "");

    boot_info_add_range(&info, 0x100000, 0x1000, BOOT_MEMORY_RAM);
    assert_int_equal(info.range_count, 256);
    /* What follows in the struct. */
    assert_int_equal(info.rsdp[0], 0);
    assert_string_equal(info.problem, "memory map has more than 256 ranges: the rest is ignored");
}

static void test_modules(void **state)
{
    (void)state;
    memset(&info, 0, sizeof(info));
    memset(info.modules[0].command_line, 'x', BOOT_COMMAND_LINE);

    struct boot_module *module = boot_info_add_module(&info, 0x200000, 0x201234);

    assert_ptr_equal(module, &info.modules[0]);
    assert_int_equal(module->start, 0x200000);
    assert_int_equal(module->end, 0x201234);
    assert_string_equal(module->command_line, "");
    /* An empty module is one; a backward one is not. */
    assert_ptr_equal(boot_info_add_module(&info, 0x300000, 0x300000), &info.modules[1]);
    assert_null(boot_info_add_module(&info, 0x300000, 0x2fffff));
    assert_int_equal(info.module_count, 2);
    assert_string_equal(info.problem,
                        "module ends at 0x2fffff, before its start 0x300000: ignored");
}

static void test_many_modules(void **state)
{
    (void)state;
    memset(&info, 0, sizeof(info));
    for (unsigned int i = 0; i < BOOT_MAX_MODULES; i++)
        assert_ptr_equal(boot_info_add_module(&info, i, i), &info.modules[i]);
    assert_string_equal(info.problem, "");
    assert_null(boot_info_add_module(&info, 0x1000, 0x2000));
    assert_int_equal(info.module_count, BOOT_MAX_MODULES);
    assert_string_equal(info.problem, "more than 256 modules: the rest is ignored");
}

/* The first problem stays: later ones are often its consequences. A long one is cut. */
static void test_problem(void **state)
{
    char expect[BOOT_PROBLEM];

    (void)state;
    memset(&info, 0, sizeof(info));
    boot_info_problem(&info, "tag %u is cut", 6);
    boot_info_problem(&info, "another");
    assert_string_equal(info.problem, "tag 6 is cut");

    memset(&info, 0, sizeof(info));
    boot_info_problem(&info, "%200s", "");
    memset(expect, ' ', sizeof(expect));
    expect[BOOT_PROBLEM - 1] = '\0';
    assert_string_equal(info.problem, expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),  cmocka_unit_test(test_many_ranges),
        cmocka_unit_test(test_modules), cmocka_unit_test(test_many_modules),
        cmocka_unit_test(test_problem),
    };

    return RUN_TESTS(tests);
}
