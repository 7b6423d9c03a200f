/* SPDX-License-Identifier: MIT */
/*
 * What a PV guest has beyond every guest: its trap table and callbacks, its two page-table bases,
 * its descriptor tables.
 *
 * A 64-bit PV guest's kernel and programs both run in ring 3. They are told apart by .kernel_mode,
 * and by the table that is loaded: the kernel's base while it is true, the user base otherwise. A
 * 32-bit guest has one table for both, and rings 1 and 3. So who runs is asked by pv_in_kernel()
 * (mode.h). Guest width is data: struct pv_width (width.h).
 */
#ifndef XEN_LITE_PV_PV_H
#define XEN_LITE_PV_PV_H

#include "core/rules.h"
#include "domain/domain.h"
#include "lib/elf_index.h"
#include "lib/span.h"
#include "pv/half_tables.h"
#include "pv/width.h"
#include "x86/cpu_bits.h"
#include "x86/instr.h"

#define GDT_GUEST_PAGES   14
#define GDT_GUEST_ENTRIES (GDT_GUEST_PAGES * 512)
#define LDT_PAGES         16

enum pv_callback {
    PV_CALLBACK_EVENT,
    PV_CALLBACK_FAILSAFE,
    PV_CALLBACK_SYSCALL,
    PV_CALLBACK_SYSCALL32,
    PV_CALLBACK_SYSENTER,
    PV_CALLBACKS
};

/* Where the guest's kernel is entered: for a vector, or a callback. */
struct pv_trap {
    uint64_t address;
    uint16_t cs;         /* 32-bit; of ring 1 at least */
    uint8_t dpl;         /* lowest ring that may raise it by int n */
    bool present;        /* there is a handler; 32-bit: one at address 0 can be */
    bool mask_events;    /* entering it masks the upcall */
    bool has_error_code; /* said by the vector */
    uint8_t frame_size;  /* 64-bit: bytes that its frame takes on the kernel's stack */
};

#define TRAP_VECTORS 256

#define PV_FRAME_SIZE            56
#define PV_FRAME_ERROR_CODE_SIZE 8
#define PV_FRAME_SELECTORS_SIZE  32 /* failsafe only */

/* Keys as in domain.h, and m = the domain's mmu_lock. */
struct pv_vcpu {
    /* Traps: o */
    struct pv_trap *trap;                  /* 256 */
    struct pv_trap callback[PV_CALLBACKS]; /* .dpl is not used */
    uint64_t kernel_sp;                    /* stack_switch */
    uint16_t kernel_ss;
    const struct pv_width *width; /* c: the domain's */
    bool kernel_mode; /* true: the kernel's tables are loaded (or will be), false: those of its
                         programs, which 32-bit guests do not have; while it is loaded,
                         cpu_top()->user_mode is the opposite, for the SYSCALL entry */

    /* Address space */
    mfn_t kernel_table;      /* m: root table with a reference held, or INVALID_MFN */
    mfn_t user_table;        /* m: the same for user mode; INVALID_MFN: none */
    mfn_t kernel_l4;         /* m: what is loaded for kernel_table: itself, or the L4 above it */
    struct half_tables half; /* m: tables that this vCPU's calls have yet to take down */

    /* Segments: o. Selectors of the data segments and the three bases. */
    uint16_t ds, es, fs, gs;
    uint64_t fs_base, gs_base_kernel, gs_base_user;

    /* Descriptor tables */
    mfn_t gdt_frame[GDT_GUEST_PAGES]; /* m: frames with a descriptor-page reference */
    uint32_t gdt_entries;             /* m: that the guest set (0 .. 7168) */
    gva_t ldt_base;                   /* m */
    uint32_t ldt_entries;             /* m: 0 = none */
    mfn_t ldt_frame[LDT_PAGES];       /* m: pages of the LDT window mapped so far (on demand), else
                                         INVALID_MFN */

    /* Virtual control state: o */
    uint64_t cr4;        /* of what guests have a choice in: what it asked for */
    uint64_t xcr0;       /* 0 where there is no XSAVE */
    uint32_t tsc_aux;    /* what RDTSCP gives besides the time */
    uint64_t mcg_status; /* of its machine checks, which never happen: what it wrote there */
    bool ts;             /* CR0.TS as set by fpu_taskswitch */
    bool cpuid_faulting; /* its kernel wants the CPUID of programs to be a fault */
    uint64_t dr[8];      /* DR7 without breakpoints on ports: the CPU's */
    uint64_t dr7_ports;  /* the enable bits of those */
    uint8_t iopl;
    gva_t io_bitmap;
    uint32_t io_bitmap_ports;
};

/* How far the audit of a domain is. */
struct audit_progress {
    unsigned int stage;  /* passes over its frames that are finished */
    struct frame *at;    /* the next of the pass under way, with a reference; null: not begun */
    uint32_t handle;     /* the next of the mapping track; 0: not begun */
    unsigned long wrong; /* differences found */
};

/* What is known of a kernel's file, which stays in memory as long as this does (image.c). */
struct image {
    struct elf_index symbols;
};

/* Keys as above. */
struct pv_domain {
    uint64_t *area_l3;    /* c: tables of L4 slot 257, the vCPUs' descriptor windows (area.h) */
    uint64_t *area_l2;    /* c */
    uint64_t *area_l1[8]; /* c */
    const struct image *image;    /* c: of the guest's file, for reports; null: it has no symbols */
    const struct pv_width *width; /* c */
    mfn_t console_frame;          /* d: held for the console ring, or INVALID_MFN */
    mfn_t eoi_frame;              /* a: of PHYSDEVOP_pirq_eoi_gmfn, set once, or INVALID_MFN */
    struct half_tables half;      /* m: as in pv_vcpu, of pv_relinquish() */
    struct audit_progress audit;  /* d: of audit_dying_domain() */
    uint32_t looks_at_end;        /* d: of pv_relinquish(): whether all frames are back */
    uint32_t pci_address;         /* a: what was written to port 0xcf8 */
};

extern const struct guest_ops pv_guest_ops;

struct regs;

/* ---- bounce.c: entering the guest's kernel. regs is cpu_top()->guest of the CPU on which v is
 * loaded. ---- */

/* Makes the guest's handler for `vector` run next. error_code is used where the vector has one. A
 * guest that cannot take it ends. */
void pv_inject(struct vcpu *v, struct regs *regs, unsigned int vector, uint32_t error_code);
/* The same for INT n, which has no error code. */
void pv_inject_software(struct vcpu *v, struct regs *regs, unsigned int vector);
void pv_inject_page_fault(struct vcpu *v, struct regs *regs, gva_t address, uint32_t error_code);
/* Any callback but failsafe, whose frame is longer and which has a function of its own. */
void pv_inject_callback(struct vcpu *v, struct regs *regs, enum pv_callback which);
void pv_inject_failsafe(struct vcpu *v, struct regs *regs);

/* "#GP", "int 0x80": for messages. */
const char *pv_vector_name(unsigned int vector);

/* ---- iret.c ---- */

/* The flags that a guest runs with which asks for these: with interrupts on, as its mask is in
 * memory, and without those that are privileges or mean something to the next IRETQ only. */
static inline uint64_t pv_rflags(uint64_t wanted)
{
    uint64_t off = RFLAGS_IOPL | RFLAGS_VM | RFLAGS_NT | RFLAGS_VIF | RFLAGS_VIP;

    return (wanted & ~off) | RFLAGS_IF | RFLAGS_RESERVED1;
}

/* The iret hypercall: loads the frame at the guest's stack pointer. */
void pv_iret_64(struct vcpu *v, struct regs *regs);
void pv_iret_32(struct vcpu *v, struct regs *regs);

/* ---- switch.c: state in this CPU's registers; v is the current vCPU ---- */

void pv_switch_in(struct vcpu *v);
void pv_switch_out(struct vcpu *v);
/* Loads the page tables that belong to v's present mode. */
void pv_load_tables(struct vcpu *v);
void pv_load_ldt(struct vcpu *v);
void pv_load_debug(const struct pv_vcpu *pv);
/* emulate_cr.c: the guest's choice of CR4; what of it the CPU must know. */
void pv_set_cr4(struct pv_vcpu *pv, uint64_t value);
void pv_load_cr4(const struct pv_vcpu *pv);
void pv_set_ts(struct pv_vcpu *pv, bool ts);
/* which: SEGBASE_FS, SEGBASE_GS_USER or SEGBASE_GS_KERNEL; base is canonical. */
void pv_set_segment_base(struct pv_vcpu *pv, unsigned int which, uint64_t base);
void pv_load_user_gs(uint16_t selector);

/* ---- traps.c: what a guest's exceptions mean ---- */

/* By vector. The frame is the trap's: .vector, .error_code. */
typedef void pv_exception_handler(struct vcpu *v, struct regs *regs);
extern pv_exception_handler *const pv_exceptions[];
/* int 0x80. */
void pv_open_gate(struct vcpu *v, struct regs *regs);
void pv_page_fault(struct vcpu *v, struct regs *regs, gva_t address);
/* SYSCALL. which: the callback for the width of the code that made it. */
void pv_syscall(struct vcpu *v, struct regs *regs, enum pv_callback which);

/* ---- emulate.c: privileged instructions. True if done or a fault was injected; false: not one of
 * ours. ---- */

bool pv_emulate_privileged(struct vcpu *v, struct regs *regs);
/* #UD: CPUID with the prefix that asks for the hypervisor's answer, or the guest's own. */
void pv_invalid_opcode(struct vcpu *v, struct regs *regs);

/* ---- cpuid.c ---- */

/* What CPUID tells a guest: the hypervisor's leaves, and the CPU's with what a PV guest must not
 * use masked out. */
struct cpuid pv_cpuid(uint32_t leaf, uint32_t subleaf);

/* ---- build_image.c ---- */

/* Fills a page with the stubs that guests of that width call, 32 bytes for each hypercall number.
 */
void pv_write_hypercall_page(const struct pv_width *width, void *page);

/* ---- report.c ---- */

/* The crash report: registers, page-table walk of the faulting address, backtrace with the guest's
 * symbols. */
void pv_describe(struct vcpu *v);
/* Where v, the current vCPU, is: "ADDRESS function+0x12 < its caller+0x34 < ...", as far as image
 * and stack tell. A kernel that calls through its hypercall page is there at each call. */
void pv_format_place(const struct vcpu *v, char *text, size_t size);

/* ---- descriptor_tables.c, mmu*.c, audit.c: see mmu.h ---- */

/* A page fault at an offset into the LDT part of v's window: maps the LDT page on demand. True if
 * the instruction is to be repeated. */
bool pv_ldt_fault(struct vcpu *v, uint64_t offset);
/* A page fault of the hypervisor, which loads a segment register for v, the current vCPU. No lock
 * is held. True if the address was of an LDT page, which is mapped now. In traps.c. */
bool pv_hypervisor_ldt_fault(struct vcpu *v, gva_t address);
/* A page fault whose access the loaded tables allow: another vCPU has changed them, or the CPU knew
 * an older entry and guests need not flush when they allow more. True if the instruction is to be
 * repeated. In stale_fault.c. */
bool pv_stale_fault(struct vcpu *v, gva_t address, uint32_t error_code);
/* The same for a fault of the hypervisor's instruction at rip, which touches v's memory. False,
 * too, if it has been repeated too often. */
bool pv_hypervisor_stale_fault(struct vcpu *v, uint64_t rip, gva_t address, uint32_t error_code);
/* A write fault on a page-table page: emulates the write through the checks. True if handled. */
bool pv_write_fault(struct vcpu *v, struct regs *regs, gva_t address);
/* Recomputes all counts of all frames and compares. Returns the number of differences, each
 * printed. The caller has stopped the world. */
unsigned long audit_run(void);

/* ---- build.c ---- */

/* Builds PV domains from their images. */
extern const struct domain_builder pv_builder;

#endif
