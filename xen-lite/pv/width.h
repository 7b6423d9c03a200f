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

#include <stdbool.h>
#include <stdint.h>

#include "core/pte_format.h"
#include "domain/width.h"
#include "lib/types.h"

struct domain;
struct mmu;
struct pv_trap;
struct pv_vcpu;
struct regs;
struct pv_context;
struct start_info_64;
struct vcpu;

/* CPUID bits that guests of a width do not see, beyond what none of them does. */
struct pv_cpuid_hidden {
    uint32_t all_but_leaf1_ecx; /* the others: that leaf is asked for often */
    uint32_t extended1_ecx, extended1_edx;
    uint32_t extended1_edx_not_amd; /* on other CPUs than AMD's */
    uint8_t virtual_bits;           /* what is told about the width of an address */
};

struct pv_width {
    struct guest_width guest;
    const char *name; /* "64-bit", for messages */

    /* Rings and flat segments. Where both are ring 3, pv_vcpu.kernel_mode alone tells them apart.
     */
    uint8_t kernel_ring;
    uint8_t program_ring; /* the bit of CS that is set in programs only, or 0 */
    uint16_t kernel_cs, kernel_ss, kernel_ds, user_cs, user_ss;
    uint16_t syscall32_cs, syscall32_ss; /* whence a SYSCALL in 32-bit code is said to come */
    uint16_t handler_cs;                 /* of all its handlers; 0: each has its own */
    uint8_t no_syscall32;                /* the exception that it is without a callback */
    uint8_t gdt_kind;                    /* enum gdt_kind: the hypervisor's page in its GDT */
    enum rule_id (*check_descriptor)(uint64_t *descriptor);

    /* Entering the kernel, leaving it, and the segment registers of a vCPU that is loaded: whether
     * all were taken; saved. */
    void (*enter)(struct vcpu *v, struct regs *regs, const struct pv_trap *t, uint32_t error_code);
    void (*enter_failsafe)(struct vcpu *v, struct regs *regs);
    void (*iret)(struct vcpu *v, struct regs *regs);
    bool (*load_segments)(struct pv_vcpu *pv);
    void (*save_segments)(struct pv_vcpu *pv);

    /* What its kernel may switch on, and sees of the CPU */
    uint64_t assists;
    uint32_t callbacks;      /* bits of enum pv_callback: those that it can register */
    uint64_t cr4_off;        /* must be off while it runs */
    uint64_t efer;           /* as it reads it, and ... */
    uint64_t efer_not_intel; /* ... bits that it does not have on Intel's CPUs */
    struct pv_cpuid_hidden hidden;
    bool has_base_msrs;                                     /* FS, GS and kernel GS base */
    void (*write_stub)(uint8_t *stub, unsigned int number); /* of its hypercall page */

    /* The state that a vCPU begins with, from the guest's memory: 0, -XEN_EFAULT, -XEN_ENOMEM. */
    int (*read_context)(struct pv_context *to, gva_t from);

    /* Page tables: core/pte_format.h, and root64.c, root32.c. create_top() gives a vCPU, before it
     * has any table, what stands above them; 0 or -XEN_ENOMEM. use_root() makes kernel_l4 lead to a
     * new kernel_table. set_user_table() is the base pointer of programs; INVALID_MFN: none.
     * fill_table() writes the hypervisor's entries into a table that becomes one. cr3_of() and
     * cr3_mfn(): what the guest sees in CR3. */
    const struct pte_format *format;
    const struct m2p_view *m2p;
    int (*create_top)(struct vcpu *v);
    void (*destroy_top)(struct vcpu *v);
    void (*use_root)(struct mmu *m, struct vcpu *v);
    enum rule_id (*set_user_table)(struct mmu *m, struct vcpu *v, mfn_t mfn);
    void (*fill_table)(const struct domain *d, enum frame_type type, uint64_t *table);
    uint64_t (*cr3_of)(mfn_t root);
    mfn_t (*cr3_mfn)(uint64_t cr3);
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
/* bounce.c, bounce32.c */
void pv_enter_64(struct vcpu *v, struct regs *regs, const struct pv_trap *t, uint32_t error_code);
void pv_enter_32(struct vcpu *v, struct regs *regs, const struct pv_trap *t, uint32_t error_code);
void pv_enter_failsafe_64(struct vcpu *v, struct regs *regs);
void pv_enter_failsafe_32(struct vcpu *v, struct regs *regs);
/* switch.c */
bool pv_load_segments_64(struct pv_vcpu *pv);
bool pv_load_segments_32(struct pv_vcpu *pv);
void pv_save_segments_64(struct pv_vcpu *pv);
void pv_save_segments_32(struct pv_vcpu *pv);
/* context.c, context32.c */
int pv_read_context_64(struct pv_context *to, gva_t from);
int pv_read_context_32(struct pv_context *to, gva_t from);
/* build_image.c */
void pv_write_stub_64(uint8_t *stub, unsigned int number);
void pv_write_stub_32(uint8_t *stub, unsigned int number);

extern const struct pv_width pv_width_32, pv_width_64;

#endif
