/* SPDX-License-Identifier: MIT */
/* The life of a test guest from start to verdict, and its console. */
#include "tests/guests/support/verdict.h"

#include <stdarg.h>

#include "tests/guests/support/support.h"

const struct start_info *start_info;

static char shared_page[PAGE_SIZE] __attribute__((aligned(4096)));
struct shared_info *shared_info = (struct shared_info *)shared_page;

static struct xencons_interface *ring; /* NULL: the console is a hypercall */
static unsigned differences;
static char first_difference[160];

void support_start(const struct start_info *info);

/* ---- Console ---- */

/* Yields until what was printed should have been read. */
#define PATIENCE 200000

/* Our end of the console's channel, and whose the other end is. */
static evtchn_port_t console_port;
static struct evtchn_status console_status;

static struct evtchn_status status_of_console(void)
{
    struct evtchn_status status = { .dom = DOMID_SELF, .port = console_port };

    if (CALL(event_channel_op, EVTCHNOP_status, &status) != 0)
        status.status = EVTCHNSTAT_closed;
    return status;
}

/* On the real Xen a reset of all ports closes this one, too; its other end then waits for this
 * domain. */
static void reconnect(void)
{
    struct evtchn_bind_interdomain bind = { .remote_dom = console_status.u.interdomain.dom,
                                            .remote_port = console_status.u.interdomain.port };
    struct evtchn_status now = status_of_console();

    if (now.status == EVTCHNSTAT_interdomain &&
        now.u.interdomain.dom == console_status.u.interdomain.dom &&
        now.u.interdomain.port == console_status.u.interdomain.port)
        return;
    if (CALL(event_channel_op, EVTCHNOP_bind_interdomain, &bind) == 0)
        console_port = bind.local_port;
}

static void ring_write(const char *text, size_t length)
{
    struct evtchn_send send;

    reconnect();
    send.port = console_port;
    for (size_t i = 0; i < length; i++) {
        uint32_t at = ring->out_prod;

        while (at - READ_ONCE(ring->out_cons) >= sizeof(ring->out)) {
            CALL(event_channel_op, EVTCHNOP_send, &send);
            CALL(sched_op, SCHEDOP_yield);
        }
        ring->out[at % sizeof(ring->out)] = text[i];
        __asm__ volatile("" ::: "memory"); /* the byte before the index */
        WRITE_ONCE(ring->out_prod, at + 1);
    }
    CALL(event_channel_op, EVTCHNOP_send, &send);
}

/* A daemon in another domain may read it; when this domain has gone it is too late. */
static void drain(void)
{
    for (unsigned i = 0; ring && READ_ONCE(ring->out_cons) != ring->out_prod && i < PATIENCE; i++)
        CALL(sched_op, SCHEDOP_yield);
}

void print_out(const char *text, size_t length)
{
    if (ring)
        ring_write(text, length);
    else
        CALL(console_io, CONSOLEIO_write, length, text);
}

uint64_t option_number(const char *key, uint64_t usual)
{
    const char *line = (const char *)start_info->cmd_line;
    size_t length = strlen(key);

    for (; *line; line++) {
        uint64_t value = 0;

        if (strlen(line) < length || memcmp(line, key, length) != 0)
            continue;
        for (line += length; *line >= '0' && *line <= '9'; line++)
            value = value * 10 + (uint64_t)(*line - '0');
        return value;
    }
    return usual;
}

void print_by_hypercall(void)
{
    ring = NULL;
}

bool is_xen_lite(void)
{
    static const char name[] = "xen-lite";
    xen_extraversion_t text;
    size_t at = 0;

    /* ".0-xen-lite" there, ".7" for instance here. */
    if (CALL(xen_version, XENVER_extraversion, text) != 0)
        error("no extraversion");
    while (at < sizeof(name) - 1 && text[3 + at] == name[at])
        at++;
    return at == sizeof(name) - 1;
}

_Noreturn void shut_down(unsigned reason)
{
    struct sched_shutdown shutdown = { .reason = reason };

    drain();
    CALL(sched_op, SCHEDOP_shutdown, &shutdown);
    for (;;)
        CALL(sched_op, SCHEDOP_block);
}

static _Noreturn void end(const char *verdict, const char *why, va_list *arguments)
{
    char text[200];

    print_list_to(text, sizeof(text), why, arguments);
    print("verdict: %s%s%s\n", verdict, text[0] ? " " : "", text);
    shut_down(SHUTDOWN_poweroff);
}

#define END_WITH(verdict)     \
    va_list arguments;        \
    va_start(arguments, why); \
    end(verdict, why, &arguments)

_Noreturn void skip(const char *why, ...)
{
    END_WITH("skip");
}

_Noreturn void error(const char *why, ...)
{
    END_WITH("error");
}

_Noreturn void failure(const char *why, ...)
{
    END_WITH("failure");
}

/* ---- Comparing ---- */

static void note_difference(const char *text)
{
    print("  wrong: %s\n", text);
    if (differences++ == 0)
        print_to(first_difference, sizeof(first_difference), "%s", text);
}

static const struct {
    long value;
    const char *name;
} errors[] = {
#define XEN_ERRNO(name, number, text) { -(number), #name },
#include "abi/errno.def"
};

/* Some errors have two names; the first in the list is shown. */
static const char *errno_name(long value)
{
    for (unsigned i = 0; i < COUNT(errors); i++) {
        if (errors[i].value == value)
            return errors[i].name;
    }
    return "";
}

static void show_result(char *buffer, size_t size, long value)
{
    const char *name = value < 0 ? errno_name(value) : "";

    if (name[0])
        print_to(buffer, size, "-%s", name);
    else
        print_to(buffer, size, "%ld", value);
}

void expect(long got, long wanted, const char *what, ...)
{
    char text[100], got_text[24], wanted_text[24], line[160];
    va_list arguments;

    if (got == wanted)
        return;
    va_start(arguments, what);
    print_list_to(text, sizeof(text), what, &arguments);
    va_end(arguments);
    show_result(got_text, sizeof(got_text), got);
    show_result(wanted_text, sizeof(wanted_text), wanted);
    print_to(line, sizeof(line), "%s: got %s, wanted %s", text, got_text, wanted_text);
    note_difference(line);
}

void expect_hex(uint64_t got, uint64_t wanted, const char *what, ...)
{
    char text[100], line[160];
    va_list arguments;

    if (got == wanted)
        return;
    va_start(arguments, what);
    print_list_to(text, sizeof(text), what, &arguments);
    va_end(arguments);
    print_to(line, sizeof(line), "%s: got 0x%llx, wanted 0x%llx", text, (unsigned long long)got,
             (unsigned long long)wanted);
    note_difference(line);
}

void expect_true(bool is_true, const char *what, ...)
{
    char text[140], line[160];
    va_list arguments;

    if (is_true)
        return;
    va_start(arguments, what);
    print_list_to(text, sizeof(text), what, &arguments);
    va_end(arguments);
    print_to(line, sizeof(line), "not true: %s", text);
    note_difference(line);
}

/* ---- Start ---- */

void support_start(const struct start_info *info)
{
    start_info = info;
    if (!is_initial_domain()) {
        ring = page_of(info->console.domU.mfn);
        console_port = info->console.domU.evtchn;
        console_status = status_of_console();
    }
    if (map(shared_page, info->shared_info | PTE_RW) != 0)
        error("cannot map the shared page");
    traps_init();

    test_main();
    if (differences)
        failure("%u wrong, first: %s", differences, first_difference);
    print("verdict: success\n");
    shut_down(SHUTDOWN_poweroff);
}
