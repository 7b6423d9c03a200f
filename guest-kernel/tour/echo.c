/* SPDX-License-Identifier: MIT */
/* Console input: gives every line back. */
#include "tour/tour.h"
#include "lib/string.h"

#define LINE_MAX    80
#define POLL_LENGTH 20000000ull /* 20 ms */

/* The next byte, sleeping until it comes. The timer wakes us as well, for consoles that do not
 * announce input. */
static char next_byte(void)
{
    int byte;

    while ((byte = machine_console_read()) < 0) {
        machine_timer_set(machine_time() + POLL_LENGTH);
        machine_idle();
    }
    return (char)byte;
}

/* Reads up to the end of the line; what does not fit is dropped. */
static void read_line(char line[LINE_MAX])
{
    size_t length = 0;
    char c;

    while ((c = next_byte()) != '\r' && c != '\n') {
        if (length < LINE_MAX - 1)
            line[length++] = c;
    }
    line[length] = '\0';
}

/* Input needs no work here: that machine_idle ends is enough. */
static void input_arrived(void)
{
}

void echo(void)
{
    char line[LINE_MAX];

    machine_interrupt_bind(INTERRUPT_CONSOLE, input_arrived);
    print("echo: type lines, \"quit\" ends\n");
    for (;;) {
        read_line(line);
        if (strlen(line) == 4 && memcmp(line, "quit", 4) == 0)
            break;
        print("echo: %s\n", line);
    }
}
