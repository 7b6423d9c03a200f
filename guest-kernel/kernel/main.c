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

_Noreturn void kernel_main(void)
{
    pages_init();
    tour();
    print("Good bye.\n");
    machine_power_off();
}
