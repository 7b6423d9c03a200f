/* SPDX-License-Identifier: MIT */
/*
 * Boot order: one call a line, each with the reason for its place.
 *
 * boot.S enters hypervisor_main() on the boot CPU, on its final stack, with the first 4 GiB of
 * physical memory mapped. The other CPUs enter at other_cpu_main(). Both end by leaving for a
 * guest.
 */
#include "domain/boot.h"
#include "domain/console_ring.h"
#include "domain/evtchn.h"
#include "domain/refuse.h"
#include "domain/sched.h"
#include "hv/alloc.h"
#include "hv/console.h"
#include "hv/frame.h"
#include "hv/keys.h"
#include "hv/options.h"
#include "hv/panic.h"
#include "hv/power.h"
#include "hv/print.h"
#include "hv/status.h"
#include "hv/timer.h"
#include "hv/watchdog.h"
#include "hv/world.h"
#include "lib/atomic.h"
#include "pv/mmu.h"
#include "pv/pv.h"
#include "x86/acpi_info.h"
#include "x86/apic.h"
#include "x86/boot_memory.h"
#include "x86/clock.h"
#include "x86/cpu_setup.h"
#include "x86/entry.h"
#include "x86/feature.h"
#include "x86/gdt.h"
#include "x86/idt.h"
#include "x86/image.h"
#include "x86/instr.h"
#include "x86/ioapic.h"
#include "x86/multiboot.h"
#include "x86/paging.h"
#include "x86/smap_init.h"
#include "x86/smp.h"
#include "x86/tlb.h"
#include "x86/vector.h"

void hypervisor_main(uint32_t magic, paddr_t boot_data) NORETURN;

/* What boot alone needs. The memory of all BOOT_ONLY data is given back at the end. */
static struct boot_info boot_info BOOT_ONLY;
static struct acpi_madt madt BOOT_ONLY;
static uint8_t boot_gdt[GDT_KINDS][PAGE_SIZE] ALIGNED(4096);

/* The other CPUs wait for it: they must not run guests before all are there. */
static uint32_t domains_are_there; /* a */

static void other_cpu_main(void)
{
    clock_init_cpu();
    cpu_set_online();
    /* Halted, not spinning: under an emulator each CPU that spins slows the others down. */
    while (atomic_load(&domains_are_there) == 0)
        cpu_halt_with_interrupts();
    watchdog_start_cpu();
    sched_start();
    guest_resume();
}

/* Until the end of this function nothing can be said. */
static void begin(uint32_t magic, paddr_t boot_data)
{
    const struct gdt_pages boot_gdt_pages = { { boot_gdt[GDT_FOR_64], boot_gdt[GDT_FOR_32] } };
    struct problem problem = { .text = "" };
    bool readable;

    /* Traps first: from here on a mistake says what it was. */
    idt_init();
    cpu_setup_traps(&boot_gdt_pages);
    /* The command line decides about nearly all that follows, first of all the console. */
    readable = multiboot_read(magic, boot_data, &boot_info, &problem);
    options_read(boot_info.command_line);
    features_detect(options.smep != CHOICE_OFF);
    cpu_setup_memory_types();
    console_init(&boot_info);
    status_init();
    if (!readable)
        panic("%s", problem.text);
    if (!features.nx)
        panic("this CPU has no execute-disable (NX)");
}

static void describe(void)
{
    print(LOG_INFO, "xen-lite for x86-64%s, loaded by %s\n", CONFIG_DEBUG ? ", debug build" : "",
          boot_info.loader_name[0] != '\0' ? boot_info.loader_name : "an unknown loader");
    print(LOG_INFO, "command line: %s\n", boot_info.command_line);
    options_complain(boot_info.command_line);
    if (boot_info.problem[0] != '\0')
        print(LOG_WARNING, "boot loader: %s\n", boot_info.problem);
}

static enum smap_choice smap_choice(void)
{
    switch (options.smap) {
    case CHOICE_OFF: return SMAP_OFF;
    case CHOICE_ON: return SMAP_ON;
    case CHOICE_AUTO: break;
    }
    return SMAP_AUTO;
}

/* The boot CPU and memory: everything that needs the boot page tables or comes before allocating.
 */
static void set_up_memory(void)
{
    /* Writes to the text, so before that becomes read-only. */
    smap_init(smap_choice());
    cpu_setup_control();
    /* Tables of the firmware lie outside of RAM, which the final page tables do not map. */
    acpi_info_read(&boot_info, &madt);
    boot_memory_init(&boot_info);
    paging_init();
    /* The frame table takes the most memory: as soon as all RAM can be reached. */
    frame_table_init();
    alloc_init();
}

/* Interrupts and time, in the order in which they need each other. */
static void set_up_devices(void)
{
    apic_init(madt.lapic_address);
    apic_init_cpu();
    ioapic_init(&madt);
    /* Needs the APIC's timer, which it measures. */
    clock_init();
    clock_init_cpu();
    cpu_set_online();
    tlb_init();
    timers_init();
    panic_init();
    keys_init();
    world_init();
    console_init_interrupts();
}

static void print_machine(void)
{
    uint64_t ram = boot_ram_size();

    print(LOG_INFO, "%u CPUs, %s, TSC at %lu.%03lu MHz\n", cpus_online(), features.model,
          clock_tsc_hz() / 1000000, clock_tsc_hz() / 1000 % 1000);
    print(LOG_INFO, "%lu MiB of RAM, %lu KiB of it in use\n", ram / MIB,
          (ram - pages_free_count() * PAGE_SIZE) / KIB);
}

/* From here on nothing is set up any more. */
static void end_boot(void)
{
    pages_give_back(image_paddr(image_init), image_paddr(image_end));
    watchdog_start();
    console_end_boot();
    paging_seal();
    tlb_flush((cpu_set_t)((1UL << cpus_online()) - 1));
}

static void let_others_go(void)
{
    atomic_store(&domains_are_there, 1);
    for (unsigned int cpu = 1; cpu < cpus_online(); cpu++)
        apic_send(cpu, VECTOR_KNOCK);
}

/* Asked for by key: guests stand still meanwhile. */
static void audit_now(void)
{
    world_stop();
    (void)audit_run();
    world_go();
}

void hypervisor_main(uint32_t magic, paddr_t boot_data)
{
    begin(magic, boot_data);
    describe();
    set_up_memory();
    set_up_devices();
    /* Page allocator and clock are what a started CPU needs. */
    smp_start(&madt, options.maxcpus != 0 ? options.maxcpus : MAX_CPUS, other_cpu_main);
    print_machine();

    sched_init();
    /* What a domain may need as soon as it exists: an end, a console, names for its addresses. */
    if (options.audit)
        audit_domains_at_end();
    destroy_init(options.audit ? audit_run : NULL);
    console_input_init();
    refuse_set_place_format(pv_format_place);
    evtchn_init_keys();
    keys_register('A', "audit: count all references to frames anew", audit_now);
    alloc_begin_failing();
    if (domains_boot(&boot_info, &pv_builder) == 0)
        panic("no domain to run");
    alloc_report_failing();
    kill_start();
    watchdog_start_cpu();
    end_boot();
    let_others_go();
    sched_start();
    guest_resume();
}
