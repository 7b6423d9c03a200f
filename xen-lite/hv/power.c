/* SPDX-License-Identifier: MIT */
/*
 * Power-off by ACPI, with the ports of known emulators behind it; reset.
 *
 * There is no answer to ask for: each way is tried, and if the CPU still runs a moment later it was
 * not the right one. What a way that is not there does is nothing, on a PC.
 */
#include "hv/power.h"

#include <stdint.h>

#include "hv/console.h"
#include "hv/print.h"
#include "lib/types.h"
#include "x86/acpi_info.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/instr.h"

/* Time for the machine to obey before the next way is tried. An emulator obeys at once, but a busy
 * host may let the CPU run on for a while. */
#define PATIENCE_NS 500000000UL

#define KEYBOARD_COMMAND   0x64
#define KEYBOARD_RESET     0xfe
#define RESET_CONTROL      0xcf9
#define RESET_CONTROL_FULL 0x0e

/* SCI stays enabled: clearing it would leave ACPI mode on some machines. */
static void write_control(const struct acpi_register *r, uint8_t type)
{
    uint32_t value = ACPI_PM1_SLEEP_TYPE(type) | ACPI_PM1_SLEEP_ENABLE | ACPI_PM1_SCI_ENABLE;

    if (r->address != 0 && r->space == ACPI_SPACE_IO)
        out16((uint16_t)r->address, (uint16_t)value);
}

/* Both control registers get their half of the sleep type; most machines have only the first. Weak
 * spot: registers in memory, and machines with reduced hardware, are not served; no emulator has
 * them. */
static void acpi_off(void)
{
    if (!acpi_info.has_fadt || !acpi_info.has_s5)
        return;
    write_control(&acpi_info.fadt.pm1a_control, acpi_info.s5.type_a);
    write_control(&acpi_info.fadt.pm1b_control, acpi_info.s5.type_b);
    clock_delay_ns(PATIENCE_NS);
}

/* QEMU (both machine types, newer and older), Bochs. */
static void emulator_off(void)
{
    static const struct {
        uint16_t port, value;
    } ways[] = { { 0x604, 0x2000 }, { 0xb004, 0x2000 } };

    for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++)
        out16(ways[i].port, ways[i].value);
    for (const char *c = "Shutdown"; *c != '\0'; c++)
        out8(0x8900, (uint8_t)*c);
    clock_delay_ns(PATIENCE_NS);
}

void power_off(void)
{
    /* What is still in the buffer would go with the machine. */
    console_sync();
    acpi_off();
    emulator_off();
    print(LOG_ERROR, "this machine cannot be powered off: halted\n");
    console_sync();
    for (;;)
        cpu_halt();
}

/* From the politest way to the oldest: ACPI, the chipset, the keyboard controller. */
void machine_reset(void)
{
    const struct acpi_register *r = &acpi_info.fadt.reset;

    if (acpi_info.has_fadt && r->address != 0 && r->space == ACPI_SPACE_IO) {
        out8((uint16_t)r->address, acpi_info.fadt.reset_value);
        clock_delay_ns(PATIENCE_NS);
    }
    out8(RESET_CONTROL, RESET_CONTROL_FULL);
    clock_delay_ns(PATIENCE_NS);
    out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
    clock_delay_ns(PATIENCE_NS);
    for (;;)
        cpu_halt();
}
