/* SPDX-License-Identifier: MIT */
/*
 * core/buddy.c: splitting, merging, limits, and a long random run during which every list is
 * compared with a plain map of what is free.
 */
#include "unit.h"

#include "core/buddy.h"

/* As in the frame table, a node is a part of something larger. */
struct frame {
    uint64_t count;
    struct buddy_node node;
};

#define FRAMES 5000
static struct frame frames[FRAMES];
static struct buddy buddy;

static void start(void)
{
    memset(frames, 0, sizeof(frames));
    buddy_init(&buddy, &frames[0].node, sizeof(frames[0]), FRAMES);
}

static bool is_free[FRAMES];

/* One block of a list; how many frames. */
static uint64_t check_block(const char *name, uint32_t at, unsigned int zone, unsigned int order)
{
    uint32_t last = at + (uint32_t)BIT(order) - 1, other = at ^ (uint32_t)BIT(order);

    check_number(name, frames[at].node.order, order);
    check_number(name, frames[at].node.state, BUDDY_FIRST);
    check(name, is_aligned(at, BIT(order)) && last < FRAMES);
    check(name, last < BIT(zone) && (zone == 0 || last >= BIT(zone - 1)));
    for (uint32_t frame = at; frame <= last; frame++) {
        check(name, !is_free[frame]);
        is_free[frame] = true;
    }
    check(name, other >= FRAMES || frames[other].node.state != BUDDY_FIRST ||
                    frames[other].node.order != order);
    return BIT(order);
}

/* How many frames are in the list. */
static uint64_t check_list(const char *name, unsigned int zone, unsigned int order)
{
    const struct buddy_zone *z = &buddy.zone[zone];
    uint32_t prev = UINT32_MAX;
    uint64_t total = 0;

    if (!(z->orders & BIT(order)))
        return 0;
    for (uint32_t at = z->head[order]; at != UINT32_MAX; at = frames[at].node.next) {
        check_number(name, frames[at].node.prev, prev);
        total += check_block(name, at, zone, order);
        prev = at;
    }
    check_number(name, z->tail[order], prev);
    check(name, total != 0);
    return total;
}

/* Every list is well linked and aligned, no two blocks overlap, no two buddies are both free, and
 * the counts agree. */
static void check_all(const char *name)
{
    uint64_t total = 0;

    memset(is_free, 0, sizeof(is_free));
    for (unsigned int zone = 0; zone < BUDDY_ZONES; zone++) {
        check(name, !(buddy.zones & BIT(zone)) == (buddy.zone[zone].orders == 0));
        for (unsigned int order = 0; order <= BUDDY_MAX_ORDER; order++)
            total += check_list(name, zone, order);
    }
    check_number(name, buddy.free_frames, total);
}

static void test_ranges(void **state)
{
    static const struct {
        const char *name;
        unsigned long first, count;
        uint64_t alloc_order, expect_first;
    } cases[] = {
        { "one frame", 7, 1, 0, 7 },
        { "aligned block", 64, 64, 6, 64 },
        { "unaligned: the aligned middle", 1, 126, 5, 64 },
        { "from frame 0", 0, 4096, 12, 0 },
        { "up to the last frame", 4992, 8, 3, 4992 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start();
        buddy_add_range(&buddy, MFN(cases[i].first), cases[i].count);
        check_all(cases[i].name);
        check_number(cases[i].name, buddy.free_frames, cases[i].count);

        mfn_t got = buddy_alloc(&buddy, (unsigned int)cases[i].alloc_order, BUDDY_NO_LIMIT);

        check_number(cases[i].name, got.n, cases[i].expect_first);
        check_all(cases[i].name);
    }
}

static void test_split_and_merge(void **state)
{
    mfn_t parts[8];

    (void)state;
    start();
    buddy_add_range(&buddy, MFN(1024), 8);
    for (int i = 0; i < 8; i++) {
        parts[i] = buddy_alloc(&buddy, 0, BUDDY_NO_LIMIT);
        check("alloc", parts[i].n >= 1024 && parts[i].n < 1032);
        check_all("split");
    }
    assert_false(mfn_is_valid(buddy_alloc(&buddy, 0, BUDDY_NO_LIMIT)));
    for (int i = 0; i < 8; i++) {
        buddy_free(&buddy, parts[(i * 3) % 8], 0);
        check_all("merge");
    }
    /* All of it is one block again. */
    assert_int_equal(buddy_alloc(&buddy, 3, BUDDY_NO_LIMIT).n, 1024);
    assert_int_equal(buddy.free_frames, 0);
    /* A part of what was allocated at once may go back alone. */
    buddy_free(&buddy, MFN(1028), 2);
    assert_int_equal(buddy_alloc(&buddy, 2, BUDDY_NO_LIMIT).n, 1028);
}

static void test_no_merge_across(void **state)
{
    (void)state;
    start();
    /* 3 and 4 are neighbours but not buddies: no block of two. */
    buddy_add_range(&buddy, MFN(3), 2);
    assert_false(mfn_is_valid(buddy_alloc(&buddy, 1, BUDDY_NO_LIMIT)));
    /* 2 and 3 are buddies. */
    buddy_add_range(&buddy, MFN(2), 1);
    assert_int_equal(buddy_alloc(&buddy, 1, BUDDY_NO_LIMIT).n, 2);
    /* The last frame's buddy would be behind the table. */
    buddy_add_range(&buddy, MFN(FRAMES - 1), 1);
    check_all("last frame");
}

static void test_limit(void **state)
{
    static const struct {
        const char *name;
        unsigned int order;
        unsigned long limit;
        unsigned long expect; /* 0: none */
    } cases[] = {
        { "far above", 0, 4000, 256 },
        { "no less than the table", 0, FRAMES, 256 },
        { "exactly below the memory", 0, 256, 0 },
        { "within it: as that", 0, 511, 0 },
        { "a block that ends below the limit", 2, 512, 256 },
        { "the largest", 8, 512, 256 },
        { "more than there is", 9, 4000, 0 },
        { "limit 0", 0, 0, 0 },
        { "order that does not exist", BUDDY_MAX_ORDER + 1, 4000, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start();
        buddy_add_range(&buddy, MFN(256), 256);

        mfn_t got = buddy_alloc(&buddy, cases[i].order, MFN(cases[i].limit));

        check_number(cases[i].name, mfn_is_valid(got) ? got.n : 0, cases[i].expect);
        check_all(cases[i].name);
    }
}

/* Requests without a limit leave alone what is below 4 GiB while there is something else. The
 * table is huge but only the pages of its touched nodes are ever real. */
static void test_low_memory_lasts(void **state)
{
    const uint32_t count = (1U << 20) + 64;
    struct buddy_node *nodes = calloc(count, sizeof(*nodes));

    (void)state;
    assert_non_null(nodes);
    buddy_init(&buddy, nodes, sizeof(*nodes), count);
    buddy_add_range(&buddy, MFN(1U << 20), 1);
    buddy_add_range(&buddy, MFN(16), 1);
    buddy_add_range(&buddy, MFN((1U << 20) + 2), 1);
    assert_int_equal(buddy_alloc(&buddy, 0, MFN(1U << 20)).n, 16);
    buddy_free(&buddy, MFN(16), 0);
    assert_true(buddy_alloc(&buddy, 0, BUDDY_NO_LIMIT).n >= 1U << 20);
    assert_true(buddy_alloc(&buddy, 0, BUDDY_NO_LIMIT).n >= 1U << 20);
    assert_int_equal(buddy_alloc(&buddy, 0, BUDDY_NO_LIMIT).n, 16);
    free(nodes);
}

/* What a request with a limit costs does not depend on what there is above it: it would not survive
 * a look at these links. */
static void test_limit_looks_at_nothing_above(void **state)
{
    (void)state;
    start();
    for (uint32_t frame = 256; frame < FRAMES; frame += 2) {
        buddy_add_range(&buddy, MFN(frame), 1);
        frames[frame].node.prev = frames[frame].node.next = UINT32_MAX - 1;
    }
    assert_false(mfn_is_valid(buddy_alloc(&buddy, 0, MFN(256))));
    buddy_add_range(&buddy, MFN(128), 1);
    assert_int_equal(buddy_alloc(&buddy, 0, MFN(256)).n, 128);
    assert_false(mfn_is_valid(buddy_alloc(&buddy, 0, MFN(256))));
}

static void test_random(void **state)
{
    static struct {
        mfn_t first;
        unsigned int order;
    } held[400];
    size_t count = 0;
    uint32_t seed = 12345;

    (void)state;
    start();
    buddy_add_range(&buddy, MFN(3), 1500);
    buddy_add_range(&buddy, MFN(1777), FRAMES - 1777);

    const uint64_t all = buddy.free_frames;

    for (int step = 0; step < 20000; step++) {
        seed = seed * 1103515245 + 12345;

        uint32_t random = seed >> 8;

        if (count < ARRAY_SIZE(held) && random % 2 == 0) {
            unsigned int order = random / 2 % 6;
            mfn_t limit = random % 3 == 0 ? MFN(random % FRAMES) : BUDDY_NO_LIMIT;
            mfn_t got = buddy_alloc(&buddy, order, limit);

            if (mfn_is_valid(got)) {
                check("limit", got.n + BIT(order) <= limit.n);
                /* The owner overlays everything but the state. */
                frames[got.n].node.next = frames[got.n].node.prev = random;
                frames[got.n].node.order = 0xee;
                held[count].first = got;
                held[count++].order = order;
            }
        } else if (count > 0) {
            size_t which = random % count;

            buddy_free(&buddy, held[which].first, held[which].order);
            held[which] = held[--count];
        }
        if (step % 500 == 0)
            check_all("random");
    }
    while (count > 0) {
        count--;
        buddy_free(&buddy, held[count].first, held[count].order);
    }
    check_all("at the end");
    assert_true(buddy.free_frames == all);
}

static void test_misuse(void **state)
{
    (void)state;
    start();
    buddy_add_range(&buddy, MFN(16), 16);
    expect_assert_failure(buddy_free(&buddy, MFN(16), 4));
    expect_assert_failure(buddy_free(&buddy, MFN(1), 1));
    expect_assert_failure(buddy_free(&buddy, MFN(FRAMES), 0));
    expect_assert_failure(buddy_free(&buddy, MFN(0), BUDDY_MAX_ORDER + 1));
}

static void test_order_for(void **state)
{
    (void)state;
    assert_int_equal(buddy_order_for(0), 0);
    assert_int_equal(buddy_order_for(1), 0);
    assert_int_equal(buddy_order_for(2), 1);
    assert_int_equal(buddy_order_for(3), 2);
    assert_int_equal(buddy_order_for(1024), 10);
    assert_int_equal(buddy_order_for(1025), 11);
    assert_int_equal(buddy_order_for(ULONG_MAX), 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_split_and_merge),
        cmocka_unit_test(test_no_merge_across),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_low_memory_lasts),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_order_for),
        cmocka_unit_test(test_limit_looks_at_nothing_above),
    };

    return RUN_TESTS(tests);
}
