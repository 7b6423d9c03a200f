/* SPDX-License-Identifier: MIT */
/*
 * The local APIC.
 *
 * Register numbers are those of x2APIC (MSR number less 0x800); in memory a register is at 16 times
 * that. The only difference that matters else is the interrupt command register: one 64-bit MSR
 * there, two words here, of which the upper is written first.
 */
#include "x86/apic.h"

#include "lib/compiler.h"
#include "x86/cpu.h"
#include "x86/cpu_bits.h"
#include "x86/feature.h"
#include "x86/instr.h"
#include "x86/paging.h"
#include "x86/vector.h"

#define REG_ID              0x02
#define REG_TPR             0x08
#define REG_EOI             0x0b
#define REG_SPURIOUS        0x0f
#define REG_ESR             0x28
#define REG_ICR             0x30
#define REG_ICR_HIGH        0x31
#define REG_LVT_TIMER       0x32
#define REG_LVT_PERFORMANCE 0x34
#define REG_LVT_LINT0       0x35
#define REG_LVT_LINT1       0x36
#define REG_LVT_ERROR       0x37
#define REG_TIMER_START     0x38
#define REG_TIMER_NOW       0x39
#define REG_TIMER_DIVIDE    0x3e

#define BASE_X2APIC      0x400UL
#define BASE_ENABLE      0x800UL
#define SPURIOUS_ENABLE  0x100
#define LVT_MASKED       0x10000
#define LVT_NMI          0x400
#define LVT_TSC_DEADLINE 0x40000
#define DIVIDE_BY_1      0xb

#define ICR_NMI     0x400
#define ICR_INIT    0x500
#define ICR_STARTUP 0x600
#define ICR_BUSY    0x1000
#define ICR_ASSERT  0x4000

static volatile uint32_t *registers;
static bool x2apic;
/* Keys: c = set when the CPU is set up. */
static uint32_t ids[MAX_CPUS]; /* c */

static uint32_t apic_read(unsigned int reg)
{
    return x2apic ? (uint32_t)rdmsr(MSR_X2APIC + reg) : registers[reg * 4];
}

static void apic_write(unsigned int reg, uint32_t value)
{
    if (x2apic)
        wrmsr(MSR_X2APIC + reg, value);
    else
        registers[reg * 4] = value;
}

void apic_init(paddr_t address)
{
    x2apic = features.x2apic;
    if (!x2apic)
        registers = device_map(address, PAGE_SIZE);
}

void apic_init_cpu(void)
{
    uint64_t base = rdmsr(MSR_APIC_BASE) | BASE_ENABLE;

    /* x2APIC may only be entered from an APIC that is on. */
    wrmsr(MSR_APIC_BASE, base);
    if (x2apic)
        wrmsr(MSR_APIC_BASE, base | BASE_X2APIC);

    ids[cpu_id()] = apic_own_id();
    apic_write(REG_TPR, 0);
    apic_write(REG_LVT_TIMER, LVT_MASKED);
    apic_write(REG_LVT_PERFORMANCE, LVT_MASKED);
    apic_write(REG_LVT_LINT0, LVT_MASKED);
    /* The machine's NMI button, on every machine that we know. */
    apic_write(REG_LVT_LINT1, LVT_NMI);
    apic_write(REG_ESR, 0);
    apic_write(REG_LVT_ERROR, VECTOR_APIC_ERROR);
    apic_write(REG_SPURIOUS, SPURIOUS_ENABLE | VECTOR_SPURIOUS);
    apic_acknowledge();
}

void apic_acknowledge(void)
{
    apic_write(REG_EOI, 0);
}

uint32_t apic_own_id(void)
{
    return x2apic ? apic_read(REG_ID) : apic_read(REG_ID) >> 24;
}

uint32_t apic_id_of(unsigned int cpu)
{
    return ids[cpu];
}

/* Fixed or NMI delivery to one CPU, by its physical id. Does not wait for delivery in x2APIC mode;
 * in xAPIC mode the next sender waits for the last one. */
static void send(uint32_t apic_id, uint32_t command)
{
    if (x2apic) {
        /* Unlike a store to memory this WRMSR does not wait for earlier stores: what the other CPU
         * is to find must be visible first. */
        __asm__ volatile("mfence" ::: "memory");
        wrmsr(MSR_X2APIC + REG_ICR, (uint64_t)apic_id << 32 | command);
        return;
    }
    while (apic_read(REG_ICR) & ICR_BUSY)
        cpu_relax();
    barrier();
    apic_write(REG_ICR_HIGH, apic_id << 24);
    apic_write(REG_ICR, command);
}

void apic_send(unsigned int cpu, unsigned int vector)
{
    send(ids[cpu], ICR_ASSERT | vector);
}

void apic_send_nmi(unsigned int cpu)
{
    send(ids[cpu], ICR_ASSERT | ICR_NMI);
}

void apic_send_init(uint32_t apic_id)
{
    send(apic_id, ICR_ASSERT | ICR_INIT);
}

void apic_send_startup(uint32_t apic_id, paddr_t page)
{
    send(apic_id, ICR_ASSERT | ICR_STARTUP | (uint32_t)(page >> PAGE_SHIFT));
}

void apic_timer_init(bool tsc_deadline)
{
    apic_write(REG_TIMER_DIVIDE, DIVIDE_BY_1);
    apic_write(REG_LVT_TIMER, VECTOR_TIMER | (tsc_deadline ? LVT_TSC_DEADLINE : 0));
    /* The mode must have taken effect before the MSR of the deadline is written. */
    __asm__ volatile("mfence" ::: "memory");
}

void apic_timer_start(uint32_t ticks)
{
    apic_write(REG_TIMER_START, ticks);
}

void apic_timer_set_deadline(uint64_t tsc)
{
    wrmsr(MSR_TSC_DEADLINE, tsc);
}

uint32_t apic_timer_read(void)
{
    return apic_read(REG_TIMER_NOW);
}
