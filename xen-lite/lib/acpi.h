/* SPDX-License-Identifier: MIT */
/*
 * Reader of the ACPI tables that boot and power-off need: RSDP, RSDT/XSDT, MADT, FADT, and the
 * sleep type _S5 out of the DSDT. Tables are reached through a callback, so that a test can hand
 * them out of a buffer; firmware is believed no more than any other input.
 */
#ifndef LIB_ACPI_H
#define LIB_ACPI_H

#include "lib/problem.h"
#include "lib/span.h"
#include "lib/types.h"

#define ACPI_RSDP_SIZE_1 20 /* revision 0: RSDT only */
#define ACPI_RSDP_SIZE_2 36 /* with XSDT */

/* More than this is no table, except for the DSDT, which takes its own. */
#define ACPI_MAX_TABLE (4 * MIB)

/* Where in low memory a BIOS leaves the root pointer. UEFI loaders pass a copy. */
#define ACPI_RSDP_SEARCH_START 0xe0000
#define ACPI_RSDP_SEARCH_END   0x100000

/* Gives size bytes of physical memory at paddr, or NULL if they cannot be reached. What it gave
 * stays valid until the reader returns. */
typedef const void *acpi_map(void *ctx, paddr_t paddr, size_t size);

/* How to reach tables, and the root table, checked. */
struct acpi {
    acpi_map *map;
    void *ctx;
    struct span root; /* RSDT or XSDT */
    bool root_is_64;  /* XSDT: entries of 8 bytes */
};

/* Whether the bytes are a root pointer with a right checksum. */
bool acpi_rsdp_is_valid(struct span rsdp);

/* Looks for a root pointer on 16-byte borders. False if there is none. */
bool acpi_find_rsdp(struct span memory, struct span *rsdp);

/* Opens the tables that the root pointer leads to: the XSDT, or the RSDT if there is none. */
bool acpi_open(struct acpi *acpi, acpi_map *map, void *ctx, struct span rsdp,
               struct problem *problem);

/* Finds a table by its 4-letter signature. False if there is none or its checksum is wrong. */
bool acpi_find_table(const struct acpi *acpi, const char *signature, struct span *table);

/* ---- MADT: processors and interrupt controllers ---- */

#define ACPI_MAX_CPUS       256
#define ACPI_MAX_IOAPICS    16
#define ACPI_ISA_INTERRUPTS 16

struct acpi_cpu {
    uint32_t apic_id;
    uint32_t acpi_id;
    bool enabled; /* false: could be added to the running machine */
};

struct acpi_ioapic {
    paddr_t address;
    uint32_t id;
    uint32_t first_interrupt; /* number, over all IOAPICs, of its pin 0 */
};

/* How one of the 16 old interrupts is wired. */
struct acpi_isa_interrupt {
    uint32_t interrupt; /* number over all IOAPICs */
    bool active_low;
    bool level;
};

/* Non-maskable interrupt at a processor's LINT pin. */
struct acpi_nmi {
    bool present;
    uint8_t lint;
    bool active_low;
    bool level;
};

struct acpi_madt {
    paddr_t lapic_address;
    bool has_8259;
    struct acpi_cpu cpus[ACPI_MAX_CPUS];
    unsigned int cpu_count;
    struct acpi_ioapic ioapics[ACPI_MAX_IOAPICS];
    unsigned int ioapic_count;
    struct acpi_isa_interrupt isa[ACPI_ISA_INTERRUPTS];
    struct acpi_nmi nmi;
};

/* Reads the MADT. Processors beyond the limit are left out. False if there is no MADT or an entry
 * in it is broken. */
bool acpi_read_madt(const struct acpi *acpi, struct acpi_madt *madt, struct problem *problem);

/* ---- FADT: fixed hardware ---- */

enum acpi_space {
    ACPI_SPACE_MEMORY = 0,
    ACPI_SPACE_IO = 1,
};

/* A register: address 0 means that there is none. */
struct acpi_register {
    uint8_t space; /* enum acpi_space */
    uint8_t bits;
    uint64_t address;
};

struct acpi_fadt {
    uint16_t sci_interrupt;
    uint32_t smi_command; /* port; 0: no SMI, always in ACPI mode */
    uint8_t acpi_enable;  /* value for smi_command */
    uint8_t acpi_disable;
    struct acpi_register pm1a_event, pm1b_event;
    struct acpi_register pm1a_control, pm1b_control;
    struct acpi_register pm_timer;
    bool pm_timer_is_32_bits; /* else 24 */
    bool hardware_reduced;    /* has sleep_control instead of PM1 */
    struct acpi_register reset;
    uint8_t reset_value;
    struct acpi_register sleep_control;
    paddr_t dsdt;
    bool has_legacy_devices; /* from boot flags: an ISA bus with the old devices */
    bool has_8042;
    uint32_t flags;
};

/* Bits of the PM1 control register. */
#define ACPI_PM1_SCI_ENABLE    (1U << 0)
#define ACPI_PM1_SLEEP_TYPE(t) ((uint32_t)(t) << 10)
#define ACPI_PM1_SLEEP_ENABLE  (1U << 13)

bool acpi_read_fadt(const struct acpi *acpi, struct acpi_fadt *fadt, struct problem *problem);

/* The two sleep types for power-off: what to write to PM1a and PM1b control. */
struct acpi_s5 {
    uint8_t type_a;
    uint8_t type_b;
};

/* Finds \_S5 in the DSDT, without an interpreter: by the name followed by a package of constants,
 * which is what firmware makes of it. False if there is no such thing. */
bool acpi_read_s5(const struct acpi *acpi, const struct acpi_fadt *fadt, struct acpi_s5 *s5);

#endif
