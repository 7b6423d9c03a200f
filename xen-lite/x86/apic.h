/* SPDX-License-Identifier: MIT */
/*
 * The local APIC: interrupts between CPUs, and the CPU's one-shot timer. Registers are in memory
 * (xAPIC) or, where the CPU has it, are MSRs (x2APIC).
 */
#ifndef XEN_LITE_X86_APIC_H
#define XEN_LITE_X86_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/types.h"

/* Chooses the mode and maps the registers. Boot CPU, once. */
void apic_init(paddr_t address);

/* Switches this CPU's APIC on and notes its APIC id for apic_send(). */
void apic_init_cpu(void);

void apic_acknowledge(void);

/* This CPU's APIC id; that of a CPU that is set up. */
uint32_t apic_own_id(void);
uint32_t apic_id_of(unsigned int cpu);

/* Sends an interrupt, or an NMI, to a CPU that is set up. */
void apic_send(unsigned int cpu, unsigned int vector);
void apic_send_nmi(unsigned int cpu);

/* For starting a CPU that is not set up yet, by its APIC id. page: where it begins, below 1 MiB. */
void apic_send_init(uint32_t apic_id);
void apic_send_startup(uint32_t apic_id, paddr_t page);

/* The timer: counts down from `ticks` and raises VECTOR_TIMER once; 0 stops it. In TSC-deadline
 * mode it is given the TSC value instead. */
void apic_timer_init(bool tsc_deadline);
void apic_timer_start(uint32_t ticks);
void apic_timer_set_deadline(uint64_t tsc);
uint32_t apic_timer_read(void);

#endif
