/* SPDX-License-Identifier: MIT */
/*
 * The tour: it shows, one after the other, that each part of the machine interface works,
 * says so on the console in lines that are the same on every hypervisor (only those that begin with
 * "hypervisor:" differ).
 *
 * Words on the command line: "echo" gives console input back, line by line, until "quit".
 */
#include "tour/tour.h"

#include "kernel/pages.h"
#include "lib/string.h"

static void show_machine(void)
{
    const struct machine_facts *facts = machine_facts();

    print("Guest kernel, %s.\n", facts->kind);
    print("hypervisor: %s\n", facts->hypervisor);
    print("hypervisor: features: %s\n", facts->features);
    print("hypervisor: memory %lu KiB, free for the kernel %lu KiB\n", facts->memory_pages * 4,
          facts->page_count * 4);
    print("hypervisor: command line \"%s\"\n", facts->command_line);
}

static bool running;

bool tour_is_running(void)
{
    return running;
}

void tour(void)
{
    unsigned long free_pages;

    running = true;
    show_machine();

    show_traps();
    free_pages = pages_free(); /* not earlier: the kernel's half keeps its page tables */
    show_timer();
    show_spaces();
    show_user();
    print("memory: %s\n", pages_free() == free_pages ? "every page came back" : "PAGES LOST");

    if (string_has_word(machine_facts()->command_line, "echo"))
        echo();
}
