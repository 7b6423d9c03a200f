/* SPDX-License-Identifier: MIT */
/*
 * Physical interrupts, as far as a domain without devices hears of them.
 */
#ifndef XEN_LITE_HYPERCALL_PIRQ_H
#define XEN_LITE_HYPERCALL_PIRQ_H

/* Numbers that a domain could have: what Xen gives one on a machine with one I/O APIC, 24 lines and
 * 32 for message interrupts. */
#define PIRQS 56

#endif
