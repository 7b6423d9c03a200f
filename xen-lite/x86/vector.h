/* SPDX-License-Identifier: MIT */
/*
 * Interrupt vectors: who uses which. A higher number is served first.
 */
#ifndef XEN_LITE_X86_VECTOR_H
#define XEN_LITE_X86_VECTOR_H

/* Exceptions: the CPU's. */
#define VECTOR_DE         0
#define VECTOR_DB         1
#define VECTOR_NMI        2
#define VECTOR_BP         3
#define VECTOR_OF         4
#define VECTOR_BR         5
#define VECTOR_UD         6
#define VECTOR_NM         7
#define VECTOR_DF         8
#define VECTOR_TS         10
#define VECTOR_NP         11
#define VECTOR_SS         12
#define VECTOR_GP         13
#define VECTOR_PF         14
#define VECTOR_MF         16
#define VECTOR_AC         17
#define VECTOR_MC         18
#define VECTOR_XM         19
#define VECTOR_EXCEPTIONS 32 /* below: exceptions */

/* `int n` of guests that has a gate of its own. */
#define VECTOR_INT80       0x80
#define VECTOR_HYPERCALL32 0x82

/* Devices: the 16 interrupts of the old PC, by IOAPIC. */
#define VECTOR_IRQ0       0xe0
#define VECTOR_IRQ_LAST   0xef
/* The local APIC's own. */
#define VECTOR_TIMER      0xf0
#define VECTOR_KNOCK      0xf1
#define VECTOR_APIC_ERROR 0xfe
#define VECTOR_SPURIOUS   0xff

#endif
