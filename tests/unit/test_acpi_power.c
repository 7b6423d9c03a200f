/* SPDX-License-Identifier: MIT */
/*
 * lib/acpi_power.c over the tables of a small machine: the fields of the FADT in its versions, and
 * the forms in which compilers write the package _S5.
 */
#include "unit.h"

#include "lib/acpi.h"
#include "tests/unit/sample_acpi.h"

static struct sample memory;

static void test_fadt(void **state)
{
    struct problem problem;
    struct acpi_fadt fadt;
    struct acpi acpi;

    (void)state;
    sample_acpi(&memory);
    assert_true(sample_acpi_open(&memory, &acpi, &problem));
    assert_true(acpi_read_fadt(&acpi, &fadt, &problem));
    assert_int_equal(fadt.sci_interrupt, 9);
    assert_int_equal(fadt.smi_command, 0xb2);
    assert_int_equal(fadt.acpi_enable, 0xf1);
    assert_int_equal(fadt.acpi_disable, 0xf0);
    assert_int_equal(fadt.pm1a_event.address, 0x600);
    assert_int_equal(fadt.pm1a_event.bits, 32);
    assert_int_equal(fadt.pm1a_control.address, 0x704);
    assert_int_equal(fadt.pm1a_control.bits, 16);
    assert_int_equal(fadt.pm1b_control.address, 0);
    assert_int_equal(fadt.pm_timer.address, 0x608);
    assert_int_equal(fadt.pm_timer.space, ACPI_SPACE_IO);
    assert_true(fadt.pm_timer_is_32_bits && !fadt.hardware_reduced);
    assert_int_equal(fadt.reset.address, 0xcf9);
    assert_int_equal(fadt.reset_value, 15);
    assert_int_equal(fadt.dsdt, SAMPLE_DSDT_AT);
    assert_true(fadt.has_legacy_devices && fadt.has_8042);
    assert_int_equal(fadt.sleep_control.address, 0);
    /* The table of ACPI 1.0 ends behind the flags. */
    sample_table(&memory, SAMPLE_FADT_AT, "FACP", 116);
    assert_true(acpi_read_fadt(&acpi, &fadt, &problem));
    assert_int_equal(fadt.pm1a_control.address, 0x604);
    assert_int_equal(fadt.reset.address, 0);
    sample_table(&memory, SAMPLE_FADT_AT, "FACP", 115);
    assert_false(acpi_read_fadt(&acpi, &fadt, &problem));
    assert_string_equal(problem.text, "ACPI: the FADT has 115 bytes only");
    memory.data[SAMPLE_FADT_AT] = 'X';
    assert_false(acpi_read_fadt(&acpi, &fadt, &problem));
    assert_string_equal(problem.text, "ACPI: no usable FADT");
}

static void test_s5(void **state)
{
    static const struct {
        const char *name;
        uint8_t code[16];
        size_t size;
        bool expect;
        uint8_t type_a, type_b;
    } cases[] = {
        { "byte constants", "\x08_S5_\x12\x06\x04\x0a\x05\x0a\x06", 12, true, 5, 6 },
        { "zero and one", "\x08_S5_\x12\x06\x04\x00\x01", 10, true, 0, 1 },
        { "word constants", "\x08_S5_\x12\x06\x02\x0b\x07\x00\x0b\x03\x00", 14, true, 7, 3 },
        { "root prefix", "\x08\\_S5_\x12\x06\x04\x0a\x05\x0a\x05", 13, true, 5, 5 },
        { "length of two bytes", "\x08_S5_\x12\x46\x00\x04\x0a\x05\x01", 12, true, 5, 1 },
        { "one element", "\x08_S5_\x12\x04\x01\x0a\x05", 10, true, 5, 5 },
        { "not a definition", "\x99_S5_\x12\x06\x04\x0a\x05\x0a\x06", 12, false, 0, 0 },
        { "not a package", "\x08_S5_\x11\x06\x04\x0a\x05\x0a\x06", 12, false, 0, 0 },
        { "an empty package", "\x08_S5_\x12\x06\x00", 8, false, 0, 0 },
        { "a name in the package", "\x08_S5_\x12\x06\x04_ABC", 12, false, 0, 0 },
        { "ends in the package", "\x08_S5_\x12\x06\x04\x0a", 9, false, 0, 0 },
        { "half of a word", "\x08_S5_\x12\x06\x04\x0b\x05", 10, false, 0, 0 },
        { "ends behind the name", "\x08_S5_", 5, false, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct acpi_fadt fadt = { .dsdt = SAMPLE_DSDT_AT };
        struct problem problem;
        struct acpi_s5 s5;
        struct acpi acpi;

        sample_acpi(&memory);
        sample_set(&memory, SAMPLE_DSDT_AT + 36, cases[i].code, cases[i].size);
        sample_table(&memory, SAMPLE_DSDT_AT, "DSDT", 36 + cases[i].size);
        check(cases[i].name, sample_acpi_open(&memory, &acpi, &problem));
        check_number(cases[i].name, acpi_read_s5(&acpi, &fadt, &s5), cases[i].expect);
        if (!cases[i].expect)
            continue;
        check_number(cases[i].name, s5.type_a, cases[i].type_a);
        check_number(cases[i].name, s5.type_b, cases[i].type_b);
    }
}

/* A DSDT that is not there, or says of itself what cannot be. */
static void test_no_dsdt(void **state)
{
    static const struct {
        const char *name;
        uint64_t dsdt;
        uint32_t size;
        const char *signature;
    } cases[] = {
        { "none", 0, 64, "DSDT" },
        { "behind memory", 0x100000, 64, "DSDT" },
        { "another table", SAMPLE_DSDT_AT, 64, "SSDT" },
        { "smaller than its header", SAMPLE_DSDT_AT, 35, "DSDT" },
        { "reaches behind memory", SAMPLE_DSDT_AT, 0x10000, "DSDT" },
        { "no size at all", SAMPLE_DSDT_AT, UINT32_MAX, "DSDT" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct acpi_fadt fadt = { .dsdt = cases[i].dsdt };
        struct acpi_s5 s5 = { 1, 2 };
        struct problem problem;
        struct acpi acpi;

        sample_acpi(&memory);
        check(cases[i].name, sample_acpi_open(&memory, &acpi, &problem));
        sample_set(&memory, SAMPLE_DSDT_AT, cases[i].signature, 4);
        sample_set_number(&memory, SAMPLE_DSDT_AT + 4, cases[i].size, 4);
        check(cases[i].name, !acpi_read_s5(&acpi, &fadt, &s5));
        check_number(cases[i].name, s5.type_a, 0);
        check_number(cases[i].name, s5.type_b, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fadt),
        cmocka_unit_test(test_s5),
        cmocka_unit_test(test_no_dsdt),
    };

    return RUN_TESTS(tests);
}
