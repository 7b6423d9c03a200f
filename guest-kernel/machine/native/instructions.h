/* SPDX-License-Identifier: MIT */
/*
 * The privileged instructions that the kernel uses: what hypercall.h is to machine/pv. In ring 0
 * the processor obeys; nobody checks what is asked.
 */
#ifndef GUEST_KERNEL_NATIVE_INSTRUCTIONS_H
#define GUEST_KERNEL_NATIVE_INSTRUCTIONS_H

#include <stdint.h>

static inline void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t in8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* The address of the last page fault. */
static inline uintptr_t read_cr2(void)
{
    uintptr_t value;

    __asm__ volatile("mov %%cr2, %0" : "=r"(value));
    return value;
}

/* The physical address of the top-level page table. Writing it empties the TLB. */
static inline uintptr_t read_cr3(void)
{
    uintptr_t value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

static inline void write_cr3(uintptr_t value)
{
    __asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

/* Takes the mapping of one address out of the TLB. */
static inline void invalidate(uintptr_t address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static inline uintptr_t read_cr4(void)
{
    uintptr_t value;

    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

static inline void write_cr4(uintptr_t value)
{
    __asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

#define CR4_UMIP (1ul << 11)
#define CR4_SMEP (1ul << 20)
#define CR4_SMAP (1ul << 21)

/* What the processor says of itself: four registers for each number. */
enum { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX };

static inline void cpuid(uint32_t leaf, uint32_t registers[4])
{
    __asm__ volatile("cpuid"
                     : "=a"(registers[CPUID_EAX]), "=b"(registers[CPUID_EBX]),
                       "=c"(registers[CPUID_ECX]), "=d"(registers[CPUID_EDX])
                     : "a"(leaf), "c"(0));
}

#define CPUID_FEATURES 7
#define FEATURE_SMEP   (1u << 7)  /* ebx */
#define FEATURE_SMAP   (1u << 20) /* ebx */
#define FEATURE_UMIP   (1u << 2)  /* ecx */
#define CPUID_NAME     0x80000002 /* and the next two: 48 bytes of text */

static inline void write_msr(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr"
                     :
                     : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

static inline uint64_t read_tsc(void)
{
    uint32_t low, high;

    __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

#endif
