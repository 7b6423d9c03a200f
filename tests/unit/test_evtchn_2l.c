/* SPDX-License-Identifier: MIT */
/*
 * core/evtchn_2l.c at both widths: what is raised from which state, and that no order of sender
 * and guest loses an event.
 */
#include "unit.h"

#include "core/evtchn_2l.h"

static struct {
    uint64_t pending[64];
    uint64_t mask[64];
    uint64_t selector;
    uint8_t upcall;
} shared;

static struct evtchn_2l start(unsigned int word_shift)
{
    memset(&shared, 0, sizeof(shared));
    return (struct evtchn_2l){
        .pending = shared.pending,
        .mask = shared.mask,
        .selector = &shared.selector,
        .upcall_pending = &shared.upcall,
        .word_shift = word_shift,
    };
}

static void set_bit(void *map, unsigned int bit, bool value)
{
    uint8_t *byte = (uint8_t *)map + bit / 8;

    *byte = (uint8_t)((*byte & ~(1U << bit % 8)) | ((unsigned int)value << bit % 8));
}

/* The port's four bits before, the operation's result, and the bits after. */
struct bits {
    bool pending, mask, selector, upcall;
};

static const struct {
    const char *name;
    bool unmask; /* else set_pending */
    struct bits before, after;
    bool expect;
} cases[] = {
    { "nothing set: raised", false, { 0, 0, 0, 0 }, { 1, 0, 1, 1 }, true },
    { "vCPU has been told of another port", false, { 0, 0, 0, 1 }, { 1, 0, 1, 1 }, false },
    { "and of one in the same word", false, { 0, 0, 1, 1 }, { 1, 0, 1, 1 }, false },
    { "masked: only pending", false, { 0, 1, 0, 0 }, { 1, 1, 0, 0 }, false },
    { "pending already: nothing", false, { 1, 0, 0, 0 }, { 1, 0, 0, 0 }, false },
    { "unmask, nothing pending", true, { 0, 1, 0, 0 }, { 0, 0, 0, 0 }, false },
    { "unmask, pending: raised", true, { 1, 1, 0, 0 }, { 1, 0, 1, 1 }, true },
    { "unmask, pending, vCPU told", true, { 1, 1, 0, 1 }, { 1, 0, 1, 1 }, false },
    { "unmask what was not masked", true, { 1, 0, 0, 0 }, { 1, 0, 0, 0 }, false },
};

static void test_operations(void **state)
{
    static const struct {
        unsigned int word_shift, port;
    } ports[] = { { 6, 0 }, { 6, 63 }, { 6, 64 }, { 6, 4095 }, { 5, 32 }, { 5, 1023 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        for (size_t k = 0; k < ARRAY_SIZE(ports); k++) {
            struct evtchn_2l words = start(ports[k].word_shift);
            unsigned int port = ports[k].port;
            unsigned int word = port >> words.word_shift;
            bool result;

            set_bit(shared.pending, port, cases[i].before.pending);
            set_bit(shared.mask, port, cases[i].before.mask);
            set_bit(&shared.selector, word, cases[i].before.selector);
            shared.upcall = cases[i].before.upcall;
            result = cases[i].unmask ? evtchn_2l_unmask(&words, port)
                                     : evtchn_2l_set_pending(&words, port);
            check_number(cases[i].name, result, cases[i].expect);
            check_number(cases[i].name, evtchn_2l_is_pending(&words, port), cases[i].after.pending);
            check_number(cases[i].name, evtchn_2l_is_masked(&words, port), cases[i].after.mask);
            check_number(cases[i].name, shared.selector, (uint64_t)cases[i].after.selector << word);
            check_number(cases[i].name, shared.upcall, cases[i].after.upcall);
        }
    }
}

/* Bits of a 32-bit guest stay inside its own words. */
static void test_width(void **state)
{
    struct evtchn_2l words = start(5);

    (void)state;
    assert_int_equal(evtchn_2l_ports(5), 1024);
    assert_int_equal(evtchn_2l_ports(6), 4096);
    evtchn_2l_set_pending(&words, 40);
    assert_true(shared.pending[0] == 1UL << 40);
    assert_true(shared.selector == 2);
    evtchn_2l_clear_pending(&words, 40);
    assert_true(shared.pending[0] == 0);
    expect_assert_failure(evtchn_2l_set_pending(&words, 1024));
    expect_assert_failure(evtchn_2l_unmask(&words, 1024));
    evtchn_2l_set_all_selectors(&words);
    assert_true(shared.selector == UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_width),
    };

    return RUN_TESTS(tests);
}
