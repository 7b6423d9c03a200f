/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's console: serial port and screen.
 *
 * Output goes into a buffer and from there to the serial port as fast as that takes it, partly by
 * its interrupt; nobody waits for it. Input comes by interrupt and is handed on, a character at a
 * time, from a work handler.
 */
#ifndef XEN_LITE_HV_CONSOLE_H
#define XEN_LITE_HV_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

struct boot_info;

/* Output works from here on, by polling. */
void console_init(const struct boot_info *info);

/* Interrupts: once IOAPIC and memory are there. Serves the port from the boot CPU. */
void console_init_interrupts(void);

/* From here on the boot CPU runs guests and timers: text is shown on the screen in their time. */
void console_end_boot(void);

/* Writes size bytes as they are, but puts a carriage return before each bare line feed. All or
 * nothing; false: there is no room at present. size is at most 1024. */
bool console_write(const char *text, size_t size);

/* The same for a line of the hypervisor's own: begins a new line on the terminal if the last output
 * did not end one. What finds no room is lost, counted and said later. */
void console_write_line(const char *text, size_t size);

/* input is called for each character that is typed; where it returns false there was no room, and
 * it is called with the same one a little later. room is called when some output was refused and
 * there is room again. Both from a work handler of the boot CPU, with no lock held. */
void console_set_hooks(bool (*input)(char c), void (*room)(void));

/* Waits until all output is out and shown. */
void console_sync(void);

/* From here on nobody else runs: locks are ignored, and output waits until it is out. */
void console_enter_panic(void);

#endif
