/* SPDX-License-Identifier: MIT */
/*
 * Guest output: from the console ring, or from console_io, to the serial port.
 *
 * Nothing that a guest writes in its ring is trusted: each index is read once, our own side's index
 * is kept here and only copied to the page, and no more than the ring holds is taken at a time.
 *
 * Output is never thrown away to go faster. When the serial port's buffer is full the text stays in
 * the ring, whose guest then waits; other domains and the hypervisor itself do not.
 */
#include "domain/console_ring.h"

#include "domain/console_internal.h"

#include "domain/evtchn.h"
#include "hv/alloc.h"
#include "hv/console.h"
#include "hv/frame.h"
#include "lib/atomic.h"
#include "lib/format.h"
#include "lib/string.h"
#include "x86/clock.h"

/* A line that is not ended, a prompt perhaps, is written after so long. */
#define PARTIAL_LINE_NS 500000000UL
/* Output that was refused is tried again after so long. */
#define RETRY_NS        1000000UL
/* Attempts to write out what an ended domain has left, some 300 us apart. */
#define FLUSH_ATTEMPTS  10000

/* There was more than one domain at a time: lines are kept whole and say whose they are. */
static bool several;

/* Writes what is in the line. False: there is no room now, nothing was written. n held. */
static bool write_line(struct console_ring *c)
{
    char text[CONSOLE_LINE_SIZE + 16];
    size_t length = 0;

    if (c->line.length == 0)
        return true;
    if (several)
        length = format_string(text, sizeof(text), "(d%u) ", c->domain->id);
    memcpy(text + length, c->line.text, c->line.length);
    length += c->line.length;
    if (several && !console_line_is_whole(&c->line))
        text[length++] = '\n';
    if (!console_write(text, length))
        return false;
    console_line_clear(&c->line);
    return true;
}

/* Adds to the line and writes it when it is whole or full. False: no room; c was not taken. n held.
 */
static bool put(struct console_ring *c, char character)
{
    if (!console_line_add(&c->line, character)) {
        if (!write_line(c))
            return false;
        (void)console_line_add(&c->line, character);
    }
    if (console_line_is_whole(&c->line) || console_line_is_full(&c->line))
        (void)write_line(c);
    return true;
}

/* After a piece of output: what need not wait for the rest of its line goes out at once. n held. */
static void end_of_piece(struct console_ring *c)
{
    if (!several)
        (void)write_line(c);
    else if (c->line.length != 0)
        c->later = PARTIAL_LINE_NS;
}

/* Drops the console's lock and sets the timer if something is left for later (not under the lock:
 * it is beyond that of timers). */
static void unlock(struct console_ring *c)
{
    uint64_t later = c->later;

    c->later = 0;
    spin_unlock(&c->lock);
    if (later != 0)
        timer_set(&c->timer, now_ns() + later);
}

/* Takes what the guest has put in the ring, as far as there is room for it. True if something was
 * taken. n held. */
static bool drain(struct console_ring *c)
{
    uint32_t end = atomic_load(&c->page->out_prod);
    uint32_t begin = c->out_cons;

    /* An index that cannot be: whatever is in the ring is lost, by the guest's own doing. */
    if (end - begin > sizeof(c->page->out))
        c->out_cons = end;
    while (c->out_cons != end) {
        if (!put(c, READ_ONCE(c->page->out[c->out_cons % sizeof(c->page->out)])))
            break;
        c->out_cons++;
    }
    end_of_piece(c);
    /* We have read the bytes: now the guest may write over them. */
    atomic_store(&c->page->out_cons, c->out_cons);
    return c->out_cons != begin;
}

/* Moves what there is, both ways, and tells the guest if there was anything. A reference on d is
 * held, or it is the current domain. */
static void serve(struct domain *d)
{
    struct console_ring *c = d->console;
    bool moved = false;

    spin_lock(&c->lock);
    if (c->page != NULL) {
        moved = drain(c);
        moved |= console_feed(c);
    } else {
        end_of_piece(c);
    }
    unlock(c);
    if (moved)
        evtchn_notify_guest(d, c->port);
}

/* The guest has sent on the console's port: it wrote something, or has read. */
static void notified(void *domain)
{
    serve(domain);
}

/* A line has waited for its end for long enough. */
static void partial_line_due(void *arg)
{
    struct console_ring *c = arg;

    spin_lock(&c->lock);
    (void)write_line(c);
    unlock(c);
}

static void serve_each(struct domain *d, void *arg)
{
    (void)arg;
    serve(d);
}

void console_serve_all(void)
{
    domain_for_each(serve_each, NULL);
}

int console_create(struct domain *d)
{
    struct console_ring *c = hv_alloc(sizeof(*c));

    if (c == NULL)
        return -XEN_ENOMEM;
    c->lock = SPINLOCK(LOCK_RING);
    c->domain = d;
    timer_init(&c->timer, partial_line_due, c);
    d->console = c;
    several |= domain_count() != 0;
    return 0;
}

long console_ring_attach(struct domain *d, mfn_t frame)
{
    long port = evtchn_bind_hypervisor(d, notified);

    if (port < 0)
        return port;
    d->console->port = (evtchn_port_t)port;
    d->console->page = mfn_to_virt(frame);
    return port;
}

size_t console_write_guest(struct domain *d, const char *text, size_t size)
{
    struct console_ring *c = d->console;
    size_t done = 0;

    spin_lock(&c->lock);
    while (done < size && put(c, text[done]))
        done++;
    end_of_piece(c);
    unlock(c);
    return done;
}

bool console_flush(struct domain *d)
{
    struct console_ring *c = d->console;
    bool done;

    timer_stop(&c->timer);
    spin_lock(&c->lock);
    if (c->page != NULL)
        (void)drain(c);
    done = write_line(c) && (c->page == NULL || c->out_cons == atomic_load(&c->page->out_prod));
    /* A port that takes nothing must not keep the domain for ever; nor a page that is still written
     * to, which nobody can any more. */
    done = done || ++c->flush_attempts > FLUSH_ATTEMPTS;
    /* The page is the domain's and goes with it; who holds a reference may still come to serve. */
    if (done)
        c->page = NULL;
    spin_unlock(&c->lock);
    return done;
}

void console_destroy(struct domain *d)
{
    if (d->console == NULL)
        return;
    /* Whoever served it last, after the flush, may have set it again. */
    timer_stop(&d->console->timer);
    hv_free(d->console);
    d->console = NULL;
}
