/* SPDX-License-Identifier: MIT */
/*
 * Starting the other CPUs.
 */
#ifndef XEN_LITE_X86_SMP_H
#define XEN_LITE_X86_SMP_H

#include "lib/acpi.h"

/* Starts all CPUs of the MADT, up to `limit` in all, one after the other. Each gets its stacks and
 * descriptor page from the paging page source, sets itself up and calls `main`, which does not
 * return and reports by cpu_set_online(). A CPU that does not answer is left out, with a line. */
void smp_start(const struct acpi_madt *madt, unsigned int limit, void (*main)(void));

#endif
