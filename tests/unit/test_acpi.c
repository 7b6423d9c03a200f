/* SPDX-License-Identifier: MIT */
/*
 * lib/acpi.c and lib/acpi_power.c over the tables of a small machine, whole and broken.
 */
#include "unit.h"

#include "lib/acpi.h"
#include "tests/unit/sample_acpi.h"

static struct sample memory;

static const void *map_memory(void *ctx, paddr_t paddr, size_t size)
{
    struct sample *sample = ctx;

    return span_has(sample_span(sample), paddr, size) ? sample->data + paddr : NULL;
}

static bool open_tables(struct acpi *acpi, struct problem *problem)
{
    *problem = (struct problem){ "" };
    return acpi_open(acpi, map_memory, &memory, SPAN(memory.data + SAMPLE_RSDP_AT, 36), problem);
}

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
    assert_true(open_tables(&acpi, &problem));
    assert_true(acpi.root_is_64);
    assert_true(acpi_find_table(&acpi, "APIC", &table));
    assert_ptr_equal(table.data, memory.data + SAMPLE_MADT_AT);
    assert_false(acpi_find_table(&acpi, "HPET", &table));
    /* A broken XSDT: the RSDT serves. */
    memory.data[SAMPLE_XSDT_AT + 10]++;
    assert_true(open_tables(&acpi, &problem));
    assert_false(acpi.root_is_64);
    assert_true(acpi_find_table(&acpi, "FACP", &table));
    /* A broken RSDT as well. */
    memory.data[SAMPLE_RSDT_AT + 10]++;
    assert_false(open_tables(&acpi, &problem));
    assert_string_equal(problem.text, "ACPI: no usable root table (XSDT at 0x300, RSDT at 0x200)");
    memory.data[SAMPLE_RSDP_AT]++;
    assert_false(open_tables(&acpi, &problem));
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
        check(cases[i].name, open_tables(&acpi, &problem));
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
    assert_true(open_tables(&acpi, &problem));
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
        check(cases[i].name, open_tables(&acpi, &problem));
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
    assert_true(open_tables(&acpi, &problem));
    assert_false(acpi_read_madt(&acpi, &madt, &problem));
    assert_string_equal(problem.text, "ACPI: MADT entry at 0x2c (type 66, 0 bytes) is broken");

    memory.data[SAMPLE_MADT_AT] = 'X';
    assert_false(acpi_read_madt(&acpi, &madt, &problem));
    assert_string_equal(problem.text, "ACPI: no usable MADT: the processors are unknown");
}

static void test_fadt(void **state)
{
    struct problem problem;
    struct acpi_fadt fadt;
    struct acpi acpi;

    (void)state;
    sample_acpi(&memory);
    assert_true(open_tables(&acpi, &problem));
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
        check(cases[i].name, open_tables(&acpi, &problem));
        check_number(cases[i].name, acpi_read_s5(&acpi, &fadt, &s5), cases[i].expect);
        if (!cases[i].expect)
            continue;
        check_number(cases[i].name, s5.type_a, cases[i].type_a);
        check_number(cases[i].name, s5.type_b, cases[i].type_b);
    }
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
        cmocka_unit_test(test_fadt),
        cmocka_unit_test(test_s5),
    };

    return RUN_TESTS(tests);
}
