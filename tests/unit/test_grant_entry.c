/* SPDX-License-Identifier: MIT */
/*
 * core/grant_entry.c: each kind of entry wanted in each way, pins and marks, ranges, and the change
 * of format.
 */
#include "unit.h"

#include "core/grant_entry.h"

#define US    7
#define OTHER 8

#define MAP_RO                    \
    {                             \
        .domain = US, .map = true \
    }
#define MAP_RW                                   \
    {                                            \
        .domain = US, .map = true, .write = true \
    }
#define COPY_RO      \
    {                \
        .domain = US \
    }
#define COPY_RW                     \
    {                               \
        .domain = US, .write = true \
    }

static const struct {
    const char *name;
    uint16_t flags, domain;
    struct grant_want want;
    enum rule_id v1, v2;
} uses[] = {
    { "invalid", GTF_invalid, US, MAP_RO, RULE_GRANT_4, RULE_GRANT_4 },
    { "map to read", GTF_permit_access, US, MAP_RO, RULE_NONE, RULE_NONE },
    { "map to write", GTF_permit_access, US, MAP_RW, RULE_NONE, RULE_NONE },
    { "another's", GTF_permit_access, OTHER, MAP_RO, RULE_GRANT_4, RULE_GRANT_4 },
    { "another's, copied", GTF_permit_access, OTHER, COPY_RO, RULE_GRANT_4, RULE_GRANT_4 },
    { "read-only, to read", GTF_permit_access | GTF_readonly, US, MAP_RO, RULE_NONE, RULE_NONE },
    { "read-only, to write", GTF_permit_access | GTF_readonly, US, MAP_RW, RULE_GRANT_5,
      RULE_GRANT_5 },
    { "read-only, copied to", GTF_permit_access | GTF_readonly, US, COPY_RW, RULE_GRANT_5,
      RULE_GRANT_5 },
    { "waits for a frame", GTF_accept_transfer, US, MAP_RO, RULE_GRANT_4, RULE_GRANT_4 },
    { "a part, mapped", GTF_permit_access | GTF_sub_page, US, MAP_RO, RULE_GRANT_4, RULE_GRANT_4 },
    { "a part, copied", GTF_permit_access | GTF_sub_page, US, COPY_RO, RULE_NONE, RULE_NONE },
    { "transitive, mapped", GTF_transitive, US, MAP_RO, RULE_GRANT_4, RULE_GRANT_4 },
    { "transitive, copied", GTF_transitive, US, COPY_RO, RULE_GRANT_4, RULE_NONE },
    { "already pinned, gone since",
      GTF_invalid,
      OTHER,
      { .domain = US, .map = true, .write = true, .pinned = true },
      RULE_NONE,
      RULE_NONE },
    { "already pinned, read-only since",
      GTF_permit_access | GTF_readonly,
      US,
      { .domain = US, .map = true, .write = true, .pinned = true },
      RULE_GRANT_5,
      RULE_GRANT_5 },
};

static void test_uses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
        uint32_t word = grant_word(uses[i].flags, uses[i].domain);
        uint32_t new = 0;

        check_number(uses[i].name, grant_use_v1(word, &uses[i].want, &new), uses[i].v1);
        check_number(uses[i].name, new,
                     uses[i].v1 == RULE_NONE ? word | grant_marks(uses[i].want.write) : 0);
        check_number(uses[i].name, grant_use_v2(word, &uses[i].want), uses[i].v2);
    }
}

static void test_pins(void **state)
{
    (void)state;
    check_number("no map", grant_pins_of(GNTMAP_readonly), 0);
    check_number("host", grant_pins_of(GNTMAP_host_map), GRANT_PIN_HOST_WRITE);
    check_number("device, read", grant_pins_of(GNTMAP_device_map | GNTMAP_readonly),
                 GRANT_PIN_DEVICE_READ);
    check_number("both", grant_pins_of(GNTMAP_host_map | GNTMAP_device_map),
                 GRANT_PIN_HOST_WRITE + GRANT_PIN_DEVICE_WRITE);
    check_number("room", grant_pins_full(127 * GRANT_PIN_HOST_READ, GRANT_PIN_HOST_READ), false);
    check_number("no room", grant_pins_full(128 * GRANT_PIN_HOST_READ, GRANT_PIN_HOST_READ), true);
    check_number("room in another", grant_pins_full(128U << 24, GRANT_PIN_HOST_READ), false);
    check_number("no room in one of two",
                 grant_pins_full(128U << 24, GRANT_PIN_HOST_READ | GRANT_PIN_DEVICE_READ), true);
    check_number("contained",
                 grant_pins_contain(3 * GRANT_PIN_HOST_READ + GRANT_PIN_DEVICE_WRITE,
                                    GRANT_PIN_HOST_READ + GRANT_PIN_DEVICE_WRITE),
                 true);
    check_number("of another kind",
                 grant_pins_contain(3 * GRANT_PIN_HOST_READ, GRANT_PIN_DEVICE_READ), false);
    check_number("not so many", grant_pins_contain(GRANT_PIN_HOST_READ, 2 * GRANT_PIN_HOST_READ),
                 false);
    check_number("still written", grant_marks_gone(GRANT_PIN_DEVICE_WRITE, true), 0);
    check_number("still read", grant_marks_gone(GRANT_PIN_HOST_READ, true), GTF_writing);
    check_number("a reader less", grant_marks_gone(GRANT_PIN_HOST_READ, false), 0);
    check_number("the last", grant_marks_gone(0, true), GTF_reading | GTF_writing);
    check_number("the last reader", grant_marks_gone(0, false), GTF_reading);
}

static void test_transfer(void **state)
{
    uint32_t new = 0;

    (void)state;
    check_number("waits", grant_use_transfer(grant_word(GTF_accept_transfer, US), US, &new),
                 RULE_NONE);
    check_number("committed", new, grant_word(GTF_accept_transfer | GTF_transfer_committed, US));
    check_number("once", grant_use_transfer(new, US, &new), RULE_GRANT_26);
    check_number("for another",
                 grant_use_transfer(grant_word(GTF_accept_transfer, US), OTHER, &new),
                 RULE_GRANT_26);
}

static void test_ranges(void **state)
{
    (void)state;
    check_number("all", grant_copy_range(0, PAGE_SIZE, 0, PAGE_SIZE), RULE_NONE);
    check_number("nothing at the end", grant_copy_range(PAGE_SIZE, 0, 0, PAGE_SIZE), RULE_NONE);
    check_number("beyond", grant_copy_range(1, PAGE_SIZE, 0, PAGE_SIZE), RULE_GRANT_18);
    check_number("far beyond", grant_copy_range(0xffff, 0xffff, 0, PAGE_SIZE), RULE_GRANT_18);
    check_number("the part", grant_copy_range(100, 20, 100, 20), RULE_NONE);
    check_number("before it", grant_copy_range(99, 1, 100, 20), RULE_GRANT_19);
    check_number("behind it", grant_copy_range(119, 2, 100, 20), RULE_GRANT_19);
    check_number("a part beyond the page", grant_copy_range(4000, 96, 0xf000, 0xffff),
                 RULE_GRANT_19);
}

static void test_formats(void **state)
{
    struct grant_entry_v1 v1 = { .flags = GTF_permit_access | GTF_reading,
                                 .domid = US,
                                 .frame = 0xfffffff0 };
    grant_status_t status = 0;
    union grant_entry_v2 v2 = grant_to_v2(&v1, &status);
    struct grant_entry_v1 back;

    (void)state;
    check_number("mark", status, GTF_reading);
    check_number("flags", v2.hdr.flags, GTF_permit_access);
    check_number("frame", v2.full_page.frame, v1.frame);
    check_number("fits", grant_fits_v1(&v2), RULE_NONE);
    back = grant_to_v1(&v2, status);
    assert_memory_equal(&back, &v1, sizeof(v1));

    v2.full_page.frame = 1UL << 32;
    check_number("too far up", grant_fits_v1(&v2), RULE_GRANT_23);
    v2.hdr.flags = GTF_transitive;
    check_number("transitive", grant_fits_v1(&v2), RULE_GRANT_23);
    v2.hdr.flags = GTF_accept_transfer;
    check_number("transfer", grant_fits_v1(&v2), RULE_NONE);
    check_number("but not kept", grant_to_v1(&v2, 0).flags, GTF_invalid);

    check_number("entries, 1", grant_entries(1, 3), 1536);
    check_number("entries, 2", grant_entries(2, 3), 768);
    check_number("status frames of 1", grant_status_frames(1), 1);
    check_number("status frames of 8", grant_status_frames(8), 1);
    check_number("status frames of 9", grant_status_frames(9), 2);
}

static void test_results(void **state)
{
    static const struct {
        enum rule_id rule;
        int status;
    } results[] = {
        { RULE_NONE, GNTST_okay },
        { RULE_GRANT_1, GNTST_bad_gntref },
        { RULE_GRANT_2, GNTST_bad_domain },
        { RULE_GRANT_4, GNTST_general_error },
        { RULE_GRANT_8, GNTST_bad_page },
        { RULE_GRANT_10, GNTST_no_space },
        { RULE_GRANT_12, GNTST_bad_handle },
        { RULE_GRANT_13, GNTST_bad_dev_addr },
        { RULE_GRANT_15, GNTST_permission_denied },
        { RULE_GRANT_17, GNTST_bad_virt_addr },
        { RULE_GRANT_18, GNTST_bad_copy_arg },
        { RULE_GRANT_24, GNTST_eagain },
        { RULE_GRANT_28, GNTST_address_too_big },
        { RULE_GRANT_32, GNTST_bad_page },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(results); i++)
        assert_int_equal(grant_status_of(results[i].rule), results[i].status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uses),     cmocka_unit_test(test_pins),
        cmocka_unit_test(test_transfer), cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_formats),  cmocka_unit_test(test_results),
    };

    return RUN_TESTS(tests);
}
