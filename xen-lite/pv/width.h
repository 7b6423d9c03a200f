/* SPDX-License-Identifier: MIT */
/*
 * The two widths of a PV guest, as data: one constant table each, in width32.c and width64.c.
 *
 * What differs in numbers is a member here; what differs in kind (how a frame is built on a stack,
 * which table a base pointer names) is a function here, whose two bodies are in those two files or
 * in a pair of files that they name. Code that serves both takes what it needs from the table and
 * has no condition on the width. docs/rings.md draws the two shapes.
 */
#ifndef XEN_LITE_PV_WIDTH_H
#define XEN_LITE_PV_WIDTH_H

#include <stdint.h>

#include "domain/width.h"

struct regs;
struct start_info_64;
struct vcpu;

struct pv_width {
    struct guest_width guest;
    const char *name; /* "64-bit", for messages */

    /* Rings and flat segments. Where both are ring 3, pv_vcpu.kernel_mode alone tells them apart.
     */
    uint8_t kernel_ring;
    uint16_t kernel_cs, kernel_ss, kernel_ds, user_cs, user_ss;

    /* Page tables */
    uint8_t root_level;   /* of the guest's root table: 4, or 3 (PAE) */
    uint8_t root_entries; /* that the first root table has from the start, used or not */

    /* Addresses from the first up to (not including) the second are not the guest's. */
    uint64_t hypervisor_start, hypervisor_end;

    /* The start of day. The second puts a start_info in the guest's layout into a zeroed page. */
    const char *magic;
    void (*write_start_info)(void *page, const struct start_info_64 *from);

    /* The crash report: registers, and what they are called. */
    const char *counter_name, *stack_name;
    void (*print_registers)(const struct vcpu *v, const struct regs *r);
};

/* report.c */
void pv_print_registers_32(const struct vcpu *v, const struct regs *r);
void pv_print_registers_64(const struct vcpu *v, const struct regs *r);

/* build_start.c */
void pv_write_start_info_32(void *page, const struct start_info_64 *from);
void pv_write_start_info_64(void *page, const struct start_info_64 *from);

extern const struct pv_width pv_width_32, pv_width_64;

#endif
