/* SPDX-License-Identifier: MIT */
/*
 * core/heap.c: order, removal from anywhere, and a long random walk against a plain array.
 */
#include "unit.h"

#include "core/heap.h"

#define NODES 64

static struct heap heap;
static struct heap_node nodes[NODES];

static void start(void)
{
    heap = (struct heap){ 0 };
    for (size_t i = 0; i < NODES; i++)
        nodes[i] = (struct heap_node){ 0 };
}

static uint64_t take_first(void)
{
    struct heap_node *first = heap.first;

    heap_remove(&heap, first);
    return first->key;
}

static void test_order(void **state)
{
    static const uint64_t keys[] = { 5, 3, 9, 3, UINT64_MAX, 0, 7 };
    static const uint64_t sorted[] = { 0, 3, 3, 5, 7, 9, UINT64_MAX };

    (void)state;
    start();
    assert_null(heap.first);
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        heap_add(&heap, &nodes[i], keys[i]);
    for (size_t i = 0; i < ARRAY_SIZE(sorted); i++)
        assert_true(take_first() == sorted[i]);
    assert_null(heap.first);
}

/* Each node once to each new place: before all, after all and in between. */
static void test_change(void **state)
{
    static const uint64_t keys[] = { 0, 5, 15, 33, 64, 100 };

    (void)state;
    for (size_t moved = 0; moved < 8; moved++) {
        for (size_t to = 0; to < ARRAY_SIZE(keys); to++) {
            uint64_t last = 0;

            start();
            for (size_t i = 0; i < 8; i++)
                heap_add(&heap, &nodes[i], 10 * i + 1);
            /* Gives the tree its depth. */
            heap_remove(&heap, &nodes[0]);
            heap_add(&heap, &nodes[0], 1);
            heap_change(&heap, &nodes[moved], keys[to]);
            assert_true(nodes[moved].linked && nodes[moved].key == keys[to]);
            for (size_t i = 0; i < 8; i++) {
                uint64_t key = take_first();

                assert_true(key >= last);
                last = key;
            }
            assert_null(heap.first);
        }
    }
}

/* A node may be the root, a first child, a later child, or have children itself. */
static void test_remove_each(void **state)
{
    (void)state;
    for (size_t gone = 0; gone < 16; gone++) {
        start();
        for (size_t i = 0; i < 16; i++)
            heap_add(&heap, &nodes[i], 15 - i);
        /* Gives the tree its depth. */
        heap_remove(&heap, &nodes[15]);
        heap_add(&heap, &nodes[15], 0);
        heap_remove(&heap, &nodes[gone]);
        assert_false(nodes[gone].linked);
        for (size_t key = 0; key < 16; key++)
            if (key != 15 - gone)
                assert_true(take_first() == key);
        assert_null(heap.first);
    }
}

static uint64_t smallest_of_all(void)
{
    uint64_t smallest = UINT64_MAX;

    for (size_t i = 0; i < NODES; i++)
        if (nodes[i].linked)
            smallest = min(smallest, nodes[i].key);
    return smallest;
}

static void test_random(void **state)
{
    uint64_t random = 1;

    (void)state;
    start();
    for (unsigned int step = 0; step < 20000; step++) {
        random = random * 6364136223846793005UL + 1442695040888963407UL;
        struct heap_node *node = &nodes[random >> 58];

        if (node->linked)
            heap_remove(&heap, node);
        else
            heap_add(&heap, node, random >> 48 & 0xff);
        if (heap.first == NULL)
            assert_true(smallest_of_all() == UINT64_MAX);
        else
            assert_true(heap.first->key == smallest_of_all());
    }
}

static void test_misuse(void **state)
{
    (void)state;
    start();
    heap_add(&heap, &nodes[0], 1);
    expect_assert_failure(heap_add(&heap, &nodes[0], 1));
    expect_assert_failure(heap_remove(&heap, &nodes[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),       cmocka_unit_test(test_change),
        cmocka_unit_test(test_remove_each), cmocka_unit_test(test_random),
        cmocka_unit_test(test_misuse),
    };

    return RUN_TESTS(tests);
}
