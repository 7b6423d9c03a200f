/* SPDX-License-Identifier: MIT */
/* Where the machine hands over to the kernel. Without a ramdisk there are no programs to run: then
 * the kernel shows what the machine can do, and powers off. */
#include "kernel/pages.h"
#include "lib/print.h"
#include "machine/machine.h"
#include "tour/tour.h"

/* lib/print.c's output. */
void print_out(const char *text, size_t length)
{
    machine_console_write(text, length);
}

bool kernel_trap(struct trap *trap)
{
    return tour_trap(trap);
}

long kernel_system_call(unsigned long number, const unsigned long arguments[4])
{
    return tour_system_call(number, arguments);
}

void kernel_return_to_user(void)
{
}

_Noreturn void kernel_main(void)
{
    pages_init();
    tour();
    print("Good bye.\n");
    machine_power_off();
}
