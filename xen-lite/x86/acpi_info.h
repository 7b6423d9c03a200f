/* SPDX-License-Identifier: MIT */
/*
 * What the machine's ACPI tables say, read once at boot.
 */
#ifndef XEN_LITE_X86_ACPI_INFO_H
#define XEN_LITE_X86_ACPI_INFO_H

#include <stdbool.h>

#include "lib/acpi.h"
#include "lib/boot_info.h"

/* Kept for power-off, reset and the clock. */
struct acpi_info {
    bool has_fadt;
    bool has_s5;
    struct acpi_fadt fadt;
    struct acpi_s5 s5;
};

extern struct acpi_info acpi_info;

/* Finds and reads the tables. They are reached through the boot page tables, so this comes before
 * paging_init(). Without a MADT the machine is taken to have one CPU and a PC's usual IOAPIC; says
 * so. Fills madt, which is needed during boot only. */
void acpi_info_read(const struct boot_info *info, struct acpi_madt *madt);

#endif
