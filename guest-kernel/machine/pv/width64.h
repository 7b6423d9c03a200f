/* SPDX-License-Identifier: MIT */
/* A 64-bit PV kernel: see width.h. */
#ifndef GUEST_KERNEL_PV_WIDTH64_H
#define GUEST_KERNEL_PV_WIDTH64_H

#include "abi/xen.h"
#include "machine/frame64.h"

#define PV_KIND "64-bit paravirtual"

/* ---- Hypercalls ---- */

extern char hypercall_page[];

/* Arguments in rdi, rsi, rdx, r10, r8. The SYSCALL there destroys rcx and r11, the hypervisor the
 * argument registers. "memory": most calls read or write structures of ours. */
static inline long hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c,
                             unsigned long d)
{
    register unsigned long r10 __asm__("r10") = d;
    long result;

    __asm__ volatile("call *%[entry]"
                     : "=a"(result), "+D"(a), "+S"(b), "+d"(c), "+r"(r10)
                     : [entry] "r"(hypercall_page + 32ul * number)
                     : "rcx", "r8", "r9", "r11", "memory");
    return result;
}

static inline long hypercall_update_va_mapping(uintptr_t address, uint64_t entry, unsigned flags)
{
    return hypercall(__HYPERVISOR_update_va_mapping, address, entry, flags, 0);
}

static inline long hypercall_set_timer(uint64_t deadline)
{
    return hypercall(__HYPERVISOR_set_timer_op, deadline, 0, 0, 0);
}

/* ---- Frames, the clock ---- */

static inline struct trap_frame pv_user_frame(void)
{
    return (struct trap_frame){ .cs = FLAT_USER_CS, .ss = FLAT_USER_SS };
}

/* The member of struct cpu_user_regs. */
#define REGISTER(name) r##name

/* How the frame of a top-level table is given. */
static inline unsigned long pv_cr3_of(uint64_t frame)
{
    return frame << 12;
}

/* The member of struct shared_info. */
#define WALL_CLOCK_HIGH wc_sec_hi

/* ---- Page tables ---- */

/* Kernel and programs both run in ring 3: each entry has the user bit. */
#define ENTRY_KERNEL ENTRY_USER

/* The second top is user mode's. Invariant: the first USER_SLOTS entries of both are the same;
 * second has no others, and is NULL for the kernel's own space. */
#define TOPS           2
#define KERNEL_ENTRIES 0u
#define MMUEXT_PIN_TOP MMUEXT_PIN_L4_TABLE

#endif
