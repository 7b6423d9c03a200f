/* SPDX-License-Identifier: MIT */
/* The end of the machine. A PC has no one way to be told; these are QEMU's. */
#include "lib/print.h"
#include "machine/native/instructions.h"
#include "machine/native/native.h"

/* ACPI's power-management control, where both of QEMU's PCs have it; 0x2000: sleep state 5. */
#define POWER_CONTROL 0x604
#define POWER_OFF     0x2000

/* The reset register of the chipset: 6 is a hard reset. */
#define RESET_CONTROL 0xcf9
#define RESET_NOW     6

/* The device isa-debug-exit: QEMU ends with status value * 2 + 1. */
#define DEBUG_EXIT    0xf4
#define EXIT_ON_CRASH 0x31

static _Noreturn void stop(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

_Noreturn void machine_power_off(void)
{
    uint64_t start = machine_time();

    out16(POWER_CONTROL, POWER_OFF);
    while (machine_time() < start + 1000000000) /* nanoseconds: it may take a moment */
        ;
    print("The machine does not switch off by itself: you can do it now.\n");
    stop();
}

_Noreturn void machine_restart(void)
{
    out8(RESET_CONTROL, RESET_NOW);
    stop();
}

_Noreturn void machine_crash(void)
{
    out8(DEBUG_EXIT, EXIT_ON_CRASH);
    stop();
}
