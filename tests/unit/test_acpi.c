/* SPDX-License-Identifier: MIT */
/*
 * lib/acpi.c over the tables of a small machine, whole and broken.
 */
#include "unit.h"

#include "lib/acpi.h"
#include "tests/unit/sample_acpi.h"

static struct sample memory;

static void test_rsdp(void **state)
{
    struct span found;

    (void)state;
    sample_acpi(&memory);
    assert_true(acpi_find_rsdp(sample_span(&memory), &found));
    assert_ptr_equal(found.data, memory.data + SAMPLE_RSDP_AT);
    assert_true(acpi_rsdp_is_valid(found));
    assert_false(acpi_rsdp_is_valid(SPAN(found.data, 35)));
    assert_false(acpi_rsdp_is_valid(SPAN(found.data, 19)));
    /* A wrong extended checksum, then a wrong first one. */
    memory.data[SAMPLE_RSDP_AT + 33]++;
    assert_false(acpi_rsdp_is_valid(found));
    memory.data[SAMPLE_RSDP_AT + 33]--;
    memory.data[SAMPLE_RSDP_AT + 9]++;
    assert_false(acpi_rsdp_is_valid(found));
    assert_false(acpi_find_rsdp(sample_span(&memory), &found));
    /* The old form has 20 bytes, here the last ones of what is searched. */
    sample_acpi(&memory);
    sample_set_number(&memory, SAMPLE_RSDP_AT + 15, 0, 1);
    sample_checksum(&memory, SAMPLE_RSDP_AT, 20, SAMPLE_RSDP_AT + 8);
    assert_true(acpi_find_rsdp(SPAN(memory.data, SAMPLE_RSDP_AT + 20), &found));
    assert_int_equal(found.size, 20);
}

static void test_roots(void **state)
{
    struct problem problem;
    struct acpi acpi;
    struct span table;

    (void)state;
    sample_acpi(&memory);
    assert_true(sample_acpi_open(&memory, &acpi, &problem));
    assert_true(acpi.root_is_64);
    assert_true(acpi_find_table(&acpi, "APIC", &table));
    assert_ptr_equal(table.data, memory.data + SAMPLE_MADT_AT);
    assert_false(acpi_find_table(&acpi, "HPET", &table));
    /* A broken XSDT: the RSDT serves. */
    memory.data[SAMPLE_XSDT_AT + 10]++;
    assert_true(sample_acpi_open(&memory, &acpi, &problem));
    assert_false(acpi.root_is_64);
    assert_true(acpi_find_table(&acpi, "FACP", &table));
    /* A broken RSDT as well. */
    memory.data[SAMPLE_RSDT_AT + 10]++;
    assert_false(sample_acpi_open(&memory, &acpi, &problem));
    assert_string_equal(problem.text, "ACPI: no usable root table (XSDT at 0x300, RSDT at 0x200)");
    memory.data[SAMPLE_RSDP_AT]++;
    assert_false(sample_acpi_open(&memory, &acpi, &problem));
    assert_string_equal(problem.text, "ACPI: the root pointer is broken");
}

static void test_entries_out_of_reach(void **state)
{
    static const struct {
        const char *name;
        uint64_t entry;
    } cases[] = {
        { "behind memory", 0x100000 },
        { "header partly in memory", SAMPLE_DSDT_AT + 40 },
        { "near the end of numbers", UINT64_MAX - 3 },
        { "0", 0 },
    };
    struct problem problem;
    struct acpi acpi;
    struct span table;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        sample_acpi(&memory);
        sample_set_number(&memory, SAMPLE_XSDT_AT + 36, cases[i].entry, 8);
        sample_table(&memory, SAMPLE_XSDT_AT, "XSDT", 52);
        check(cases[i].name, sample_acpi_open(&memory, &acpi, &problem));
        check(cases[i].name, !acpi_find_table(&acpi, "FACP", &table));
        check(cases[i].name, acpi_find_table(&acpi, "APIC", &table));
    }
}

static void test_madt(void **state)
{
    struct problem problem;
    struct acpi_madt madt;
    struct acpi acpi;

    (void)state;
    sample_acpi(&memory);
    assert_true(sample_acpi_open(&memory, &acpi, &problem));
    assert_true(acpi_read_madt(&acpi, &madt, &problem));
    assert_true(madt.has_8259);
    assert_true(madt.lapic_address == 0xfee00000);
    assert_int_equal(madt.cpu_count, 4);
    assert_int_equal(madt.cpus[0].apic_id, 0);
    assert_true(madt.cpus[0].enabled);
    assert_int_equal(madt.cpus[1].apic_id, 2);
    assert_int_equal(madt.cpus[2].apic_id, 4);
    assert_false(madt.cpus[2].enabled);
    assert_int_equal(madt.cpus[3].apic_id, 256);
    assert_int_equal(madt.cpus[3].acpi_id, 9);
    assert_int_equal(madt.ioapic_count, 2);
    assert_int_equal(madt.ioapics[1].id, 6);
    assert_true(madt.ioapics[1].address == 0xfec01000);
    assert_int_equal(madt.ioapics[1].first_interrupt, 24);
    assert_int_equal(madt.isa[0].interrupt, 2);
    assert_false(madt.isa[0].level);
    assert_int_equal(madt.isa[4].interrupt, 4);
    assert_true(madt.isa[9].level && madt.isa[9].active_low);
    assert_true(madt.nmi.present);
    assert_int_equal(madt.nmi.lint, 1);
}

static void test_broken_madt(void **state)
{
    /* One byte of the first entry is overwritten. */
    static const struct {
        const char *name;
        size_t offset;
        uint8_t value;
        const char *expect;
    } cases[] = {
        { "entry of size 0", 45, 0, "ACPI: MADT entry at 0x2c (type 0, 0 bytes) is broken" },
        { "entry of size 1", 45, 1, "ACPI: MADT entry at 0x2c (type 0, 1 bytes) is broken" },
        { "entry too short for its type", 45, 7,
          "ACPI: MADT entry at 0x2c (type 0, 7 bytes) is broken" },
        { "too short for an x2APIC", 44, 9,
          "ACPI: MADT entry at 0x2c (type 9, 8 bytes) is broken" },
        { "too short for an IOAPIC", 44, 1,
          "ACPI: MADT entry at 0x2c (type 1, 8 bytes) is broken" },
        { "too short for an override", 44, 2,
          "ACPI: MADT entry at 0x2c (type 2, 8 bytes) is broken" },
        { "too short for an x2APIC's NMI", 44, 10,
          "ACPI: MADT entry at 0x2c (type 10, 8 bytes) is broken" },
        { "too short for an address", 44, 5,
          "ACPI: MADT entry at 0x2c (type 5, 8 bytes) is broken" },
        { "entry beyond the table", 45, 255,
          "ACPI: MADT entry at 0x2c (type 0, 255 bytes) is broken" },
        { "table that ends in an entry's header", 4, 45,
          "ACPI: MADT entry at 0x2c (type 0, 0 bytes) is broken" },
        { "table without entries", 4, 44, NULL },
        { "table that is too short", 4, 40, "ACPI: the MADT has 40 bytes only" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        bool expect = cases[i].expect == NULL;
        struct problem problem;
        struct acpi_madt madt;
        struct acpi acpi;
        size_t size;

        sample_acpi(&memory);
        size = cases[i].offset == 4 ? cases[i].value : sample_madt_body(&memory);
        memory.data[SAMPLE_MADT_AT + cases[i].offset] = cases[i].value;
        sample_table(&memory, SAMPLE_MADT_AT, "APIC", size);
        check(cases[i].name, sample_acpi_open(&memory, &acpi, &problem));
        check_number(cases[i].name, acpi_read_madt(&acpi, &madt, &problem), expect);
        check_string(cases[i].name, problem.text, expect ? "" : cases[i].expect);
    }
}

static void test_madt_without_end(void **state)
{
    struct problem problem;
    struct acpi_madt madt;
    struct acpi acpi;

    (void)state;
    /* An entry of a type that nobody looks into, of size 0: this must not go on for ever. */
    sample_acpi(&memory);
    sample_set_number(&memory, SAMPLE_MADT_AT + 44, 0x42, 2);
    sample_table(&memory, SAMPLE_MADT_AT, "APIC", 60);
    assert_true(sample_acpi_open(&memory, &acpi, &problem));
    assert_false(acpi_read_madt(&acpi, &madt, &problem));
    assert_string_equal(problem.text, "ACPI: MADT entry at 0x2c (type 66, 0 bytes) is broken");

    memory.data[SAMPLE_MADT_AT] = 'X';
    assert_false(acpi_read_madt(&acpi, &madt, &problem));
    assert_string_equal(problem.text, "ACPI: no usable MADT: the processors are unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rsdp),
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_entries_out_of_reach),
        cmocka_unit_test(test_madt),
        cmocka_unit_test(test_broken_madt),
        cmocka_unit_test(test_madt_without_end),
    };

    return RUN_TESTS(tests);
}
