/* SPDX-License-Identifier: MIT */
/* A 32-bit PAE PV kernel: see width.h. */
#ifndef GUEST_KERNEL_PV_WIDTH32_H
#define GUEST_KERNEL_PV_WIDTH32_H

#include "abi/xen.h"

#define PV_KIND "32-bit paravirtual"

/* ---- Hypercalls ---- */

extern char hypercall_page[];

/* Arguments in ebx, ecx, edx, esi, edi. "memory": most calls read or write structures of ours. */
static inline long hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c,
                             unsigned long d)
{
    long result;

    __asm__ volatile("call *%[stub]"
                     : "=a"(result), "+b"(a), "+c"(b), "+d"(c), "+S"(d)
                     : [stub] "r"(hypercall_page + 32ul * number)
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

/* ---- Frames and threads ---- */

struct trap_frame {
    unsigned long di, si, bp, bx, dx, cx, ax;
    unsigned long ds, es;
    unsigned long vector;
    unsigned long error, ip, cs, flags, sp, ss;
};

static inline struct trap_frame pv_user_frame(uintptr_t pc, uintptr_t sp, unsigned long flags)
{
    return (struct trap_frame){
        .ds = FLAT_USER_DS,
        .es = FLAT_USER_DS,
        .ip = pc,
        .cs = FLAT_USER_CS,
        .flags = flags,
        .sp = sp,
        .ss = FLAT_USER_SS,
    };
}

/* System calls: number in eax, arguments in ebx, ecx, edx. */
static inline unsigned long pv_call(const struct trap_frame *frame, unsigned long arguments[3])
{
    arguments[0] = frame->bx;
    arguments[1] = frame->cx;
    arguments[2] = frame->dx;
    return frame->ax;
}

struct context {
    unsigned long di, si, bx, bp;
    unsigned long return_address;
    unsigned long end_of_backtrace;
};

/* pv_context_begin finds them there. */
#define CONTEXT_ENTRY    si
#define CONTEXT_ARGUMENT di

/* ---- Page tables ---- */

#define TOP_LEVEL  3
#define USER_SLOTS 3 /* of the top level */
#define USER_END   0xc0000000ul

/* The kernel is ring 1, programs are ring 3: the user bit keeps them out. Of an entry of the top
 * level, PAE knows the present bit only. */
#define ENTRY_KERNEL 0
#define ENTRY_TOP    ENTRY_PRESENT

/* Invariant: the kernel_tables of all spaces are the same, up to where the hypervisor's begin. */
struct space {
    uint64_t *top;
    uint64_t *kernel_table; /* what top has in KERNEL_SLOT */
    struct space *next;
};

#endif
