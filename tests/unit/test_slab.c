/* SPDX-License-Identifier: MIT */
/*
 * core/slab.c: sizes, alignment, pages that come and go, and the mistakes that its checks catch.
 */
#include "unit.h"

#include "core/slab.h"

/* Pages from the host, counted and limited. */
struct pages {
    int in_use;
    int limit;
};

static void *alloc_page(void *ctx)
{
    struct pages *pages = ctx;

    if (pages->in_use == pages->limit)
        return NULL;
    pages->in_use++;
    return aligned_alloc(PAGE_SIZE, PAGE_SIZE);
}

static void free_page(void *ctx, void *page)
{
    struct pages *pages = ctx;

    pages->in_use--;
    free(page);
}

static void start(struct slab *slab, struct pages *pages, int limit)
{
    *pages = (struct pages){ .limit = limit };
    slab_init(slab, (struct slab_pages){ alloc_page, free_page, pages }, true);
}

/* Frees the last page of each class, which the allocator keeps. */
static void finish(struct slab *slab)
{
    for (int i = 0; i < SLAB_CLASSES; i++) {
        struct list_node *page;

        while ((page = list_take_first(&slab->classes[i].partial)) != NULL)
            free(page);
    }
}

static void test_sizes(void **state)
{
    static const struct {
        const char *name;
        size_t size, expect, per_page;
    } cases[] = {
        { "smallest", 1, 32, 127 },
        { "class exactly", 32, 32, 127 },
        { "just above", 33, 64, 63 },
        { "128", 128, 128, 31 },
        { "256", 129, 256, 15 },
        { "8 a page", 496, 496, 8 },
        { "4 a page", 497, 1008, 4 },
        { "2 a page", 1009, 2016, 2 },
        { "largest", SLAB_MAX_SIZE, 2016, 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        void *objects[128];
        struct pages pages;
        struct slab slab;

        start(&slab, &pages, 1);
        for (size_t k = 0; k < cases[i].per_page; k++) {
            objects[k] = slab_alloc(&slab, cases[i].size);
            check(cases[i].name, objects[k] != NULL);
            check(cases[i].name, is_aligned((uintptr_t)objects[k], 16));
            check_number(cases[i].name, slab_object_size(objects[k]), cases[i].expect);
            memset(objects[k], (int)k, cases[i].expect);
        }
        /* The page is full, and there is no second one. */
        check(cases[i].name, slab_alloc(&slab, cases[i].size) == NULL);
        check_number(cases[i].name, slab_count_objects(&slab), cases[i].per_page);
        for (size_t k = 0; k < cases[i].per_page; k++) {
            const uint8_t *bytes = objects[k];

            check_number(cases[i].name, bytes[0], k);
            check_number(cases[i].name, bytes[cases[i].expect - 1], k);
            slab_free(&slab, objects[k]);
        }
        check_number(cases[i].name, slab_count_objects(&slab), 0);
        check_number(cases[i].name, slab_count_pages(&slab), 1);
        finish(&slab);
    }
}

static void test_impossible_sizes(void **state)
{
    struct pages pages;
    struct slab slab;

    (void)state;
    start(&slab, &pages, 1);
    assert_null(slab_alloc(&slab, 0));
    assert_null(slab_alloc(&slab, SLAB_MAX_SIZE + 1));
    assert_null(slab_alloc(&slab, SIZE_MAX));
    slab_free(&slab, NULL);
    assert_int_equal(pages.in_use, 0);
}

static void test_pages_go_back(void **state)
{
    struct pages pages;
    struct slab slab;
    void *objects[6];

    (void)state;
    start(&slab, &pages, 10);
    for (int i = 0; i < 6; i++)
        objects[i] = slab_alloc(&slab, 2000);
    assert_int_equal(pages.in_use, 3);
    for (int i = 0; i < 6; i++)
        slab_free(&slab, objects[i]);
    /* One page is kept for the next object. */
    assert_int_equal(pages.in_use, 1);
    assert_int_equal(slab_count_pages(&slab), 1);
    finish(&slab);
}

static void test_random(void **state)
{
    struct pages pages;
    struct slab slab;
    struct {
        uint8_t *object;
        size_t size;
        uint8_t tag;
    } held[300];
    size_t count = 0;
    uint32_t seed = 99;

    (void)state;
    start(&slab, &pages, 1000);
    for (int step = 0; step < 20000; step++) {
        seed = seed * 1103515245 + 12345;

        uint32_t random = seed >> 8;

        if (count < ARRAY_SIZE(held) && random % 2 == 0) {
            size_t size = random / 2 % SLAB_MAX_SIZE + 1;

            held[count].object = slab_alloc(&slab, size);
            held[count].size = size;
            held[count].tag = (uint8_t)random;
            memset(held[count].object, held[count].tag, size);
            count++;
        } else if (count > 0) {
            size_t which = random % count;

            for (size_t i = 0; i < held[which].size; i++)
                check_number("contents", held[which].object[i], held[which].tag);
            slab_free(&slab, held[which].object);
            held[which] = held[--count];
        }
    }
    assert_int_equal(slab_count_objects(&slab), count);
    while (count > 0)
        slab_free(&slab, held[--count].object);
    assert_true(pages.in_use <= SLAB_CLASSES);
    finish(&slab);
}

static void test_misuse(void **state)
{
    struct pages pages;
    struct slab slab;
    char *object, *other;

    (void)state;
    start(&slab, &pages, 10);
    object = slab_alloc(&slab, 100);
    other = slab_alloc(&slab, 100);
    expect_assert_failure(slab_free(&slab, object + 16));
    slab_free(&slab, object);
    expect_assert_failure(slab_free(&slab, object));
    /* A write after free is found when the object is handed out again. */
    object[50] = 1;
    expect_assert_failure(slab_alloc(&slab, 100));
    (void)other;
    finish(&slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),         cmocka_unit_test(test_impossible_sizes),
        cmocka_unit_test(test_pages_go_back), cmocka_unit_test(test_random),
        cmocka_unit_test(test_misuse),
    };

    return RUN_TESTS(tests);
}
