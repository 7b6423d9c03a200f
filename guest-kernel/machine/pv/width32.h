/* SPDX-License-Identifier: MIT */
/* A 32-bit PAE PV kernel: see width.h. */
#ifndef GUEST_KERNEL_PV_WIDTH32_H
#define GUEST_KERNEL_PV_WIDTH32_H

#include "abi/xen.h"
#include "machine/frame32.h"

#define PV_KIND "32-bit paravirtual"

/* ---- Hypercalls ---- */

extern char hypercall_page[];

/* Arguments in ebx, ecx, edx, esi, edi. "memory": most calls read or write structures of ours. */
static inline long hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c,
                             unsigned long d)
{
    long result;

    __asm__ volatile("call *%[entry]"
                     : "=a"(result), "+b"(a), "+c"(b), "+d"(c), "+S"(d)
                     : [entry] "r"(hypercall_page + 32ul * number)
                     : "memory");
    return result;
}

static inline long hypercall_update_va_mapping(uintptr_t address, uint64_t entry, unsigned flags)
{
    return hypercall(__HYPERVISOR_update_va_mapping, address, (uint32_t)entry,
                     (uint32_t)(entry >> 32), flags);
}

static inline long hypercall_set_timer(uint64_t deadline)
{
    return hypercall(__HYPERVISOR_set_timer_op, (uint32_t)deadline, (uint32_t)(deadline >> 32), 0,
                     0);
}

/* ---- Frames, the clock ---- */

static inline struct trap_frame pv_user_frame(void)
{
    return (struct trap_frame){
        .ds = FLAT_USER_DS, .es = FLAT_USER_DS, .cs = FLAT_USER_CS, .ss = FLAT_USER_SS
    };
}

/* The member of struct cpu_user_regs. */
#define REGISTER(name) e##name

/* How the frame of a top-level table is given (32 bits hold it all the same: turned round). */
static inline unsigned long pv_cr3_of(uint64_t frame)
{
    return (unsigned long)(frame << 12 | frame >> 20);
}

/* The member of struct shared_info. */
#define WALL_CLOCK_HIGH arch.wc_sec_hi

/* ---- Page tables ---- */

/* The kernel is ring 1, programs are ring 3: the user bit keeps them out. */
#define ENTRY_KERNEL 0

/* Kernel and programs share the top; second is what it has in KERNEL_SLOT. The kernel's gigabyte
 * has so many entries that are its own and not the hypervisor's; each maps 2 MiB. Invariant: they
 * are the same in all spaces. */
#define TOPS           1
#define KERNEL_ENTRIES ((HYPERVISOR_VIRT_START - VIRT_BASE) >> 21)
#define MMUEXT_PIN_TOP MMUEXT_PIN_L3_TABLE

#endif
