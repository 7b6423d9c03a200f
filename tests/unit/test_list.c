/* SPDX-License-Identifier: MIT */
/*
 * lib/list.h and the macros of lib/types.h.
 */
#include "unit.h"

#include "lib/list.h"

struct item {
    int value;
    struct list_node link;
};

/* The values in the list as one decimal number: 1, 2, 3 is 123. */
static int read_out(struct list_node *head)
{
    struct item *item;
    int number = 0;

    list_for_each (item, head, link)
        number = number * 10 + item->value;
    return number;
}

static void test_order(void **state)
{
    struct list_node head = LIST_INIT(head);
    struct item items[5];

    (void)state;
    for (int i = 0; i < 5; i++) {
        items[i].value = i;
        list_init(&items[i].link);
    }
    assert_true(list_is_empty(&head));
    assert_null(list_take_first(&head));
    assert_null(list_first_entry(&head, struct item, link));
    list_add_last(&head, &items[2].link);
    list_add_last(&head, &items[3].link);
    list_add_first(&head, &items[1].link);
    list_insert_before(&items[3].link, &items[4].link);
    assert_int_equal(read_out(&head), 1243);
    assert_ptr_equal(list_first_entry(&head, struct item, link), &items[1]);
    list_remove(&items[2].link);
    assert_false(list_is_linked(&items[2].link));
    list_remove(&items[2].link);
    assert_int_equal(read_out(&head), 143);
    assert_ptr_equal(list_take_first(&head), &items[1].link);
    assert_true(list_is_linked(&items[3].link));
    assert_int_equal(read_out(&head), 43);
}

static void test_removal_while_walking(void **state)
{
    struct list_node head = LIST_INIT(head);
    struct item items[6];
    struct item *item, *after;

    (void)state;
    for (int i = 0; i < 6; i++) {
        items[i].value = i + 1;
        list_add_last(&head, &items[i].link);
    }
    list_for_each_safe (item, after, &head, link) {
        if (item->value % 2 == 0)
            list_remove(&item->link);
    }
    assert_int_equal(read_out(&head), 135);
}

static void test_arithmetic(void **state)
{
    (void)state;
    assert_int_equal(round_up(0, 8), 0);
    assert_int_equal(round_up(1, 8), 8);
    assert_int_equal(round_up(8, 8), 8);
    assert_int_equal(round_down(15, 8), 8);
    assert_true(is_aligned(4096, PAGE_SIZE));
    assert_false(is_aligned(4095, PAGE_SIZE));
    assert_true(is_power_of_two(64));
    assert_false(is_power_of_two(0));
    assert_false(is_power_of_two(96));
    assert_int_equal(min(3, 4), 3);
    assert_int_equal(max(3, 4), 4);
    assert_true(mfn_eq(paddr_to_mfn(0x12345fff), MFN(0x12345)));
    assert_true(mfn_to_paddr(MFN(0x100000)) == 0x100000000);
    assert_false(mfn_is_valid(INVALID_MFN));
    assert_true(gfn_eq(gfn_add(GFN(7), 3), GFN(10)));
    assert_true(mfn_eq(mfn_add(MFN(7), 3), MFN(10)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_removal_while_walking),
        cmocka_unit_test(test_arithmetic),
    };

    return RUN_TESTS(tests);
}
