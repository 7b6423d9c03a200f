/* SPDX-License-Identifier: MIT */
/*
 * Instructions that C has no words for, one function each.
 */
#ifndef XEN_LITE_X86_INSTR_H
#define XEN_LITE_X86_INSTR_H

#include <stdint.h>

static inline uint8_t in8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t in32(uint16_t port)
{
    uint32_t value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

static inline void out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" ::"a"(value), "Nd"(port));
}

static inline void out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port));
}

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    __asm__ volatile("cpuid"
                     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
                     : "a"(leaf), "c"(subleaf));
    return r;
}

static inline uint64_t rdmsr(uint32_t msr)
{
    uint32_t low, high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return ((uint64_t)high << 32) | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
    __asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

/* Not ordered against what stands around it; good to some tens of cycles. */
static inline uint64_t rdtsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return ((uint64_t)high << 32) | low;
}

static inline uint64_t read_cr0(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static inline void write_cr0(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr0" ::"r"(value) : "memory");
}

static inline uint64_t read_cr2(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr2, %0" : "=r"(value));
    return value;
}

static inline uint64_t read_cr3(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

static inline void write_cr3(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr3" ::"r"(value) : "memory");
}

static inline uint64_t read_cr4(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

static inline void write_cr4(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr4" ::"r"(value) : "memory");
}

static inline void invlpg(uint64_t address)
{
    __asm__ volatile("invlpg (%0)" ::"r"(address) : "memory");
}

/* In a loop that waits for another CPU. */
static inline void cpu_relax(void)
{
    __asm__ volatile("pause" ::: "memory");
}

/* Waits for an interrupt and takes it. STI holds interrupts back for one more instruction, so one
 * that came since the caller looked ends the HLT at once. Returns with interrupts off. */
static inline void cpu_halt_with_interrupts(void)
{
    __asm__ volatile("sti; hlt; cli" ::: "memory");
}

/* For ever; only an NMI is still served. */
static inline void cpu_halt(void)
{
    __asm__ volatile("cli; hlt" ::: "memory");
}

#define DEBUG_REGISTER(n)                                            \
    static inline uint64_t read_dr##n(void)                          \
    {                                                                \
        uint64_t value;                                              \
                                                                     \
        __asm__ volatile("mov %%db" #n ", %0" : "=r"(value));        \
        return value;                                                \
    }                                                                \
    static inline void write_dr##n(uint64_t value)                   \
    {                                                                \
        __asm__ volatile("mov %0, %%db" #n ::"r"(value) : "memory"); \
    }
DEBUG_REGISTER(0)
DEBUG_REGISTER(1)
DEBUG_REGISTER(2)
DEBUG_REGISTER(3)
DEBUG_REGISTER(6)
DEBUG_REGISTER(7)
#undef DEBUG_REGISTER

#define SEGMENT_REGISTER(name)                                  \
    static inline uint16_t read_##name(void)                    \
    {                                                           \
        uint16_t value;                                         \
                                                                \
        __asm__ volatile("movw %%" #name ", %0" : "=r"(value)); \
        return value;                                           \
    }
SEGMENT_REGISTER(ds)
SEGMENT_REGISTER(es)
SEGMENT_REGISTER(fs)
SEGMENT_REGISTER(gs)
#undef SEGMENT_REGISTER

static inline void clts(void)
{
    __asm__ volatile("clts" ::: "memory");
}

/* Exchanges GS_BASE and KERNEL_GS_BASE: both are guests' values. */
static inline void swapgs(void)
{
    __asm__ volatile("swapgs" ::: "memory");
}

static inline void lldt(uint16_t selector)
{
    __asm__ volatile("lldt %0" ::"r"(selector));
}

#endif
