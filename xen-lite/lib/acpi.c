/* SPDX-License-Identifier: MIT */
/*
 * Finding and checking ACPI tables, and the processor list; see lib/acpi.h. A table is mapped
 * twice: its header, which tells the size, then the whole.
 */
#include "lib/acpi.h"

#include "lib/string.h"

#define HEADER_SIZE 36 /* common to all tables but the RSDP */

/* All bytes of a table add up to 0, modulo 256. */
static bool checksum_is_right(struct span bytes)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < bytes.size; i++)
        sum = (uint8_t)(sum + bytes.data[i]);
    return sum == 0;
}

/* The first checksum covers the 20 bytes of the old form; since revision 2 a second one covers all.
 */
bool acpi_rsdp_is_valid(struct span rsdp)
{
    struct span part;
    uint8_t revision;

    if (!span_sub(rsdp, 0, ACPI_RSDP_SIZE_1, &part) || memcmp(rsdp.data, "RSD PTR ", 8) != 0 ||
        !checksum_is_right(part))
        return false;
    span_read_u8(rsdp, 15, &revision);
    if (revision < 2)
        return true;
    return span_sub(rsdp, 0, ACPI_RSDP_SIZE_2, &part) && checksum_is_right(part);
}

bool acpi_find_rsdp(struct span memory, struct span *rsdp)
{
    for (uint64_t at = 0; span_has(memory, at, ACPI_RSDP_SIZE_1); at += 16) {
        uint64_t size = min((uint64_t)ACPI_RSDP_SIZE_2, memory.size - at);

        if (span_sub(memory, at, size, rsdp) && acpi_rsdp_is_valid(*rsdp))
            return true;
    }
    *rsdp = SPAN(NULL, 0);
    return false;
}

/* Maps the whole table at paddr. */
static bool map_table(const struct acpi *acpi, paddr_t paddr, struct span *table)
{
    uint32_t size;
    const void *data = acpi->map(acpi->ctx, paddr, HEADER_SIZE);

    if (paddr == 0 || data == NULL)
        return false;
    *table = SPAN(data, HEADER_SIZE);
    span_read_u32(*table, 4, &size);
    if (size < HEADER_SIZE || size > ACPI_MAX_TABLE)
        return false;
    data = acpi->map(acpi->ctx, paddr, size);
    *table = SPAN(data, size);
    return data != NULL && checksum_is_right(*table);
}

/* The XSDT is preferred, as the standard says; where it is broken or missing (some firmware leaves
 * it out, some fills it with rubbish) the RSDT has the same tables with 32-bit addresses. */
bool acpi_open(struct acpi *acpi, acpi_map *map, void *ctx, struct span rsdp,
               struct problem *problem)
{
    uint64_t xsdt = 0;
    uint32_t rsdt = 0;
    uint8_t revision = 0;

    *acpi = (struct acpi){ .map = map, .ctx = ctx };
    if (!acpi_rsdp_is_valid(rsdp))
        return problem_say(problem, "ACPI: the root pointer is broken");
    span_read_u8(rsdp, 15, &revision);
    span_read_u32(rsdp, 16, &rsdt);
    if (revision >= 2)
        span_read_u64(rsdp, 24, &xsdt);
    if (xsdt != 0 && map_table(acpi, xsdt, &acpi->root) &&
        memcmp(acpi->root.data, "XSDT", 4) == 0) {
        acpi->root_is_64 = true;
        return true;
    }
    if (map_table(acpi, rsdt, &acpi->root) && memcmp(acpi->root.data, "RSDT", 4) == 0)
        return true;
    return problem_say(problem, "ACPI: no usable root table (XSDT at 0x%llx, RSDT at 0x%x)",
                       (unsigned long long)xsdt, rsdt);
}

/* Of two tables with one signature the first that is intact is taken. */
bool acpi_find_table(const struct acpi *acpi, const char *signature, struct span *table)
{
    size_t entry_size = acpi->root_is_64 ? 8 : 4;

    for (uint64_t at = HEADER_SIZE; span_has(acpi->root, at, entry_size); at += entry_size) {
        uint64_t paddr = 0;

        span_read(acpi->root, at, &paddr, entry_size);

        const void *header = acpi->map(acpi->ctx, paddr, HEADER_SIZE);

        /* The signature before the checksum: only the table that is asked for is read whole. */
        if (header != NULL && memcmp(header, signature, 4) == 0 && map_table(acpi, paddr, table))
            return true;
    }
    *table = SPAN(NULL, 0);
    return false;
}

/* ---- MADT ---- */

/* Types of MADT entries. Those that are missing here describe what we do not use: interrupt sources
 * of other buses, Itanium, hotplug. */
enum madt_entry {
    MADT_LAPIC = 0,
    MADT_IOAPIC = 1,
    MADT_INTERRUPT_OVERRIDE = 2,
    MADT_LAPIC_NMI = 4,
    MADT_LAPIC_ADDRESS = 5,
    MADT_X2APIC = 9,
    MADT_X2APIC_NMI = 10,
};

#define MADT_CPU_ENABLED   1
#define MADT_CPU_ADDABLE   2
#define MADT_FIRST_ENTRY   44
#define MADT_POLARITY_LOW  3
#define MADT_TRIGGER_LEVEL (3 << 2)

/* Interrupt flags: 2 bits polarity, 2 bits trigger mode. The ISA bus's own is high and edge. */
static bool flags_say_low(uint16_t flags)
{
    return (flags & 3) == MADT_POLARITY_LOW;
}

static bool flags_say_level(uint16_t flags)
{
    return (flags & (3 << 2)) == MADT_TRIGGER_LEVEL;
}

/* Processors that are neither running nor able to come are left out: such entries are fillers. */
static void add_cpu(struct acpi_madt *madt, uint32_t apic_id, uint32_t acpi_id, uint32_t flags)
{
    if (!(flags & (MADT_CPU_ENABLED | MADT_CPU_ADDABLE)))
        return;
    /* Firmware may list a processor in both forms. */
    for (unsigned int i = 0; i < madt->cpu_count; i++) {
        if (madt->cpus[i].apic_id == apic_id)
            return;
    }
    if (madt->cpu_count == ACPI_MAX_CPUS)
        return;
    madt->cpus[madt->cpu_count++] = (struct acpi_cpu){
        .apic_id = apic_id,
        .acpi_id = acpi_id,
        .enabled = (flags & MADT_CPU_ENABLED) != 0,
    };
}

/* The readers of entries: false if the entry is too short for its type. The last field of each is
 * read with a check; the ones before it are then there as well. */
static bool read_lapic(struct acpi_madt *madt, struct span entry)
{
    uint8_t acpi_id, apic_id;
    uint32_t flags;

    span_read_u8(entry, 2, &acpi_id);
    span_read_u8(entry, 3, &apic_id);
    if (!span_read_u32(entry, 4, &flags))
        return false;
    /* 255 addresses all; some firmware fills unused entries with it. */
    if (apic_id != 0xff)
        add_cpu(madt, apic_id, acpi_id, flags);
    return true;
}

static bool read_x2apic(struct acpi_madt *madt, struct span entry)
{
    uint32_t apic_id, flags, acpi_id;

    span_read_u32(entry, 4, &apic_id);
    span_read_u32(entry, 8, &flags);
    if (!span_read_u32(entry, 12, &acpi_id))
        return false;
    if (apic_id != UINT32_MAX)
        add_cpu(madt, apic_id, acpi_id, flags);
    return true;
}

static bool read_ioapic(struct acpi_madt *madt, struct span entry)
{
    struct acpi_ioapic ioapic = { 0 };
    uint32_t address;
    uint8_t id;

    span_read_u8(entry, 2, &id);
    span_read_u32(entry, 4, &address);
    if (!span_read_u32(entry, 8, &ioapic.first_interrupt))
        return false;
    ioapic.id = id;
    ioapic.address = address;
    if (madt->ioapic_count < ACPI_MAX_IOAPICS)
        madt->ioapics[madt->ioapic_count++] = ioapic;
    return true;
}

/* Says how an old ISA interrupt is wired if not straight to the pin of its number. */
static bool read_override(struct acpi_madt *madt, struct span entry)
{
    uint8_t source;
    uint32_t interrupt;
    uint16_t flags;

    span_read_u8(entry, 3, &source);
    span_read_u32(entry, 4, &interrupt);
    if (!span_read_u16(entry, 8, &flags))
        return false;
    if (source < ACPI_ISA_INTERRUPTS)
        madt->isa[source] = (struct acpi_isa_interrupt){
            .interrupt = interrupt,
            .active_low = flags_say_low(flags),
            .level = flags_say_level(flags),
        };
    return true;
}

/* One wiring serves all processors; where firmware describes several, the last counts. */
static bool read_nmi(struct acpi_madt *madt, struct span entry, unsigned int flags_at,
                     unsigned int lint_at)
{
    uint16_t flags;

    span_read_u16(entry, flags_at, &flags);
    if (!span_read_u8(entry, lint_at, &madt->nmi.lint))
        return false;
    madt->nmi.present = true;
    madt->nmi.active_low = flags_say_low(flags);
    madt->nmi.level = flags_say_level(flags);
    return true;
}

static bool read_madt_entry(struct acpi_madt *madt, uint8_t type, struct span entry)
{
    switch (type) {
    case MADT_LAPIC: return read_lapic(madt, entry);
    case MADT_X2APIC: return read_x2apic(madt, entry);
    case MADT_IOAPIC: return read_ioapic(madt, entry);
    case MADT_INTERRUPT_OVERRIDE: return read_override(madt, entry);
    case MADT_LAPIC_NMI: return read_nmi(madt, entry, 3, 5);
    case MADT_X2APIC_NMI: return read_nmi(madt, entry, 2, 8);
    case MADT_LAPIC_ADDRESS: return span_read_u64(entry, 4, &madt->lapic_address);
    default: return true;
    }
}

/* One broken entry fails the whole table: what follows it cannot be found. */
bool acpi_read_madt(const struct acpi *acpi, struct acpi_madt *madt, struct problem *problem)
{
    struct span table, entry;
    uint32_t lapic_address, flags;
    uint8_t type, size;

    memset(madt, 0, sizeof(*madt));
    for (unsigned int i = 0; i < ACPI_ISA_INTERRUPTS; i++)
        madt->isa[i].interrupt = i;
    if (!acpi_find_table(acpi, "APIC", &table))
        return problem_say(problem, "ACPI: no usable MADT: the processors are unknown");
    span_read_u32(table, 36, &lapic_address);
    if (!span_read_u32(table, 40, &flags))
        return problem_say(problem, "ACPI: the MADT has %zu bytes only", table.size);
    madt->lapic_address = lapic_address;
    madt->has_8259 = flags & 1;
    for (uint64_t at = MADT_FIRST_ENTRY; at < table.size; at += size) {
        span_read_u8(table, at, &type);
        /* Two bytes at least: with a size of 0 this would be a loop without end. */
        if (!span_read_u8(table, at + 1, &size) || size < 2 || !span_sub(table, at, size, &entry) ||
            !read_madt_entry(madt, type, entry))
            return problem_say(problem, "ACPI: MADT entry at 0x%llx (type %u, %u bytes) is broken",
                               (unsigned long long)at, type, size);
    }
    return true;
}
