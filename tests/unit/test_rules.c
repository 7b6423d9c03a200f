/* SPDX-License-Identifier: MIT */
/*
 * The rule book: names and numbers come from one entry, and every entry is fit to be printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/rules.h"

static void known_rule_has_its_words(void **state)
{
    (void)state;
    assert_string_equal(rule_name(RULE_MMU_7), "MMU-7");
    assert_int_equal(rule_errno(RULE_MMU_7), -XEN_EBUSY);
    assert_non_null(strstr(rule_sentence(RULE_MMU_7), "read-only"));
    assert_non_null(strstr(rule_advice(RULE_MMU_7), "RW"));
}

static void no_rule_is_no_error(void **state)
{
    (void)state;
    assert_string_equal(rule_name(RULE_NONE), "none");
    assert_int_equal(rule_errno(RULE_NONE), 0);
    assert_string_equal(rule_sentence(RULE_NONE), "");
    assert_string_equal(rule_advice(RULE_NONE), "");
}

static void what_is_no_rule_reads_as_none(void **state)
{
    (void)state;
    assert_string_equal(rule_name(RULE_COUNT), "none");
    assert_string_equal(rule_name((enum rule_id) - 1), "none");
    assert_string_equal(rule_sentence((enum rule_id)0x7fffffff), "");
}

/* A sentence begins with a capital (or a name in its own spelling), ends with a period, fits a log
 * line. */
static void assert_is_sentence(const char *rule, const char *text)
{
    size_t length = strlen(text);

    if (length < 10 || length > 100 || text[length - 1] != '.') {
        fail_msg("%s: not a sentence of 10 to 100 characters: \"%s\"", rule, text);
    }
}

static void every_rule_can_be_printed(void **state)
{
    (void)state;
    for (int id = 1; id < RULE_COUNT; id++) {
        enum rule_id rule = (enum rule_id)id;

        assert_is_sentence(rule_name(rule), rule_sentence(rule));
        assert_is_sentence(rule_name(rule), rule_advice(rule));
        assert_string_not_equal(rule_sentence(rule), rule_advice(rule));
    }
}

static bool is_errno(int value)
{
    static const int values[] = {
#define XEN_ERRNO(name, value, text) value,
#include "abi/errno.def"
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (values[i] == value) {
            return true;
        }
    }
    return false;
}

/* Rules without an errno are legal: what they forbid ends in a fault, a crash or a short count. */
static void every_errno_is_of_the_abi(void **state)
{
    (void)state;
    for (int id = 1; id < RULE_COUNT; id++) {
        int value = -rule_errno((enum rule_id)id);

        if (value != 0 && !is_errno(value)) {
            fail_msg("%s: %d is no errno of the ABI", rule_name((enum rule_id)id), value);
        }
    }
}

/* No rule before `id` is of this family. */
static void assert_is_new_family(const char *family, int id)
{
    for (int earlier = 1; earlier < id; earlier++) {
        const char *name = rule_name((enum rule_id)earlier);

        if (strncmp(name, family, strlen(family)) == 0 && name[strlen(family)] == '-') {
            fail_msg("%s stands in two pieces", family);
        }
    }
}

/* Numbers rise in each family, and a family stands in one piece: a number is found by eye. */
static void entries_are_in_order(void **state)
{
    char family[16] = "";
    int number = 0;

    (void)state;
    for (int id = 1; id < RULE_COUNT; id++) {
        const char *name = rule_name((enum rule_id)id);
        char this_family[16];
        int this_number;

        assert_int_equal(sscanf(name, "%15[A-Z]-%d", this_family, &this_number), 2);
        if (strcmp(this_family, family) != 0) {
            strcpy(family, this_family);
            number = 0;
            assert_is_new_family(this_family, id);
        }
        if (this_number <= number) {
            fail_msg("%s follows number %d", name, number);
        }
        number = this_number;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_rule_has_its_words),
        cmocka_unit_test(no_rule_is_no_error),
        cmocka_unit_test(what_is_no_rule_reads_as_none),
        cmocka_unit_test(every_rule_can_be_printed),
        cmocka_unit_test(every_errno_is_of_the_abi),
        cmocka_unit_test(entries_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
