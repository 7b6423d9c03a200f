/* SPDX-License-Identifier: MIT */
/* 32-bit PAE guests: see width.h. */
#ifndef TESTS_GUESTS_SUPPORT_WIDTH32_H
#define TESTS_GUESTS_SUPPORT_WIDTH32_H

#include <stdbool.h>

#include "abi/xen.h"

#define R(name)   "%%e" #name
#define REG(name) e##name
#define W         "l"
#define USER_CALL "int $0x80"

/* How a kernel calls the hypervisor. */
#define KERNEL_CALL "int $0x82"

/* The number of a register's highest bit, as instructions name it. */
#define SIGN_BIT "31"

/* do(instruction): those for ring 0 alone that another width encodes otherwise. */
#define FOR_RING0_OF_WIDTH(do) \
    do                         \
    ("sysretl") do("sysexit")

/* The ring of the kernel, how its code shows in frames, and start_info.magic. */
#define KERNEL_RING     1
#define KERNEL_CS_SHOWN FLAT_KERNEL_CS /* in a frame */
#define GUEST_MAGIC     "xen-3.0-x86_32p"

/* Levels of page tables, and the highest's number of entries. */
#define TOP_LEVEL   3
#define TOP_ENTRIES 4
#define PTE_TOP     PTE_PRESENT /* bits of an entry there: PAE has no others */

/* Up to this level an empty table can be pinned: the top one needs the kernel's part. */
#define EMPTY_LEVELS 2

/* Entries that are neither the kernel's nor the hypervisor's: the last but the top's. */
#define SPARE_ENTRY     511
#define SPARE_TOP_ENTRY 2

/* Entries of the last L2 table that are the hypervisor's: up to this end. */
#define KERNEL_GIGABYTE 0xc0000000ul /* where that begins */
#define RESERVED_ENTRY  ((HYPERVISOR_VIRT_START - KERNEL_GIGABYTE) >> 21)
#define RESERVED_END    512

/* User mode has the kernel's base pointer. */
#define HAS_USER_TABLES 0

/* Where in the frame's cs the event mask is. */
#define MASK_BIT 16

/* The interrupted registers, as entry32.S saves them. */
struct frame {
    unsigned long di, si, bp, bx, dx, cx, ax;
    unsigned long ds, es, fs, gs;
    unsigned long vector;
    unsigned long error, ip, cs, flags, sp, ss; /* cs: bits 16-23 are the event mask */
};

/* INT leaves nothing in registers. */
static inline bool user_call_registers(const struct frame *frame)
{
    (void)frame;
    return true;
}

/* Addresses that no guest may use: in the hypervisor's area but outside the M2P; and one that is
 * never mapped. */
#define HYPERVISOR_ADDRESS 0xf8000000ul
#define UNMAPPED_ADDRESS   0x12345000ul

/* One that no access can reach, whatever is mapped. All addresses of 32 bits are canonical: the
 * last ones are the hypervisor's. */
#define NONCANONICAL_ADDRESS 0xfffff000ul

/* As a struct callback_register says where code is. */
#define CALLBACK_AT(code)                                  \
    {                                                      \
        .cs = FLAT_KERNEL_CS, .eip = (unsigned long)(code) \
    }

/* What USER_CALL destroys. */
#define USER_CALL_CLOBBERS "memory"

/* A hypercall in asm: the instruction, its operands, what it destroys. */
#define HYPERCALL_INSTRUCTION "int $0x82"
#define HYPERCALL_CLOBBERS    "memory"
#define ARGUMENT_1(value)     "b"((unsigned long)(value))
#define ARGUMENT_2(value)     "c"((unsigned long)(value))

/* What a vCPU's CR3 says of a frame's number: its high bits are in the low ones. */
static inline unsigned long cr3_of(uint64_t mfn)
{
    return (unsigned long)(mfn << 12 | mfn >> 20);
}

/* By an own int 0x82, as numbers beyond the hypercall page's 128 stubs need. */
static inline long hypercall(unsigned long number, unsigned long a, unsigned long b,
                             unsigned long c, unsigned long d, unsigned long e)
{
    long result = (long)number;

    __asm__ volatile("int $0x82"
                     : "+a"(result), "+b"(a), "+c"(b), "+d"(c), "+S"(d), "+D"(e)
                     :
                     : "memory");
    return result;
}

/* The same call without anything in the registers of arguments that means something. True if it
 * leaves all registers alone but eax. */
static inline bool hypercall_keeps_registers(unsigned long number, long *result)
{
    unsigned long bx = 1, cx = 2, dx = 3, si = 4, di = 5;

    __asm__ volatile("int $0x82"
                     : "+a"(number), "+b"(bx), "+c"(cx), "+d"(dx), "+S"(si), "+D"(di)
                     :
                     : "memory");
    *result = (long)number;
    return bx == 1 && cx == 2 && dx == 3 && si == 4 && di == 5;
}

/* The old form of callback_op. */
static inline long set_callbacks(const void *event, const void *failsafe)
{
    return hypercall(__HYPERVISOR_set_callbacks, FLAT_KERNEL_CS, (unsigned long)event,
                     FLAT_KERNEL_CS, (unsigned long)failsafe, 0);
}

/* The calls with 64-bit arguments, which take two registers each. */
static inline long update_va_mapping(const volatile void *address, uint64_t entry,
                                     unsigned long flags)
{
    return hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)address, (unsigned long)entry,
                     (unsigned long)(entry >> 32), flags, 0);
}

static inline long update_va_mapping_of(const volatile void *address, uint64_t entry,
                                        unsigned long flags, domid_t domain)
{
    return hypercall(__HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)address,
                     (unsigned long)entry, (unsigned long)(entry >> 32), flags, domain);
}

static inline long set_timer_op(uint64_t deadline)
{
    return hypercall(__HYPERVISOR_set_timer_op, (unsigned long)deadline,
                     (unsigned long)(deadline >> 32), 0, 0, 0);
}

static inline long update_descriptor(uint64_t machine_address, uint64_t descriptor)
{
    return hypercall(__HYPERVISOR_update_descriptor, (unsigned long)machine_address,
                     (unsigned long)(machine_address >> 32), (unsigned long)descriptor,
                     (unsigned long)(descriptor >> 32), 0);
}

#endif
