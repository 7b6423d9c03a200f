/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables of a small machine as a sample: the sample is physical memory from 0.
 */
#ifndef TESTS_UNIT_SAMPLE_ACPI_H
#define TESTS_UNIT_SAMPLE_ACPI_H

#include "lib/acpi.h"
#include "tests/unit/sample.h"

#define SAMPLE_RSDP_AT 0x100
#define SAMPLE_RSDT_AT 0x200
#define SAMPLE_XSDT_AT 0x300
#define SAMPLE_MADT_AT 0x400
#define SAMPLE_FADT_AT 0x600
#define SAMPLE_DSDT_AT 0x800

/* Makes the bytes [at, at + size) add up to 0 by the byte at sum_at. */
static inline void sample_checksum(struct sample *sample, size_t at, size_t size, size_t sum_at)
{
    uint8_t sum = 0;

    sample->data[sum_at] = 0;
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + sample->data[at + i]);
    sample->data[sum_at] = (uint8_t)-sum;
}

/* Writes a table whose body has been written behind its header. */
static inline void sample_table(struct sample *sample, size_t at, const char *signature,
                                size_t size)
{
    sample_set(sample, at, signature, 4);
    sample_set_number(sample, at + 4, size, 4);
    sample_checksum(sample, at, size, at + 9);
}

static inline void sample_rsdp(struct sample *sample)
{
    sample_set(sample, SAMPLE_RSDP_AT, "RSD PTR ", 8);
    sample_set_number(sample, SAMPLE_RSDP_AT + 15, 2, 1);
    sample_set_number(sample, SAMPLE_RSDP_AT + 16, SAMPLE_RSDT_AT, 4);
    sample_set_number(sample, SAMPLE_RSDP_AT + 20, 36, 4);
    sample_set_number(sample, SAMPLE_RSDP_AT + 24, SAMPLE_XSDT_AT, 8);
    sample_checksum(sample, SAMPLE_RSDP_AT, 20, SAMPLE_RSDP_AT + 8);
    sample_checksum(sample, SAMPLE_RSDP_AT, 36, SAMPLE_RSDP_AT + 32);
}

static inline void sample_roots(struct sample *sample)
{
    sample_set_number(sample, SAMPLE_RSDT_AT + 36, SAMPLE_FADT_AT, 4);
    sample_set_number(sample, SAMPLE_RSDT_AT + 40, SAMPLE_MADT_AT, 4);
    sample_table(sample, SAMPLE_RSDT_AT, "RSDT", 44);
    sample_set_number(sample, SAMPLE_XSDT_AT + 36, SAMPLE_FADT_AT, 8);
    sample_set_number(sample, SAMPLE_XSDT_AT + 44, SAMPLE_MADT_AT, 8);
    sample_table(sample, SAMPLE_XSDT_AT, "XSDT", 52);
}

static inline size_t sample_madt_body(struct sample *sample)
{
    static const uint8_t entries[] = {
        0,    8,  0,    0,    1, 0,    0,    0,                               /* CPU 0 */
        0,    8,  1,    2,    1, 0,    0,    0,                               /* CPU 2 */
        0,    8,  2,    3,    0, 0,    0,    0,                               /* not there */
        0,    8,  3,    4,    2, 0,    0,    0,                               /* could be added */
        0,    8,  4,    0xff, 1, 0,    0,    0,                               /* an unused entry */
        9,    16, 0,    0,    0, 1,    0,    0,    1,    0, 0, 0, 9, 0, 0, 0, /* CPU 256, x2APIC */
        9,    16, 0,    0,    2, 0,    0,    0,    1,    0, 0, 0, 1, 0, 0, 0, /* CPU 2 again */
        1,    12, 5,    0,    0, 0,    0xc0, 0xfe, 0,    0, 0, 0,             /* IOAPIC */
        1,    12, 6,    0,    0, 0x10, 0xc0, 0xfe, 24,   0, 0, 0,             /* another */
        2,    10, 0,    0,    2, 0,    0,    0,    0,    0,                   /* timer at pin 2 */
        2,    10, 0,    9,    9, 0,    0,    0,    0x0f, 0,                   /* 9: low, level */
        4,    6,  0xff, 0,    0, 1,                                           /* NMI at LINT1 */
        0x42, 4,  0,    0,                                                    /* of another world */
        5,    12, 0,    0,    0, 0,    0xe0, 0xfe, 0,    0, 0, 0,             /* LAPIC address */
    };

    sample_set_number(sample, SAMPLE_MADT_AT + 36, 0xfee00000, 4);
    sample_set_number(sample, SAMPLE_MADT_AT + 40, 1, 4);
    sample_set(sample, SAMPLE_MADT_AT + 44, entries, sizeof(entries));
    return 44 + sizeof(entries);
}

static inline void sample_fadt(struct sample *sample)
{
    size_t at = SAMPLE_FADT_AT;

    sample_set_number(sample, at + 40, SAMPLE_DSDT_AT, 4);
    sample_set_number(sample, at + 46, 9, 2);
    sample_set_number(sample, at + 48, 0xb2, 4);
    sample_set_number(sample, at + 52, 0xf1, 1);
    sample_set_number(sample, at + 53, 0xf0, 1);
    sample_set_number(sample, at + 56, 0x600, 4);
    sample_set_number(sample, at + 64, 0x604, 4);
    sample_set_number(sample, at + 76, 0x608, 4);
    sample_set_number(sample, at + 88, 4, 1);
    sample_set_number(sample, at + 89, 2, 1);
    sample_set_number(sample, at + 91, 4, 1);
    sample_set_number(sample, at + 109, 3, 2);
    sample_set_number(sample, at + 112, 1 << 8 | 1 << 10, 4);
    /* Reset register: I/O port 0xcf9, value 15. */
    sample_set_number(sample, at + 116, 1, 1);
    sample_set_number(sample, at + 117, 8, 1);
    sample_set_number(sample, at + 120, 0xcf9, 8);
    sample_set_number(sample, at + 128, 15, 1);
    /* The newer form of PM1a control is at another port. */
    sample_set_number(sample, at + 172, 1, 1);
    sample_set_number(sample, at + 173, 16, 1);
    sample_set_number(sample, at + 176, 0x704, 8);
    sample_table(sample, at, "FACP", 244);
}

static inline void sample_dsdt(struct sample *sample)
{
    /* A mention of the name, then its definition: Package (4) { 5, 6, 0, 0 }. */
    static const uint8_t code[] = { '_',  'S',  '5',  '_',  0x99, 0x08, '_',  'S', '5', '_',
                                    0x12, 0x0a, 0x04, 0x0a, 0x05, 0x0a, 0x06, 0,   0,   0 };

    sample_set(sample, SAMPLE_DSDT_AT + 36, code, sizeof(code));
    sample_table(sample, SAMPLE_DSDT_AT, "DSDT", 36 + sizeof(code));
}

static inline void sample_acpi(struct sample *sample)
{
    memset(sample, 0, sizeof(*sample));
    sample_rsdp(sample);
    sample_roots(sample);
    sample_table(sample, SAMPLE_MADT_AT, "APIC", sample_madt_body(sample));
    sample_fadt(sample);
    sample_dsdt(sample);
}

/* The reader's access to physical memory; ctx is the sample. */
static inline const void *sample_map(void *ctx, paddr_t paddr, size_t size)
{
    struct sample *sample = ctx;

    return span_has(sample_span(sample), paddr, size) ? sample->data + paddr : NULL;
}

/* Opens the tables; nothing is in *problem unless they are refused. */
static inline bool sample_acpi_open(struct sample *sample, struct acpi *acpi,
                                    struct problem *problem)
{
    *problem = (struct problem){ "" };
    return acpi_open(acpi, sample_map, sample, SPAN(sample->data + SAMPLE_RSDP_AT, 36), problem);
}

#endif
