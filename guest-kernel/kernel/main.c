/* SPDX-License-Identifier: MIT */
/* Where the machine hands over to the kernel. With a ramdisk, the kernel makes a file system of it
 * and runs the first program; without one, or with the word "tour" on its command line, it shows
 * what the machine can do, and powers off. */
#include "kernel/file.h"
#include "kernel/pages.h"
#include "kernel/panic.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/machine.h"
#include "tour/tour.h"

/* lib/print.c's output. A kernel that ends does not wait for anybody. */
void print_out(const char *text, size_t length)
{
    static struct lock console = LOCK(RANK_CONSOLE);
    bool alone = kernel_is_ending();

    if (!alone)
        lock_take(&console);
    machine_console_write(text, length);
    if (!alone)
        lock_release(&console);
}

static _Noreturn void show_machine_only(void)
{
    tour();
    print("Good bye.\n");
    machine_power_off();
}

_Noreturn void kernel_main(void)
{
    const struct machine_facts *facts = machine_facts();

    pages_init();
    if (!facts->ramdisk || string_has_word(facts->command_line, "tour"))
        show_machine_only();
    if (!tree_init())
        kernel_panic("the ramdisk is no file system");
    pages_add(facts->ramdisk, facts->ramdisk_size); /* all of it has been copied */
    schedule_init();
    process_start_first("/bin/init");
    schedule_start_cpus();
    schedule_run();
}
