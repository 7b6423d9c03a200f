/* SPDX-License-Identifier: MIT */
/* 64-bit guests: see width.h. */
#ifndef TESTS_GUESTS_SUPPORT_WIDTH64_H
#define TESTS_GUESTS_SUPPORT_WIDTH64_H

#include <stdbool.h>

#include "abi/xen.h"

#define R(name)   "%%r" #name
#define REG(name) r##name
#define W         "q"
#define USER_CALL "syscall"

/* How a kernel calls the hypervisor. */
#define KERNEL_CALL "syscall"

/* The number of a register's highest bit, as instructions name it. */
#define SIGN_BIT "63"

/* do(instruction): those for ring 0 alone that are there at this width only. */
#define FOR_RING0_OF_WIDTH(do) \
    do                         \
    ("swapgs") do("sysretq") do("mov %%rax, %%cr8")

/* The ring of the kernel, how its code shows in frames, and start_info.magic. */
#define KERNEL_RING     3
#define KERNEL_CS_SHOWN (FLAT_KERNEL_CS & ~3) /* in a frame: with privilege 0 */
#define GUEST_MAGIC     "xen-3.0-x86_64"

/* Levels of page tables, and the highest's number of entries. */
#define TOP_LEVEL   4
#define TOP_ENTRIES 512
#define PTE_TOP     PTE_TABLE /* bits of an entry there */

/* Up to this level an empty table can be pinned. */
#define EMPTY_LEVELS 4

/* Entries that are neither the kernel's nor the hypervisor's: the last but the top's. */
#define SPARE_ENTRY     511
#define SPARE_TOP_ENTRY 300

/* Entries of the root table that are the hypervisor's: up to this end. */
#define RESERVED_ENTRY 256
#define RESERVED_END   272

/* User mode has a base pointer of its own. */
#define HAS_USER_TABLES 1

/* Where in the frame's cs the event mask is. */
#define MASK_BIT 32

/* The interrupted registers, as entry64.S saves them. */
struct frame {
    unsigned long r15, r14, r13, r12, bp, bx, r10, r9, r8, di, si, dx, ax;
    unsigned long vector;
    unsigned long r11, cx, error, ip, cs, flags, sp, ss;
};

/* Whether rcx and r11 hold what SYSCALL leaves there. */
static inline bool user_call_registers(const struct frame *frame)
{
    return frame->cx == frame->ip && frame->r11 == frame->flags;
}

/* Addresses that no guest may use: in the hypervisor's area but outside the M2P; and one that is
 * never mapped. */
#define HYPERVISOR_ADDRESS 0xffff840000000000ul
#define UNMAPPED_ADDRESS   0x0000123456789000ul

/* One that no access can reach, whatever is mapped. */
#define NONCANONICAL_ADDRESS 0x8000000000000000ul

/* As a struct callback_register says where code is. */
#define CALLBACK_AT(code) ((unsigned long)(code))

/* What USER_CALL destroys. */
#define USER_CALL_CLOBBERS "rcx", "r11", "memory"

/* A hypercall in asm: the instruction, its operands, what it destroys. */
#define HYPERCALL_INSTRUCTION "syscall"
#define HYPERCALL_CLOBBERS    "rcx", "r11", "memory"
#define ARGUMENT_1(value)     "D"((unsigned long)(value))
#define ARGUMENT_2(value)     "S"((unsigned long)(value))

extern char syscall_entry[];

/* What NEW_BASEPTR and a vCPU's CR3 make of a frame's number. */
static inline unsigned long cr3_of(uint64_t mfn)
{
    return mfn << 12;
}

/* By an own SYSCALL, as numbers beyond the hypercall page's 128 stubs need. */
static inline long hypercall(unsigned long number, unsigned long a, unsigned long b,
                             unsigned long c, unsigned long d, unsigned long e)
{
    register unsigned long r10 __asm__("r10") = d;
    register unsigned long r8 __asm__("r8") = e;
    long result = (long)number;

    __asm__ volatile("syscall"
                     : "+a"(result), "+D"(a), "+S"(b), "+d"(c), "+r"(r10), "+r"(r8)
                     :
                     : "rcx", "r11", "memory");
    return result;
}

/* The same call without anything in the registers of arguments that means something. True if it
 * leaves all registers alone but rax, rcx and r11. */
static inline bool hypercall_keeps_registers(unsigned long number, long *result)
{
    unsigned long di = 1, si = 2, dx = 3, bx = 4;
    register unsigned long r8 __asm__("r8") = 8;
    register unsigned long r9 __asm__("r9") = 9;
    register unsigned long r10 __asm__("r10") = 10;
    register unsigned long r12 __asm__("r12") = 12;

    __asm__ volatile("syscall"
                     : "+a"(number), "+D"(di), "+S"(si), "+d"(dx), "+b"(bx), "+r"(r8), "+r"(r9),
                       "+r"(r10), "+r"(r12)
                     :
                     : "rcx", "r11", "memory");
    *result = (long)number;
    return di == 1 && si == 2 && dx == 3 && bx == 4 && r8 == 8 && r9 == 9 && r10 == 10 && r12 == 12;
}

/* The old form of callback_op. */
static inline long set_callbacks(const void *event, const void *failsafe)
{
    return hypercall(__HYPERVISOR_set_callbacks, (unsigned long)event, (unsigned long)failsafe,
                     (unsigned long)syscall_entry, 0, 0);
}

/* The calls with 64-bit arguments, which take two registers each of a 32-bit guest. */
static inline long update_va_mapping(const volatile void *address, uint64_t entry,
                                     unsigned long flags)
{
    return hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)address, entry, flags, 0, 0);
}

static inline long update_va_mapping_of(const volatile void *address, uint64_t entry,
                                        unsigned long flags, domid_t domain)
{
    return hypercall(__HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)address, entry,
                     flags, domain, 0);
}

static inline long set_timer_op(uint64_t deadline)
{
    return hypercall(__HYPERVISOR_set_timer_op, deadline, 0, 0, 0, 0);
}

static inline long update_descriptor(uint64_t machine_address, uint64_t descriptor)
{
    return hypercall(__HYPERVISOR_update_descriptor, machine_address, descriptor, 0, 0, 0);
}

#endif
