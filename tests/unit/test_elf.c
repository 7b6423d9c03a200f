/* SPDX-License-Identifier: MIT */
/*
 * lib/elf.c: a good image at both widths, then the same image with one field broken at a time.
 */
#include "unit.h"

#include "lib/elf.h"
#include "tests/unit/sample_elf.h"

static void make_usual(struct sample *image, bool is_64)
{
    static struct sample notes;

    memset(&notes, 0, sizeof(notes));
    sample_usual_notes(&notes, is_64);
    sample_elf(image, is_64, &notes);
}

static void test_good_image(void **state)
{
    static struct sample image;

    (void)state;
    for (int is_64 = 0; is_64 <= 1; is_64++) {
        uint64_t base = is_64 ? SAMPLE_VIRT_BASE : SAMPLE_VIRT_BASE32;
        const char *name = is_64 ? "64 bits" : "32 bits";
        struct problem problem = { "" };
        struct elf elf;

        make_usual(&image, is_64);
        check(name, elf_open(&elf, sample_span(&image), &problem));
        check(name, elf_check_loads(&elf, &problem));
        check_number(name, elf.is_64, is_64);
        check_number(name, elf.entry, base + 0x1000000);
        check_number(name, elf.segment_count, 3);

        struct elf_segment segment = elf_get_segment(&elf, 1);

        check_number(name, segment.type, ELF_LOAD);
        check_number(name, segment.flags, ELF_READ | ELF_WRITE | ELF_EXECUTE);
        check_number(name, segment.offset, 0x600);
        check_number(name, segment.vaddr, base + 0x1001000);
        check_number(name, segment.paddr, 0x1001000);
        check_number(name, segment.file_size, 0x100);
        check_number(name, segment.memory_size, 0x2000);
    }
}

static void test_broken_header(void **state)
{
    /* size bytes at offset are overwritten with value, or the file is cut to cut bytes. */
    static const struct {
        const char *name;
        size_t offset;
        uint64_t value;
        size_t size;
        size_t cut;
        const char *expect;
    } cases[] = {
        { "empty file", 0, 0, 0, 1, "not an ELF file" },
        { "wrong magic", 1, 'X', 1, 0, "not an ELF file" },
        { "wrong class", 4, 3, 1, 0, "ELF class is 3, neither 32 nor 64 bits" },
        { "big endian", 5, 2, 1, 0, "ELF byte order is not little-endian" },
        { "cut in the header", 0, 0x7f, 1, 40,
          "truncated: the ELF header ends at 0x40, the file has 0x28" },
        { "object file", 16, 1, 2, 0, "ELF type is 1, not an executable" },
        { "machine of the other class", 18, 3, 2, 0, "ELF machine is 3, not 64-bit x86" },
        { "segment headers too small", 54, 55, 2, 0,
          "segment headers of 55 bytes, at least 56 "
          "expected" },
        { "segment headers behind the file", 32, 0xf000, 8, 0,
          "truncated: segment headers at 0xf000 take 0xa8 bytes, the file has 0xe40" },
        { "segment headers wrap", 32, UINT64_MAX - 7, 8, 0,
          "truncated: segment headers at 0xfffffffffffffff8 take 0xa8 bytes, the file has 0xe40" },
        { "section headers too many", 60, 0xffff, 2, 0,
          "truncated: section headers at 0xd00 take 0x3fffc0 bytes, the file has 0xe40" },
    };
    static struct sample image;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct problem problem = { "" };
        struct elf elf;

        make_usual(&image, true);
        sample_set_number(&image, cases[i].offset, cases[i].value, cases[i].size);
        if (cases[i].cut != 0)
            image.size = cases[i].cut;
        check(cases[i].name, !elf_open(&elf, sample_span(&image), &problem));
        check_string(cases[i].name, problem.text, cases[i].expect);
    }
}

static void test_loads(void **state)
{
    /* One 8-byte field of the second segment's header is overwritten. */
    enum { TYPE = 0, OFFSET = 8, VADDR = 16, PADDR = 24, FILE_SIZE = 32, MEMORY_SIZE = 40 };
    static const struct {
        const char *name;
        size_t field;
        uint64_t value;
        const char *expect; /* NULL: nothing is wrong */
    } cases[] = {
        { "as it is", OFFSET, 0x600, NULL },
        { "adjacent to the first", PADDR, 0x1000200, NULL },
        { "one byte into the first", PADDR, 0x10001ff, "segments 0 and 1 overlap at 0x10001ff" },
        { "around the first", PADDR, 0xfff000, "segments 0 and 1 overlap at 0x1000000" },
        { "nothing in memory", MEMORY_SIZE, 0, NULL },
        { "larger in the file", MEMORY_SIZE, 0xff,
          "segment 1 has 0x100 bytes for 0xff bytes of memory" },
        { "behind the file", OFFSET, 0xe00,
          "truncated: segment 1 at 0xe00 takes 0x100 bytes, the file has 0xe40" },
        { "offset wraps", OFFSET, UINT64_MAX - 1,
          "truncated: segment 1 at 0xfffffffffffffffe takes 0x100 bytes, the file has 0xe40" },
        { "physical address wraps", PADDR, UINT64_MAX - 0x1000,
          "segment 1 wraps around the end of memory" },
        { "virtual address wraps", VADDR, UINT64_MAX - 0x1000,
          "segment 1 wraps around the end of memory" },
        { "size wraps", MEMORY_SIZE, UINT64_MAX, "segment 1 wraps around the end of memory" },
    };
    static struct sample image;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct problem problem = { "" };
        struct elf elf;
        bool expect = cases[i].expect == NULL;

        make_usual(&image, true);
        sample_set_number(&image, 64 + 56 + cases[i].field, cases[i].value, 8);
        check(cases[i].name, elf_open(&elf, sample_span(&image), &problem));
        check_number(cases[i].name, elf_check_loads(&elf, &problem), expect);
        check_string(cases[i].name, problem.text, expect ? "" : cases[i].expect);
    }
}

static void test_number_of_loads(void **state)
{
    static struct sample image;
    struct problem problem;
    struct elf elf;

    (void)state;
    memset(&image, 0, sizeof(image));
    sample_elf_header(&image, true, 0, ELF_MAX_LOADS + 1, 0);
    for (unsigned int i = 0; i <= ELF_MAX_LOADS; i++)
        sample_elf_segment(&image, true,
                           &(struct sample_segment){ 1, 0, 0, i * 0x1000UL, 0, 0x1000 });
    assert_true(elf_open(&elf, sample_span(&image), &problem));
    assert_false(elf_check_loads(&elf, &problem));
    assert_string_equal(problem.text, "more than 64 segments to load");

    sample_set_number(&image, 56, ELF_MAX_LOADS, 2);
    assert_true(elf_open(&elf, sample_span(&image), &problem));
    assert_true(elf_check_loads(&elf, &problem));

    sample_set_number(&image, 56, 0, 2);
    assert_true(elf_open(&elf, sample_span(&image), &problem));
    assert_false(elf_check_loads(&elf, &problem));
    assert_string_equal(problem.text, "nothing to load: no loadable segment");
}

static void test_sections(void **state)
{
    static struct sample image;
    struct elf_section section;
    struct problem problem;
    struct span contents;
    struct elf elf;

    (void)state;
    make_usual(&image, true);
    assert_true(elf_open(&elf, sample_span(&image), &problem));
    assert_true(elf_find_section(&elf, "notes", &section, &contents));
    assert_ptr_equal(contents.data, image.data + SAMPLE_NOTES_AT);
    assert_int_equal(section.type, ELF_SECTION_NOTE);
    assert_false(elf_find_section(&elf, "note", &section, &contents));
    assert_false(elf_find_section(&elf, "nowhere", &section, &contents));
    /* The names' section lies outside the file, then there is no such section. */
    sample_set_number(&image, SAMPLE_SECTIONS_AT + 64 + 24, UINT64_MAX, 8);
    assert_false(elf_find_section(&elf, "notes", &section, &contents));
    elf.names_index = 5;
    assert_false(elf_find_section(&elf, "notes", &section, &contents));
}

static void test_notes(void **state)
{
    static struct sample notes;
    struct elf_note note;
    uint64_t at = 0;

    (void)state;
    memset(&notes, 0, sizeof(notes));
    sample_note(&notes, "Xen", 5, "abcde", 5);
    sample_note(&notes, "Xena", 6, "", 0);
    assert_true(elf_next_note(sample_span(&notes), &at, &note));
    assert_true(elf_note_is_from(&note, "Xen"));
    assert_int_equal(note.type, 5);
    assert_int_equal(note.description.size, 5);
    assert_memory_equal(note.description.data, "abcde", 5);
    assert_true(elf_next_note(sample_span(&notes), &at, &note));
    assert_false(elf_note_is_from(&note, "Xen"));
    assert_false(elf_next_note(sample_span(&notes), &at, &note));
    /* The first note's name reaches behind the range; then its description, which is cut. */
    at = 0;
    sample_set_number(&notes, 0, UINT32_MAX, 4);
    assert_false(elf_next_note(sample_span(&notes), &at, &note));
    sample_set_number(&notes, 0, 4, 4);
    sample_set_number(&notes, 4, UINT32_MAX, 4);
    assert_true(elf_next_note(sample_span(&notes), &at, &note));
    assert_int_equal(note.description.size, notes.size - 16);
    assert_false(elf_next_note(sample_span(&notes), &at, &note));
    at = 0;
    assert_false(elf_next_note(SPAN(notes.data, 15), &at, &note));
}

/* The first is the empty one that each table begins with. */
static void test_symbols(void **state)
{
    static const struct {
        const char *name;
        bool is_code;
        uint64_t value;
    } cases[] = {
        { "empty", false, 0 },    { "a function", true, 0x80 }, { "a label", true, 0 },
        { "absolute", false, 0 }, { "data", false, 0 },         { "behind the end", false, 0 },
    };
    static struct sample image;

    (void)state;
    for (int is_64 = 0; is_64 <= 1; is_64++) {
        uint64_t base = (is_64 ? SAMPLE_VIRT_BASE : SAMPLE_VIRT_BASE32) + 0x1000000;
        struct elf_symbols symbols;
        struct problem problem;
        struct elf elf;

        make_usual(&image, is_64);
        assert_true(elf_open(&elf, sample_span(&image), &problem));
        assert_true(elf_find_symbols(&elf, &symbols));
        assert_int_equal(elf_symbol_count(&symbols), 5);
        for (uint32_t i = 0; i < ARRAY_SIZE(cases); i++) {
            struct elf_symbol symbol;

            check(cases[i].name, elf_code_symbol(&symbols, i, &symbol) == cases[i].is_code);
            if (cases[i].is_code)
                check_number(cases[i].name, symbol.value, base + cases[i].value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_image), cmocka_unit_test(test_broken_header),
        cmocka_unit_test(test_loads),      cmocka_unit_test(test_number_of_loads),
        cmocka_unit_test(test_sections),   cmocka_unit_test(test_notes),
        cmocka_unit_test(test_symbols),
    };

    return RUN_TESTS(tests);
}
