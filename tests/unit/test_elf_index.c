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

#define MANY 1000

/* A 64-bit entry: name, info, section, value. */
struct entry {
    uint32_t name;
    uint8_t info, other;
    uint16_t section;
    uint64_t value, size;
};

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
        cmocka_unit_test(test_many),
    };

    return RUN_TESTS(tests);
}
