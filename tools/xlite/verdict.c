/* SPDX-License-Identifier: MIT */
/*
 * Verdicts. xen-lite writes one line for each event on a serial port that guests cannot reach:
 *
 *     domain ID NAME poweroff|reboot|suspend|crash|watchdog|soft_reset
 *     restart ID NAME poweroff|reboot|crash|watchdog
 *     kept N
 *     audit ok | audit failed N
 *     panic REASON
 *     halted
 *
 * A domain of a line "restart" comes again, and its last end counts. "kept" says that only domains
 * are left that on_...=preserve has kept: the machine goes on for whoever wants to look at them.
 *
 * Xen says on its console what becomes of its dom0. A dom0 could print the same lines; that cannot
 * be told.
 *
 * Without a hypervisor there is QEMU: its event SHUTDOWN has the reason "guest-shutdown" when the
 * machine was switched off, and "guest-reset" when it was reset, be it by the kernel or by a triple
 * fault (nothing starts again: -no-reboot). And a kernel that knows that it is broken writes to
 * the device isa-debug-exit, which ends QEMU with a status.
 */
#include "verdict.h"

#include <stdio.h>
#include <string.h>

/* The first reason is the one to tell: what fails later often fails because of it. */
static void note_reason(struct verdict *verdict, const char *reason)
{
    if (verdict->reason[0] == '\0') {
        snprintf(verdict->reason, sizeof(verdict->reason), "%s", reason);
    }
}

/* A line "domain ID NAME HOW". Names have no blanks in them. A line of another form is passed over:
 * a later version may say more. */
static void take_domain(struct verdict *verdict, const char *line)
{
    unsigned id;
    char name[100], how[20];

    if (sscanf(line, "domain %u %99s %19s", &id, name, how) != 3) {
        return;
    }
    verdict->domains_ended++;
    if (strcmp(how, "poweroff") != 0) {
        char reason[160];

        snprintf(reason, sizeof(reason), "domain %u (%s) ended with %s", id, name, how);
        verdict->domain_failed = true;
        note_reason(verdict, reason);
    }
}

/* Whole lines only: a guest's output has other text before it. */
static bool has_prefix(const char *line, const char *prefix)
{
    return strncmp(line, prefix, strlen(prefix)) == 0;
}

/* A panic's reason outranks a domain's: it is what the user must hear. */
static void take_panic(struct verdict *verdict, const char *reason)
{
    if (!verdict->panicked) {
        verdict->panicked = true;
        verdict->reason[0] = '\0';
        note_reason(verdict, reason);
    }
}

void verdict_take_status(struct verdict *verdict, const char *line)
{
    if (has_prefix(line, "domain ")) {
        take_domain(verdict, line);
    } else if (has_prefix(line, "audit failed") || has_prefix(line, "panic")) {
        take_panic(verdict, line);
    } else if (strcmp(line, "halted") == 0) {
        verdict->halted = true;
    } else if (has_prefix(line, "kept ")) {
        verdict->kept = true;
    }
}

/* What Xen 4.17 says when its dom0 (the "hardware domain") ends, and when it panics. A dom0 with
 * ACPI, as Linux is, switches the machine off itself. */
static const struct {
    const char *text;
    enum { XEN_POWEROFF, XEN_FAILED, XEN_PANIC } meaning;
} xen_lines[] = {
    { "(XEN) Hardware Dom0 halted: halting machine", XEN_POWEROFF },
    { "(XEN) Entering ACPI S5 state.", XEN_POWEROFF },
    { "(XEN) Hardware Dom0 crashed", XEN_FAILED },
    { "(XEN) Hardware Dom0 shutdown", XEN_FAILED },
    { "(XEN) Hardware Dom0 watchdog", XEN_FAILED },
    { "(XEN) Panic on CPU", XEN_PANIC },
    { "(XEN) FATAL", XEN_PANIC },
};

void verdict_take_console(struct verdict *verdict, const char *line)
{
    for (size_t i = 0; i < sizeof(xen_lines) / sizeof(xen_lines[0]); i++) {
        if (!has_prefix(line, xen_lines[i].text)) {
            continue;
        }
        switch (xen_lines[i].meaning) {
        case XEN_POWEROFF:
        case XEN_FAILED:
            verdict->domains_ended++;
            verdict->halted = true;
            if (xen_lines[i].meaning == XEN_FAILED) {
                verdict->domain_failed = true;
                note_reason(verdict, line);
            }
            break;
        case XEN_PANIC: take_panic(verdict, line); break;
        }
    }
}

static void end_kernel(struct verdict *verdict, const char *failure)
{
    verdict->domains_ended++;
    verdict->halted = true;
    if (failure != NULL) {
        verdict->domain_failed = true;
        note_reason(verdict, failure);
    }
}

/* One JSON object a line; the words are looked for as they stand. */
void verdict_take_event(struct verdict *verdict, const char *line)
{
    if (strstr(line, "\"SHUTDOWN\"") != NULL) {
        end_kernel(verdict, strstr(line, "\"guest-shutdown\"") != NULL
                                ? NULL
                                : "the machine was reset, and not switched off");
    }
}

/* The device makes value * 2 + 1 of what is written to it; a kernel that crashes writes 0x31. */
enum { EXIT_OF_CRASH = 0x31 * 2 + 1 };

bool verdict_take_exit(struct verdict *verdict, int status)
{
    if (verdict->hypervisor == HYPERVISOR_NONE && status == EXIT_OF_CRASH) {
        end_kernel(verdict, "the kernel crashed");
        return true;
    }
    return status == 0;
}

bool verdict_is_final(const struct verdict *verdict, bool somebody_there)
{
    return verdict->halted || verdict->panicked || (verdict->kept && !somebody_there);
}

enum exit_status verdict_exit_status(const struct verdict *verdict)
{
    if (verdict->panicked) {
        say("the hypervisor failed: %s", verdict->reason);
        return EXIT_HYPERVISOR_FAILED;
    }
    if (!verdict->halted && !verdict->kept) {
        say("the hypervisor failed: the machine stopped before all domains had ended");
        return EXIT_HYPERVISOR_FAILED;
    }
    if (verdict->domain_failed) {
        say("%s", verdict->reason);
        return EXIT_DOMAIN_FAILED;
    }
    if (verdict->domains_ended < verdict->domains) {
        say("%u of %u domains never ran", verdict->domains - verdict->domains_ended,
            verdict->domains);
        return EXIT_DOMAIN_FAILED;
    }
    return EXIT_ALL_POWERED_OFF;
}
