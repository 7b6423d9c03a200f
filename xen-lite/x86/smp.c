/* SPDX-License-Identifier: MIT */
/*
 * Starting the other CPUs by INIT and start-up interrupts.
 *
 * One at a time, so that numbers follow the MADT's order and one trampoline serves all. No CPU of
 * the last twenty years needs the 10 ms of rest between INIT and start-up that the first manuals
 * asked for; what is waited for is only the CPU's answer.
 */
#include "x86/smp.h"

#include "lib/string.h"
#include "x86/apic.h"
#include "x86/boot_memory.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/cpu_setup.h"
#include "x86/gdt.h"
#include "x86/instr.h"
#include "x86/paging.h"
#include "x86/report.h"
#include "x86/tlb.h"
#include "x86/trampoline.h"

#define SELECTOR_CODE64   8
#define DESCRIPTOR_CODE64 0x00af9b000000ffffUL

/* A start-up interrupt that comes before the CPU has dealt with INIT is lost; one too many does no
 * harm. So it is repeated until the CPU is there, or this long. */
#define PATIENCE_NS 200000000UL
#define REPEAT_NS   100000UL
#define POLL_NS     2000UL

/* Handed to the CPU that is being started. */
static struct gdt_pages gdt_pages;
static void (*ap_main)(void);

/* First C code of a started CPU, on its own stack. */
static void ap_entry(void)
{
    cr3_load(hv_l4_mfn());
    cpu_setup_traps(&gdt_pages);
    cpu_setup_memory_types();
    cpu_setup_control();
    apic_init_cpu();
    ap_main();
}

/* Copies the trampoline to its page and fills in what is the same for all CPUs. */
static struct trampoline_data *trampoline_place(paddr_t page)
{
    char *code = paddr_to_virt(page);
    struct trampoline_data *data = (void *)(code + TRAMPOLINE_FAR);

    memcpy(code, trampoline_start, (size_t)(trampoline_end - trampoline_start));
    *data = (struct trampoline_data){
        .far_offset = (uint32_t)page + (uint32_t)(trampoline_64 - trampoline_start),
        .far_selector = SELECTOR_CODE64,
        .cr3 = (uint32_t)paging_low_table(),
        .gdt_limit = sizeof(data->gdt) - 1,
        .gdt_base = (uint32_t)page + TRAMPOLINE_FAR + offsetof(struct trampoline_data, gdt),
        .entry = (uintptr_t)ap_entry,
        .gdt = { 0, DESCRIPTOR_CODE64 },
    };
    return data;
}

/* True once `cpu` is online; false after ns without. */
static bool wait_online(unsigned int cpu, uint64_t ns)
{
    uint64_t end = now_ns() + ns;

    while (cpus_online() <= cpu) {
        if (now_ns() > end)
            return false;
        clock_delay_ns(POLL_NS);
    }
    return true;
}

/* All that the CPU will need must be in place before it runs: it cannot ask. */
static bool start_one(unsigned int cpu, uint32_t apic_id, paddr_t page,
                      struct trampoline_data *data)
{
    stack_block_map(cpu);
    *cpu_top_of(cpu) = (struct cpu_top){ .id = cpu };
    for (unsigned int kind = 0; kind < GDT_KINDS; kind++)
        gdt_pages.page[kind] = paging_new_page();
    data->stack = (uintptr_t)cpu_top_of(cpu);

    for (uint64_t waited = 0; waited < PATIENCE_NS; waited += REPEAT_NS) {
        apic_send_startup(apic_id, page);
        if (wait_online(cpu, REPEAT_NS))
            return true;
    }
    return false;
}

/* To all at once, so that no one has to wait for the others. */
static void send_inits(const struct acpi_madt *madt)
{
    for (unsigned int i = 0; i < madt->cpu_count; i++)
        if (madt->cpus[i].enabled && madt->cpus[i].apic_id != apic_own_id())
            apic_send_init(madt->cpus[i].apic_id);
}

void smp_start(const struct acpi_madt *madt, unsigned int limit, void (*main)(void))
{
    paddr_t page = boot_memory_low_page();
    unsigned int cpu = 1;

    if (madt->cpu_count < 2 || limit < 2)
        return;
    if (page == 0) {
        machine_warn("no memory below 1 MiB to start other CPUs from: using one");
        return;
    }
    ap_main = main;
    struct trampoline_data *data = trampoline_place(page);

    send_inits(madt);
    for (unsigned int i = 0; i < madt->cpu_count && cpu < min(limit, (unsigned int)MAX_CPUS); i++) {
        uint32_t apic_id = madt->cpus[i].apic_id;

        if (!madt->cpus[i].enabled || apic_id == apic_own_id())
            continue;
        if (!start_one(cpu, apic_id, page, data)) {
            /* It might still come to life on the stack that the next one would get. */
            machine_warn("CPU with APIC id %u does not answer: going on with %u CPUs", apic_id,
                         cpu);
            apic_send_init(apic_id);
            return;
        }
        cpu++;
    }
}
