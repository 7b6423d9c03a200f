/* SPDX-License-Identifier: MIT */
/*
 * ACPI's fixed hardware and power-off: FADT and the package _S5 of the DSDT; see lib/acpi.h.
 *
 * The FADT has grown over the years: old fields hold 32-bit ports, newer ones the same as general
 * registers with 64-bit addresses. A newer one counts if it is there and not zero.
 */
#include "lib/acpi.h"

#include "lib/string.h"

#define HEADER_SIZE   36
#define REGISTER_SIZE 12

/* Bits of the FADT's flags. */
enum fadt_flag {
    FADT_TIMER_IS_32_BITS = 1 << 8,
    FADT_HAS_RESET = 1 << 10,
    FADT_HARDWARE_REDUCED = 1 << 20,
};

/* Bits of the FADT's boot flags, which tell what an old PC would have. */
enum fadt_boot_flag {
    FADT_LEGACY_DEVICES = 1 << 0,
    FADT_8042 = 1 << 1,
};

/* A general register: space, width, offset, access size, address. All zero if it is not there. */
static struct acpi_register read_register(struct span fadt, uint64_t at)
{
    struct acpi_register reg = { 0 };
    struct span bytes;

    if (!span_sub(fadt, at, REGISTER_SIZE, &bytes))
        return reg;
    span_read_u8(bytes, 0, &reg.space);
    span_read_u8(bytes, 1, &reg.bits);
    span_read_u64(bytes, 4, &reg.address);
    return reg;
}

/* The register in its newer place, or else in its older one. length_at is where the older form
 * keeps its size in bytes. */
static struct acpi_register read_either(struct span fadt, uint64_t new_at, uint64_t old_at,
                                        uint64_t length_at)
{
    struct acpi_register reg = read_register(fadt, new_at);
    uint32_t port;
    uint8_t bytes;

    if (reg.address != 0)
        return reg;
    span_read_u32(fadt, old_at, &port);
    span_read_u8(fadt, length_at, &bytes);
    return (struct acpi_register){ .space = ACPI_SPACE_IO,
                                   .bits = (uint8_t)(bytes * 8),
                                   .address = port };
}

/* Offsets are those of the standard; fields that the table is too short for read as 0, which for a
 * register means that it is not there. */
bool acpi_read_fadt(const struct acpi *acpi, struct acpi_fadt *fadt, struct problem *problem)
{
    struct span table;
    uint32_t dsdt;
    uint16_t boot_flags;

    memset(fadt, 0, sizeof(*fadt));
    if (!acpi_find_table(acpi, "FACP", &table))
        return problem_say(problem, "ACPI: no usable FADT");
    if (!span_read_u32(table, 112, &fadt->flags))
        return problem_say(problem, "ACPI: the FADT has %zu bytes only", table.size);
    span_read_u16(table, 46, &fadt->sci_interrupt);
    span_read_u32(table, 48, &fadt->smi_command);
    span_read_u8(table, 52, &fadt->acpi_enable);
    span_read_u8(table, 53, &fadt->acpi_disable);
    fadt->pm1a_event = read_either(table, 148, 56, 88);
    fadt->pm1b_event = read_either(table, 160, 60, 88);
    fadt->pm1a_control = read_either(table, 172, 64, 89);
    fadt->pm1b_control = read_either(table, 184, 68, 89);
    fadt->pm_timer = read_either(table, 208, 76, 91);
    fadt->pm_timer_is_32_bits = fadt->flags & FADT_TIMER_IS_32_BITS;
    fadt->hardware_reduced = fadt->flags & FADT_HARDWARE_REDUCED;
    if (fadt->flags & FADT_HAS_RESET)
        fadt->reset = read_register(table, 116);
    span_read_u8(table, 128, &fadt->reset_value);
    fadt->sleep_control = read_register(table, 244);
    span_read_u32(table, 40, &dsdt);
    if (!span_read_u64(table, 140, &fadt->dsdt) || fadt->dsdt == 0)
        fadt->dsdt = dsdt;
    span_read_u16(table, 109, &boot_flags);
    fadt->has_legacy_devices = boot_flags & FADT_LEGACY_DEVICES;
    fadt->has_8042 = boot_flags & FADT_8042;
    return true;
}

/* Bytes of ACPI's machine language. */
enum aml {
    AML_ZERO = 0x00,
    AML_ONE = 0x01,
    AML_NAME = 0x08,
    AML_BYTE = 0x0a,
    AML_WORD = 0x0b,
    AML_DWORD = 0x0c,
    AML_PACKAGE = 0x12,
};

/* Reads one integer constant and moves behind it; the low byte is all that matters. */
static bool read_constant(struct span code, uint64_t *at, uint8_t *value)
{
    uint8_t opcode;

    if (!span_read_u8(code, *at, &opcode))
        return false;
    ++*at;
    if (opcode == AML_ZERO || opcode == AML_ONE) {
        *value = opcode;
        return true;
    }
    if (opcode != AML_BYTE && opcode != AML_WORD && opcode != AML_DWORD)
        return false;

    uint64_t size = opcode == AML_BYTE ? 1 : opcode == AML_WORD ? 2 : 4;

    if (!span_has(code, *at, size))
        return false;
    span_read_u8(code, *at, value);
    *at += size;
    return true;
}

/* Reads what follows the name: package, its length, the number of elements, two constants. The
 * top two bits of a length's first byte tell how many more bytes the length has. */
static bool read_package(struct span code, uint64_t at, struct acpi_s5 *s5)
{
    uint8_t opcode, length, count;

    if (!span_read_u8(code, at, &opcode) || opcode != AML_PACKAGE ||
        !span_read_u8(code, at + 1, &length))
        return false;
    at += 2 + (length >> 6);
    if (!span_read_u8(code, at, &count) || count < 1)
        return false;
    at++;
    if (!read_constant(code, &at, &s5->type_a))
        return false;
    /* A package of one element packs both types into it only on very old machines: then type_b is
     * not used anyway, as there is no PM1b. */
    if (count < 2 || !read_constant(code, &at, &s5->type_b))
        s5->type_b = s5->type_a;
    return true;
}

/* Whether the name at this place is being defined: Name(_S5_, ...) or Name(\_S5_, ...). */
static bool is_definition(struct span code, uint64_t at)
{
    return (at >= 1 && code.data[at - 1] == AML_NAME) ||
           (at >= 2 && code.data[at - 1] == '\\' && code.data[at - 2] == AML_NAME);
}

/* The DSDT's own checksum is not asked for: it is often wrong in the field, and a wrong sleep type
 * only leaves the machine running. Costs one pass over the table. */
bool acpi_read_s5(const struct acpi *acpi, const struct acpi_fadt *fadt, struct acpi_s5 *s5)
{
    const void *data;
    struct span code;
    uint32_t size;

    *s5 = (struct acpi_s5){ 0, 0 };
    if (fadt->dsdt == 0)
        return false;
    data = acpi->map(acpi->ctx, fadt->dsdt, HEADER_SIZE);
    if (data == NULL || memcmp(data, "DSDT", 4) != 0)
        return false;
    span_read_u32(SPAN(data, HEADER_SIZE), 4, &size);
    if (size < HEADER_SIZE || size > ACPI_MAX_TABLE)
        return false;
    data = acpi->map(acpi->ctx, fadt->dsdt, size);
    if (data == NULL)
        return false;
    code = SPAN(data, size);
    for (uint64_t at = HEADER_SIZE; span_has(code, at, 4); at++) {
        if (memcmp(code.data + at, "_S5_", 4) == 0 && is_definition(code, at) &&
            read_package(code, at + 4, s5))
            return true;
    }
    return false;
}
