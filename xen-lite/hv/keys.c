/* SPDX-License-Identifier: MIT */
/*
 * Debug keys: a table by character. Keys that other layers register (the audit, domains) are
 * theirs; here are those about the machine. Pressed by a person, from a work handler of the boot
 * CPU, so nothing here is in a hurry.
 */
#include "hv/keys.h"

#include <stddef.h>

#include "hv/alloc.h"
#include "hv/panic.h"
#include "hv/power.h"
#include "hv/print.h"
#include "lib/assert.h"
#include "lib/types.h"
#include "x86/clock.h"
#include "x86/cpu.h"
#include "x86/image.h"

#define FIRST_KEY ' '
#define LAST_KEY  '~'

static struct {
    const char *what;
    void (*function)(void);
} keys[LAST_KEY - FIRST_KEY + 1] SET_ONCE;

void keys_register(char key, const char *what, void (*function)(void))
{
    ASSERT(key >= FIRST_KEY && key <= LAST_KEY && keys[key - FIRST_KEY].function == NULL);
    keys[key - FIRST_KEY].what = what;
    keys[key - FIRST_KEY].function = function;
}

/* Printed whatever loglvl= says: somebody is sitting there and asked. */
void keys_press(char key)
{
    if (key < FIRST_KEY || key > LAST_KEY || keys[key - FIRST_KEY].function == NULL) {
        panic_print("key '%c': nothing; 'h' lists the keys\n", key >= FIRST_KEY ? key : '?');
        return;
    }
    panic_print("key '%c': %s\n", key, keys[key - FIRST_KEY].what);
    keys[key - FIRST_KEY].function();
}

static void print_keys(void)
{
    for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++)
        if (keys[i].function != NULL)
            panic_print("  %c  %s\n", (char)(FIRST_KEY + i), keys[i].what);
}

static void print_memory(void)
{
    panic_print("free memory: %lu KiB\n", pages_free_count() * (PAGE_SIZE / KIB));
}

static void print_time(void)
{
    panic_print("up %lu ms, %u CPUs, TSC at %lu kHz\n", now_ns() / 1000000, cpus_online(),
                clock_tsc_hz() / 1000);
}

static void reset(void)
{
    machine_reset();
}

static void crash(void)
{
    panic("asked for by key");
}

void keys_init(void)
{
    keys_register('h', "list the keys", print_keys);
    keys_register('m', "print free memory", print_memory);
    keys_register('t', "print the time", print_time);
    keys_register('R', "reset the machine", reset);
    keys_register('C', "panic", crash);
}
