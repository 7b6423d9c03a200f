/* SPDX-License-Identifier: MIT */
/*
 * More CPUs. Each has an interrupt controller of its own (local APIC), by which they interrupt each
 * other; and also wake each other up, which is a matter of two such messages: INIT, and the page in
 * which it begins, with the 16-bit mode of 1978. From there it takes the way that CPU 0 took from
 * GRUB on.
 */
#include "machine/native/mmu.h"
#include "lib/string.h"

/* The controller's registers, at the same address on each CPU. */
#define APIC_BASE     0xfee00000
#define APIC_AT       (KERNEL_HOLE + 0x1ff000) /* where we map them: behind what is the kernel's */
#define APIC_EOI      0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_ON       (1u << 8)
#define APIC_COMMAND  0x300
#define APIC_TARGET   0x310
#define SEND_INIT     0x4500
#define SEND_START    0x4600 /* and the page's number */
#define SEND_VECTOR   0x4000 /* and the vector */

/* Firmware leaves the number of CPUs there, less one: QEMU's does. A PC's would be in ACPI's
 * tables.
 */
#define CLOCK_INDEX 0x70
#define CLOCK_DATA  0x71
#define CLOCK_CPUS  0x5f

#define MILLISECOND 1000000ull

extern char native_trampoline[], native_trampoline_end[]; /* start64.S, start32.S */
extern uint64_t boot_top[];
extern struct {
    void *stack_top;
    void (*function)(void);
} native_first;

static void (*interrupted)(void);
static void (*begin_with)(void);
static bool arrived;

static void apic_write(unsigned which, uint32_t value)
{
    *(volatile uint32_t *)(APIC_AT + which) = value;
}

static void apic_on(void)
{
    apic_write(APIC_SPURIOUS, APIC_ON | (VECTOR_INTERRUPTS + LINE_NOTHING));
}

/* CPUs have the numbers of their controllers here. */
static void send(unsigned cpu, uint32_t command)
{
    apic_write(APIC_TARGET, cpu << 24);
    apic_write(APIC_COMMAND, command);
}

void native_cpu_bind(void (*handler)(void))
{
    interrupted = handler;
}

void native_cpu_interrupted(unsigned line)
{
    if (line != LINE_CPU)
        return; /* it was taken back: then there is nothing to acknowledge */
    apic_write(APIC_EOI, 0);
    interrupted();
}

void machine_cpu_interrupt(unsigned cpu)
{
    send(cpu, SEND_VECTOR | (VECTOR_INTERRUPTS + LINE_CPU));
}

/* The first C function of another CPU. */
static void begin(void)
{
    native_segments_init();
    native_traps_init();
    native_user_init();
    apic_on();
    __atomic_store_n(&arrived, true, __ATOMIC_RELEASE);
    begin_with();
}

static bool wait_for_arrival(uint64_t nanoseconds)
{
    uint64_t end = machine_time() + nanoseconds;

    while (!__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) && machine_time() < end)
        ;
    return arrived;
}

/* It turns paging on where it has the address that the tables at boot_top do not map any more: they
 * do it once more, until it has passed, when it takes that away. */
bool machine_cpu_start(unsigned cpu, void *stack, void (*entry)(void))
{
    out8(CLOCK_INDEX, CLOCK_CPUS);
    if (cpu > in8(CLOCK_DATA) ||
        !machine_map(NULL, APIC_AT, linear(APIC_BASE), ACCESS_READ | ACCESS_WRITE))
        return false;
    machine_map_flush();
    apic_on();

    memcpy(linear(TRAMPOLINE), native_trampoline,
           (size_t)(native_trampoline_end - native_trampoline));
    stack_end(stack)->cpu = cpu;
    native_first.stack_top = machine_stack_top(stack);
    native_first.function = begin;
    begin_with = entry;
    arrived = false;
    boot_top[0] = boot_top[KERNEL_SLOT];

    send(cpu, SEND_INIT);
    wait_for_arrival(10 * MILLISECOND); /* it does not come yet */
    send(cpu, SEND_START | TRAMPOLINE / PAGE_SIZE);
    return wait_for_arrival(1000 * MILLISECOND);
}
