/* SPDX-License-Identifier: MIT */
/*
 * lib/elf_index.c: symbols are found by address, in whatever order the table has them.
 */
#include "unit.h"

#include "lib/elf_index.h"
#include "tests/unit/sample_elf.h"

static void test_sample(void **state)
{
    /* Address, counted from the first segment. */
    static const struct {
        const char *name;
        int64_t address;
        const char *expect;
        uint64_t offset;
    } cases[] = {
        { "below all", -1, NULL, 0 },
        { "at the first", 0, "start", 0 },
        { "in the first", 0x7f, "start", 0x7f },
        { "at the second", 0x80, "middle", 0 },
        { "not data, not an absolute symbol", 0x90, "middle", 0x10 },
    };
    static struct sample image, notes;

    (void)state;
    for (int is_64 = 0; is_64 <= 1; is_64++) {
        uint64_t base = (is_64 ? SAMPLE_VIRT_BASE : SAMPLE_VIRT_BASE32) + 0x1000000;
        uint32_t order[5];
        struct elf_key keys[5];
        struct elf_index index = { .order = order };
        struct problem problem;
        struct elf elf;

        memset(&notes, 0, sizeof(notes));
        sample_usual_notes(&notes, is_64);
        sample_elf(&image, is_64, &notes);
        assert_true(elf_open(&elf, sample_span(&image), &problem));
        assert_true(elf_find_symbols(&elf, &index.symbols));
        elf_index_segments(&index, &elf);
        assert_int_equal(index.segments, 2);
        index.count = elf_index_count(&index.symbols);
        assert_int_equal(index.count, 2);
        elf_index_sort(&index, keys);
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
            uint64_t offset;
            const char *name = elf_index_find(&index, base + (uint64_t)cases[i].address, &offset);

            if (cases[i].expect == NULL) {
                check(cases[i].name, name == NULL);
                continue;
            }
            check_string(cases[i].name, name, cases[i].expect);
            check_number(cases[i].name, offset, cases[i].offset);
        }
    }
}

/* A 64-bit entry: name, info, section, value. */
struct entry {
    uint32_t name;
    uint8_t info, other;
    uint16_t section;
    uint64_t value, size;
};

/* Two segments of code with one of data between them. */
static struct elf_index sample_index(void)
{
    static const char strings[] = "\0first\0label\0data";
    static const struct entry table[] = {
        { .name = 1, .info = 2, .section = 1, .value = 0x1000, .size = 0x20 },
        { .name = 7, .info = 0, .section = 1, .value = 0x1080 },
        { .name = 13, .info = 0, .section = 2, .value = 0x2010 },
    };
    static uint32_t order[ARRAY_SIZE(table)];
    struct elf_key keys[ARRAY_SIZE(table)];
    struct elf_index index = {
        .symbols = { .table = SPAN(table, sizeof(table)),
                     .strings = SPAN(strings, sizeof(strings)),
                     .is_64 = true },
        .order = order,
        .count = ARRAY_SIZE(table),
        .segments = 2,
        .code = { { 0x1000, 0x1000 }, { 0x3000, 0x1000 } },
    };

    elf_index_sort(&index, keys);
    return index;
}

/* Where a name ends to be right: at the symbol's end, and at that of its segment. */
static void test_ends(void **state)
{
    static const struct {
        const char *name;
        uint64_t address;
        const char *expect;
    } cases[] = {
        { "in the first", 0x1010, "first" },
        { "just behind it, as after a call at its end", 0x1020, "first" },
        { "in the gap behind it", 0x1021, NULL },
        { "in a label", 0x1100, "label" },
        { "at the end of its segment", 0x1fff, "label" },
        { "data", 0x2000, NULL },
        { "in the data, a label of its own", 0x2010, NULL },
        { "in the next code, which has no symbols", 0x3000, NULL },
        { "far away", 0x100000, NULL },
    };
    struct elf_index index = sample_index();
    uint64_t offset;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *name = elf_index_find(&index, cases[i].address, &offset);

        if (cases[i].expect == NULL)
            check(cases[i].name, name == NULL);
        else
            check_string(cases[i].name, name, cases[i].expect);
    }
    /* A file that says of no segment that it is code. */
    index.segments = 0;
    assert_string_equal(elf_index_find(&index, 0x100000, &offset), "data");
}

#define MANY 1000

/* A thousand functions in no order, four at each address; each has a name that is its number in the
 * table as one character and an end. */
static void test_many(void **state)
{
    static struct entry table[MANY];
    static char strings[2 * MANY + 1];
    static uint32_t order[MANY];
    static struct elf_key keys[MANY];
    struct elf_index index = {
        .symbols = { .table = SPAN(table, sizeof(table)), .is_64 = true },
        .order = order,
    };
    uint64_t offset;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        strings[2 * i + 1] = 'x';
        table[i] = (struct entry){
            .name = 2 * i + 1, .info = 2, .section = 1, .value = i * 7919 % (MANY / 4) * 16 + 4096
        };
    }
    index.symbols.strings = SPAN(strings, sizeof(strings));
    index.count = elf_index_count(&index.symbols);
    assert_int_equal(index.count, MANY);
    elf_index_sort(&index, keys);
    assert_null(elf_index_find(&index, 4095, &offset));
    for (uint32_t i = 0; i < MANY; i++) {
        const char *name = elf_index_find(&index, table[i].value + 15, &offset);

        assert_int_equal(offset, 15);
        /* 250 places: the first with that value. */
        assert_ptr_equal(name, strings + 2 * (i % (MANY / 4)) + 1);
    }
    /* A name without an end, and one that is not in the strings. */
    memset(strings, 'x', sizeof(strings));
    assert_null(elf_index_find(&index, 4096, &offset));
    index.symbols.strings.size = 1;
    assert_null(elf_index_find(&index, 4096, &offset));
    /* No symbols. */
    index.count = 0;
    assert_null(elf_index_find(&index, 4096, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_many),
    };

    return RUN_TESTS(tests);
}
