/* SPDX-License-Identifier: MIT */
/*
 * The readers of ACPI tables over fuzzed physical memory. The checksums are put right after most
 * mutations: otherwise nearly nothing would get past them.
 */
#include "fuzz.h"

#include "lib/acpi.h"
#include "lib/assert.h"
#include "tests/unit/sample_acpi.h"

static const void *map_memory(void *ctx, paddr_t paddr, size_t size)
{
    const struct span *memory = ctx;

    return span_has(*memory, paddr, size) ? memory->data + paddr : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct acpi_madt madt;
    struct span memory = SPAN(data, size);
    struct problem problem;
    struct acpi_fadt fadt;
    struct acpi_s5 s5;
    struct acpi acpi;
    struct span rsdp;

    if (!acpi_find_rsdp(memory, &rsdp) || !acpi_open(&acpi, map_memory, &memory, rsdp, &problem))
        return 0;
    if (acpi_read_madt(&acpi, &madt, &problem)) {
        BUG_ON(madt.cpu_count > ACPI_MAX_CPUS);
        BUG_ON(madt.ioapic_count > ACPI_MAX_IOAPICS);
    }
    if (acpi_read_fadt(&acpi, &fadt, &problem))
        acpi_read_s5(&acpi, &fadt, &s5);
    return 0;
}

static void repair_table(struct sample *memory, size_t at)
{
    uint32_t size;

    if (!span_read_u32(sample_span(memory), at + 4, &size) || size < 36 ||
        !span_has(sample_span(memory), at, size))
        return;
    sample_checksum(memory, at, size, at + 9);
}

static void repair(struct sample *memory)
{
    static const size_t tables[] = { SAMPLE_RSDT_AT, SAMPLE_XSDT_AT, SAMPLE_MADT_AT, SAMPLE_FADT_AT,
                                     SAMPLE_DSDT_AT };

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        repair_table(memory, tables[i]);
    if (span_has(sample_span(memory), SAMPLE_RSDP_AT, 36)) {
        sample_checksum(memory, SAMPLE_RSDP_AT, 20, SAMPLE_RSDP_AT + 8);
        sample_checksum(memory, SAMPLE_RSDP_AT, 36, SAMPLE_RSDP_AT + 32);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct sample memory;

    if (seed % FUZZ_SAMPLE_RATE == 0) {
        sample_acpi(&memory);
        return fuzz_put_sample(&memory, data, max_size);
    }
    size = LLVMFuzzerMutate(data, size, max_size);
    if (seed % 8 == 0 || size > SAMPLE_SIZE)
        return size;
    memcpy(memory.data, data, size);
    memory.size = size;
    repair(&memory);
    memcpy(data, memory.data, size);
    return size;
}
