/* SPDX-License-Identifier: MIT */
/* guest-kernel/kernel/: memory.c. Regions are given and shown in pages. */
#include "guest_machine.h"

#include "lib/print.h"

#define FREE_AT_START (MACHINE_FREE_PAGES - 1ul)
#define READ_WRITE    (ACCESS_READ | ACCESS_WRITE)
#define PAGE(number)  ((uintptr_t)(number)*PAGE_SIZE)

/* The regions of a memory: "400-410w 500-501". */
static const char *show(const struct memory *memory)
{
    static char text[256];
    size_t at = 0;

    text[0] = '\0';
    for (const struct region *r = memory->regions; r; r = r->next)
        at +=
            print_to(text + at, sizeof(text) - at, "%s%lx-%lx%s", at ? " " : "",
                     r->start / PAGE_SIZE, r->end / PAGE_SIZE, r->access & ACCESS_WRITE ? "w" : "");
    return text;
}

struct step {
    enum { END, ADD, ADD_READ_ONLY, REMOVE } what;
    uintptr_t start, end;
    long expect;
};

static const struct {
    const char *name;
    struct step steps[4];
    const char *regions;
} cases[] = {
    { "one", { { ADD, 0x400, 0x410, 0 } }, "400-410w" },
    { "sorted", { { ADD, 0x500, 0x501, 0 }, { ADD, 0x400, 0x410, 0 } }, "400-410w 500-501w" },
    { "one grows", { { ADD, 0x400, 0x401, 0 }, { ADD, 0x401, 0x404, 0 } }, "400-404w" },
    { "other access",
      { { ADD, 0x400, 0x401, 0 }, { ADD_READ_ONLY, 0x401, 0x404, 0 } },
      "400-401w 401-404" },
    { "overlap", { { ADD, 0x400, 0x402, 0 }, { ADD, 0x401, 0x404, -API_EEXIST } }, "400-402w" },
    { "around", { { ADD, 0x401, 0x402, 0 }, { ADD, 0x400, 0x404, -API_EEXIST } }, "401-402w" },
    { "too low", { { ADD, 0x3ff, 0x401, -API_ENOMEM } }, "" },
    { "too high", { { ADD, 0xbffef, 0xbfff1, -API_ENOMEM } }, "" },
    { "nothing", { { ADD, 0x400, 0x400, -API_ENOMEM } }, "" },
    { "all away", { { ADD, 0x400, 0x404, 0 }, { REMOVE, 0x3f0, 0x500, 0 } }, "" },
    { "front away", { { ADD, 0x400, 0x404, 0 }, { REMOVE, 0x400, 0x401, 0 } }, "401-404w" },
    { "end away", { { ADD, 0x400, 0x404, 0 }, { REMOVE, 0x403, 0x404, 0 } }, "400-403w" },
    { "hole", { { ADD, 0x400, 0x404, 0 }, { REMOVE, 0x401, 0x403, 0 } }, "400-401w 403-404w" },
    { "no pages away", { { ADD, 0x400, 0x404, 0 }, { REMOVE, 0x402, 0x402, 0 } }, "400-404w" },
    { "over two",
      { { ADD, 0x400, 0x404, 0 }, { ADD, 0x406, 0x40a, 0 }, { REMOVE, 0x402, 0x408, 0 } },
      "400-402w 408-40aw" },
    { "where nothing is", { { ADD, 0x400, 0x404, 0 }, { REMOVE, 0x404, 0x500, 0 } }, "400-404w" },
};

static long do_step(struct memory *memory, const struct step *step)
{
    if (step->what == REMOVE)
        return memory_remove(memory, PAGE(step->start), PAGE(step->end));
    return memory_add(memory, PAGE(step->start), PAGE(step->end),
                      step->what == ADD ? READ_WRITE : ACCESS_READ);
}

static void test_regions(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct memory *memory;

        machine_reset();
        memory = memory_create();
        for (const struct step *step = cases[i].steps; step->what != END; step++)
            check_number(cases[i].name, do_step(memory, step), step->expect);
        check_string(cases[i].name, show(memory), cases[i].regions);
        memory_destroy(memory);
        check_number(cases[i].name, pages_free(), FREE_AT_START);
    }
}

static void test_find_free(void **state)
{
    struct memory *memory;

    (void)state;
    machine_reset();
    memory = memory_create();
    check_number("empty", memory_find_free(memory, PAGE_SIZE), MMAP_START);
    memory_add(memory, PAGE(0x400), PAGE(0x401), READ_WRITE);
    memory_add(memory, MMAP_START + PAGE(1), MMAP_START + PAGE(3), READ_WRITE);
    memory_add(memory, STACK_START, USER_END, READ_WRITE);
    check_number("before", memory_find_free(memory, PAGE(1)), MMAP_START);
    check_number("behind", memory_find_free(memory, PAGE(2)), MMAP_START + PAGE(3));
    check_number("all of it", memory_find_free(memory, STACK_START - MMAP_START - PAGE(3)),
                 MMAP_START + PAGE(3));
    check_number("too large", memory_find_free(memory, STACK_START - MMAP_START - PAGE(2)), 0);
    check_number("much too large", memory_find_free(memory, SIZE_MAX & ~(PAGE_SIZE - 1)), 0);

    check("all in regions", memory_allows(memory, USER_END - 10, 10, true));
    check("beyond", !memory_allows(memory, USER_END - 10, 11, true));
    check("wraps", !memory_allows(memory, USER_END - 10, SIZE_MAX, false));
    check("nothing there", !memory_allows(memory, PAGE(0x401), 1, false));
    memory_destroy(memory);
}

static enum memory_fault touch(struct memory *memory, uintptr_t address, bool write, bool present)
{
    const struct trap trap = { .address = address, .write = write, .present = present };

    return memory_fault(memory, &trap);
}

/* What the page tables have at address. */
static unsigned char *page_at(struct memory *memory, uintptr_t address, unsigned *access)
{
    return machine_lookup(memory->space, &address, address + PAGE_SIZE, access);
}

static void test_faults(void **state)
{
    void *taken[MACHINE_FREE_PAGES];
    unsigned count = 0, access;
    struct memory *memory;

    (void)state;
    machine_reset();
    memory = memory_create();
    memory_add(memory, PAGE(0x400), PAGE(0x402), READ_WRITE);
    memory_add(memory, PAGE(0x402), PAGE(0x403), ACCESS_READ);
    check_number("zero page", touch(memory, PAGE(0x401) + 5, false, false), MEMORY_SERVED);
    check_number("is zero", page_at(memory, PAGE(0x401), &access)[5], 0);
    check_number("may be written", access, READ_WRITE);
    check_number("no region", touch(memory, PAGE(0x403), false, false), MEMORY_REFUSED);
    check_number("write to text", touch(memory, PAGE(0x402), true, false), MEMORY_REFUSED);
    check_number("execution", touch(memory, PAGE(0x401), false, true), MEMORY_REFUSED);
    check_number("there by now", touch(memory, PAGE(0x401), false, false), MEMORY_SERVED);
    while ((taken[count] = page_get()) != NULL)
        count++;
    check_number("out", touch(memory, PAGE(0x400), true, false), MEMORY_OUT);
    check_number("one page", memory_pages(memory), 1);
    while (count > 0)
        page_put(taken[--count]);
    memory_destroy(memory);
    check_number("all back", pages_free(), FREE_AT_START);
}

/* After fork: who writes first gets the copy, the other one keeps the page. */
static void test_copy_on_write(void **state)
{
    struct memory *parent, *child;
    unsigned char *page, *copy;
    unsigned access;

    (void)state;
    machine_reset();
    parent = memory_create();
    memory_add(parent, PAGE(0x400), PAGE(0x402), READ_WRITE);
    page = memory_touch(parent, PAGE(0x400));
    page[7] = 77;
    child = memory_copy(parent);
    check("one page", page_at(child, PAGE(0x400), &access) == page);
    check_number("read-only", access, ACCESS_READ);
    page_at(parent, PAGE(0x400), &access);
    check_number("to both", access, ACCESS_READ);

    check_number("write", touch(child, PAGE(0x400), true, true), MEMORY_SERVED);
    copy = page_at(child, PAGE(0x400), &access);
    check("a copy", copy != page && copy[7] == 77);
    check_number("write", touch(parent, PAGE(0x400), true, true), MEMORY_SERVED);
    check("no copy", page_at(parent, PAGE(0x400), &access) == page);
    check_number("writable", access, READ_WRITE);
    memory_destroy(child);
    memory_destroy(parent);
    check_number("all back", pages_free(), FREE_AT_START);
}

/* Wherever fork fails, all comes back and the parent goes on. */
static void test_failing_copy(void **state)
{
    (void)state;
    for (unsigned long max = 4; max < 8; max++) {
        struct memory *parent;
        unsigned long before;

        machine_reset();
        parent = memory_create();
        memory_add(parent, PAGE(0x400), PAGE(0x404), READ_WRITE);
        for (unsigned i = 0; i < 4; i++)
            memory_touch(parent, PAGE(0x400 + i));
        before = pages_free();
        fake_machine.mappings_max = max;
        check("fails", memory_copy(parent) == NULL);
        check_number("all back", pages_free(), before);
        check_number("one space", fake_machine.spaces, 1);
        for (unsigned i = 0; i < 4; i++)
            touch(parent, PAGE(0x400 + i), true, true);
        check_number("no copies", pages_free(), before);
        memory_destroy(parent);
    }
}

static void test_write(void **state)
{
    static const char text[] = "over the end of a page";
    struct memory *memory;
    uintptr_t at = PAGE(0x401) - 8;

    (void)state;
    machine_reset();
    memory = memory_create();
    memory_add(memory, PAGE(0x400), PAGE(0x402), READ_WRITE);
    check_number("write", memory_write(memory, at, text, sizeof(text)), 0);
    check("first page", memcmp((char *)memory_touch(memory, at) + at % PAGE_SIZE, text, 8) == 0);
    check_string("second page", memory_touch(memory, PAGE(0x401)), text + 8);
    check_number("no region", memory_write(memory, PAGE(0x402) - 1, text, 2), -API_ENOMEM);
    check_number("from nowhere", memory_write(memory, at, (void *)8, 2), -API_EFAULT);
    memory_destroy(memory);
    check_number("all back", pages_free(), FREE_AT_START);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regions),      cmocka_unit_test(test_find_free),
        cmocka_unit_test(test_faults),       cmocka_unit_test(test_copy_on_write),
        cmocka_unit_test(test_failing_copy), cmocka_unit_test(test_write),
    };

    return RUN_TESTS(tests);
}
