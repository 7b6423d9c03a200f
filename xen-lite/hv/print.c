/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's own lines.
 *
 * A line is formatted on the stack and handed over whole, so that no lock is held while it is
 * formatted and lines of several CPUs do not mix.
 */
#include "hv/print.h"

#include "hv/print_va.h"

#include "hv/console.h"
#include "hv/options.h"
#include "lib/format.h"
#include "lib/types.h"
#include "x86/report.h"

/* What is longer is cut. Enough for a refusal with all its details and callers. */
#define LINE_SIZE 512
#define PREFIX    "(xen-lite) "

void print_va(const char *format, va_list args)
{
    char line[LINE_SIZE] = PREFIX;
    size_t prefix = sizeof(PREFIX) - 1;
    size_t size = prefix + format_va(line + prefix, sizeof(line) - prefix, format, args);

    /* A line that was cut still ends as one. */
    if (size >= sizeof(line)) {
        size = sizeof(line) - 1;
        line[size - 1] = '\n';
    }
    console_write_line(line, size);
}

void print(enum log_level level, const char *format, ...)
{
    va_list args;

    if (level >= options.loglvl.always)
        return;
    va_start(args, format);
    print_va(format, args);
    va_end(args);
}

void print_guest(enum log_level level, const char *format, ...)
{
    va_list args;

    if (!print_guest_wanted(level))
        return;
    va_start(args, format);
    print_va(format, args);
    va_end(args);
}

/* A message of the x86 layer: it comes without a newline. */
static void machine_say(enum log_level level, const char *format, va_list args)
{
    char text[LINE_SIZE - sizeof(PREFIX)];

    format_va(text, sizeof(text), format, args);
    print(level, "%s\n", text);
}

void machine_info(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    machine_say(LOG_INFO, format, args);
    va_end(args);
}

void machine_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    machine_say(LOG_WARNING, format, args);
    va_end(args);
}
