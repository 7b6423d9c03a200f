/* SPDX-License-Identifier: MIT */
/*
 * Descriptors and task-state segment of each CPU.
 *
 * The TSS lies in the first descriptor page, behind the descriptors: the CPU reads it at every
 * entry from a guest, so it must be mapped whatever table is loaded, and one page serves for both.
 */
#include "x86/gdt.h"

#include "abi/layout.h"
#include "lib/string.h"
#include "x86/cpu.h"
#include "x86/paging.h"

#define TSS_OFFSET 0x800
#define TSS_SIZE   104

/* 64-bit TSS as the CPU reads it: 4-byte aligned, so its 8-byte fields are not. */
struct tss {
    uint32_t reserved0;
    uint64_t rsp[3];
    uint64_t reserved1;
    uint64_t ist[7]; /* IST 1 is ist[0] */
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_bitmap;
} PACKED;

static_assert(sizeof(struct tss) == TSS_SIZE, "the CPU's layout");

struct table_pointer {
    uint16_t limit;
    uint64_t base;
} PACKED;

/* Keys: c = set when the CPU is set up. */
static struct gdt_pages gdt[MAX_CPUS]; /* c */

static uint64_t *descriptor(unsigned int cpu, enum gdt_kind kind, uint16_t selector)
{
    return (uint64_t *)gdt[cpu].page[kind] + (selector - GDT_RESERVED_OFFSET) / 8;
}

/* Access byte and flags of the flat segments; base and limit mean nothing for 64-bit code. */
#define FLAT_CODE64(dpl) (0x00af9b000000ffffUL | ((uint64_t)(dpl) << 45))
#define FLAT_CODE32(dpl) (0x00cf9b000000ffffUL | ((uint64_t)(dpl) << 45))
#define FLAT_DATA(dpl)   (0x00cf93000000ffffUL | ((uint64_t)(dpl) << 45))

#define TYPE_LDT      0x82UL
#define TYPE_TSS      0x89UL
#define TYPE_TSS_BUSY 0x8bUL

static void set_system(uint64_t *entry, uint64_t type, uint64_t base, uint32_t limit)
{
    entry[0] = (limit & 0xffff) | ((base & 0xffffff) << 16) | (type << 40) |
               ((uint64_t)(limit >> 16 & 0xf) << 48) | ((base >> 24 & 0xff) << 56);
    entry[1] = base >> 32;
}

static void tss_init(unsigned int cpu, struct tss *tss)
{
    uint64_t block = STACKS_BASE + (uint64_t)cpu * STACK_BLOCK_SIZE;

    /* A guest's registers are always pushed at the same place: cpu_top()->guest. */
    tss->rsp[0] = (uintptr_t)(&cpu_top_of(cpu)->guest + 1);
    tss->ist[IST_DF - 1] = block + STACK_DF_TOP;
    tss->ist[IST_NMI - 1] = block + STACK_NMI_TOP;
    tss->ist[IST_MC - 1] = block + STACK_MC_TOP;
    tss->ist[IST_DB - 1] = block + STACK_DB_TOP;
    /* Behind the limit: no port is open to a guest. */
    tss->io_bitmap = TSS_SIZE;
}

/* CS by a far return; TR last, it marks the TSS busy. Null selectors elsewhere: 64-bit code needs
 * none. */
static void load_segments(void)
{
    __asm__ volatile("pushq %0\n"
                     "leaq 1f(%%rip), %%rax\n"
                     "pushq %%rax\n"
                     "lretq\n"
                     "1: movl %1, %%ss\n"
                     "xorl %%eax, %%eax\n"
                     "movl %%eax, %%ds\n"
                     "movl %%eax, %%es\n"
                     "movl %%eax, %%fs\n"
                     "movl %%eax, %%gs\n"
                     "lldt %%ax\n"
                     "movl %2, %%eax\n"
                     "ltr %%ax\n"
                     :
                     : "i"(SELECTOR_HV_CODE), "r"(SELECTOR_HV_DATA), "i"(SELECTOR_TSS)
                     : "rax", "memory");
}

/* What the hypervisor needs itself, whoever runs. TR is loaded from the first page, which marks the
 * TSS busy there. */
static void set_own(unsigned int cpu, enum gdt_kind kind, const struct tss *tss)
{
    uint64_t type = kind == GDT_FOR_64 ? TYPE_TSS : TYPE_TSS_BUSY;

    *descriptor(cpu, kind, SELECTOR_HV_CODE) = FLAT_CODE64(0);
    *descriptor(cpu, kind, SELECTOR_HV_DATA) = FLAT_DATA(0);
    set_system(descriptor(cpu, kind, SELECTOR_TSS), type, (uintptr_t)tss, TSS_SIZE - 1);
}

void gdt_init(unsigned int cpu, const struct gdt_pages *pages)
{
    struct tss *tss = (struct tss *)((char *)pages->page[GDT_FOR_64] + TSS_OFFSET);

    gdt[cpu] = *pages;
    tss_init(cpu, tss);
    set_own(cpu, GDT_FOR_64, tss);
    *descriptor(cpu, GDT_FOR_64, FLAT_RING3_CS32) = FLAT_CODE32(3);
    *descriptor(cpu, GDT_FOR_64, FLAT_RING3_DS32) = FLAT_DATA(3);
    *descriptor(cpu, GDT_FOR_64, FLAT_RING3_CS64) = FLAT_CODE64(3);

    set_own(cpu, GDT_FOR_32, tss);
    *descriptor(cpu, GDT_FOR_32, FLAT_RING1_CS) = FLAT_CODE32(1);
    *descriptor(cpu, GDT_FOR_32, FLAT_RING1_DS) = FLAT_DATA(1);
    *descriptor(cpu, GDT_FOR_32, FLAT_RING3_CS_32) = FLAT_CODE32(3);
    *descriptor(cpu, GDT_FOR_32, FLAT_RING3_DS_32) = FLAT_DATA(3);

    gdt_load_idle();
    load_segments();
}

mfn_t gdt_frame(unsigned int cpu, enum gdt_kind kind)
{
    return hv_virt_to_mfn(gdt[cpu].page[kind]);
}

void gdt_load(uint64_t base)
{
    struct table_pointer pointer = { .limit = GDT_LIMIT, .base = base };

    __asm__ volatile("lgdt %0" ::"m"(pointer));
}

void gdt_load_idle(void)
{
    gdt_load((uintptr_t)gdt[cpu_id()].page[GDT_FOR_64] - GDT_RESERVED_OFFSET);
}

/* The descriptor is in this CPU's own pages: no other CPU reads it. Whichever is in use. */
void ldt_load(uint64_t base, uint32_t entries)
{
    uint16_t selector = 0;

    if (entries != 0) {
        for (unsigned int kind = 0; kind < GDT_KINDS; kind++)
            set_system(descriptor(cpu_id(), (enum gdt_kind)kind, SELECTOR_LDT), TYPE_LDT, base,
                       entries * 8 - 1);
        selector = SELECTOR_LDT;
    }
    __asm__ volatile("lldt %0" ::"r"(selector) : "memory");
}
