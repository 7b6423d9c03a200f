/* SPDX-License-Identifier: MIT */
/*
 * Reads the ACPI tables while the first 4 GiB of physical memory are mapped.
 */
#include "x86/acpi_info.h"

#include "x86/image.h"
#include "x86/paging.h"
#include "x86/report.h"

#define LAPIC_DEFAULT  0xfee00000
#define IOAPIC_DEFAULT 0xfec00000
/* The BIOS's data area: a word with the segment of its extended one, whose first KiB may hold the
 * root pointer. */
#define EBDA_SEGMENT   0x40e

struct acpi_info acpi_info SET_ONCE;

/* Firmware keeps tables below 4 GiB, which the boot page tables map. */
static const void *map(void *ctx, paddr_t paddr, size_t size)
{
    (void)ctx;
    if (paddr >= 4 * GIB || size > 4 * GIB - paddr)
        return NULL;
    return paddr_to_virt(paddr);
}

/* A UEFI loader passes a copy; a BIOS leaves it in one of two places. */
static bool find_root(const struct boot_info *info, struct span *rsdp)
{
    uint16_t ebda;

    *rsdp = SPAN(info->rsdp, info->rsdp_size);
    if (info->rsdp_size != 0 && acpi_rsdp_is_valid(*rsdp))
        return true;
    ebda = *(volatile uint16_t *)paddr_to_virt(EBDA_SEGMENT);
    if (ebda != 0 && acpi_find_rsdp(SPAN(paddr_to_virt((paddr_t)ebda << 4), KIB), rsdp))
        return true;
    return acpi_find_rsdp(
        SPAN(paddr_to_virt(ACPI_RSDP_SEARCH_START), ACPI_RSDP_SEARCH_END - ACPI_RSDP_SEARCH_START),
        rsdp);
}

/* A PC as it was before ACPI. */
static void madt_default(struct acpi_madt *madt)
{
    *madt = (struct acpi_madt){
        .lapic_address = LAPIC_DEFAULT,
        .cpu_count = 1,
        .cpus = { { .enabled = true } },
        .ioapic_count = 1,
        .ioapics = { { .address = IOAPIC_DEFAULT } },
    };
    for (unsigned int i = 0; i < ACPI_ISA_INTERRUPTS; i++)
        madt->isa[i] = (struct acpi_isa_interrupt){ .interrupt = i == 0 ? 2 : i };
}

void acpi_info_read(const struct boot_info *info, struct acpi_madt *madt)
{
    struct acpi acpi;
    struct span rsdp;
    struct problem problem;

    if (!find_root(info, &rsdp)) {
        machine_warn("no ACPI: using one CPU");
        madt_default(madt);
        return;
    }
    if (!acpi_open(&acpi, map, NULL, rsdp, &problem)) {
        machine_warn("ACPI: %s; using one CPU", problem.text);
        madt_default(madt);
        return;
    }
    if (!acpi_read_madt(&acpi, madt, &problem)) {
        machine_warn("ACPI: %s; using one CPU", problem.text);
        madt_default(madt);
    }
    acpi_info.has_fadt = acpi_read_fadt(&acpi, &acpi_info.fadt, &problem);
    if (acpi_info.has_fadt)
        acpi_info.has_s5 = acpi_read_s5(&acpi, &acpi_info.fadt, &acpi_info.s5);
}
