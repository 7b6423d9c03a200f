/* SPDX-License-Identifier: MIT */
/*
 * Input from the serial port: to one domain at a time, or to the hypervisor's keys. Three times the
 * switch character (Ctrl-a) moves it on to the next.
 *
 * A character waits in a buffer of the hypervisor until the guest's ring has room. When that is
 * full, too, the rest waits where it is: so nothing is lost of a text that is pasted faster than
 * the guest reads. But the switch character is behind it; so of a guest that reads hardly anything
 * for a second the rest is lost. The guest hears of it by its console's port, or by VIRQ_CONSOLE if
 * it reads by console_io.
 */
#include "domain/console_internal.h"
#include "domain/evtchn.h"
#include "hv/console.h"
#include "hv/keys.h"
#include "hv/options.h"
#include "hv/print.h"
#include "lib/atomic.h"
#include "x86/clock.h"

#define SWITCH_COUNT 3
/* Who takes fewer bytes than that, while there are more for it, in so long does not read. */
#define SLOWEST      128
#define PATIENCE_NS  1000000000UL

/* Only the CPU that serves the serial port is here, one at a time; and who builds domains anew. */
static uint16_t focus;   /* a: domain that gets the input, 0: the hypervisor */
static uint16_t awaited; /* a: a domain that had it, and comes again with another id; 0: none */
static unsigned int switches_typed;

void console_await(uint16_t id)
{
    if (atomic_load(&focus) == id)
        atomic_store(&awaited, id);
}

void console_follow(uint16_t id, uint16_t successor)
{
    uint16_t old = id;

    if (!atomic_cmpxchg(&awaited, &old, 0))
        return;
    if (successor != 0)
        (void)atomic_cmpxchg(&focus, &id, successor);
}

void console_input_init(void)
{
    focus = options.input_to_guest ? 1 : 0;
    console_set_hooks(console_input, console_serve_all);
}

/* What is typed with Ctrl and the letter of conswitch=. */
static char switch_character(void)
{
    return (char)(options.conswitch & 0x1f);
}

bool console_feed(struct console_ring *c)
{
    struct xencons_interface *page = c->page;
    uint32_t used = c->in_prod - atomic_load(&page->in_cons);
    uint32_t begin = c->in_prod;

    /* An index that cannot be counts as full: the guest gets nothing until it mends it. */
    while (!c->reads_by_call && used < sizeof(page->in) && c->input_head != c->input_tail) {
        page->in[c->in_prod++ % sizeof(page->in)] = c->input[c->input_head++ % INPUT_SIZE];
        used++;
    }
    atomic_store(&page->in_prod, c->in_prod);
    return c->in_prod != begin;
}

size_t console_peek_guest(struct domain *d, char *text, size_t size, uint32_t *from)
{
    struct console_ring *c = d->console;
    size_t done = 0;

    spin_lock(&c->lock);
    c->reads_by_call = true;
    *from = c->input_head;
    while (done < size && *from + (uint32_t)done != c->input_tail) {
        text[done] = c->input[(*from + done) % INPUT_SIZE];
        done++;
    }
    spin_unlock(&c->lock);
    return done;
}

bool console_take_guest(struct domain *d, uint32_t from, size_t size)
{
    struct console_ring *c = d->console;
    bool first;

    spin_lock(&c->lock);
    first = c->input_head == from;
    if (first)
        c->input_head += (uint32_t)size;
    spin_unlock(&c->lock);
    return first;
}

/* The buffer is full: whether its guest does not read. n held. */
static bool is_stuck(struct console_ring *c)
{
    uint64_t now = now_ns();

    if (c->full_at != 0 && now - c->full_at < PATIENCE_NS)
        return false;
    if (c->full_at != 0 && c->input_head - c->full_head < SLOWEST)
        return true;
    c->full_at = now;
    c->full_head = c->input_head;
    return false;
}

/* Gives d a character. False: there is no room yet. It is lost if d does not read. */
static bool give(struct domain *d, char character)
{
    struct console_ring *c = d->console;
    bool moved = false, has_room;

    spin_lock(&c->lock);
    if (c->page != NULL)
        moved = console_feed(c);
    has_room = c->input_tail - c->input_head < INPUT_SIZE;
    if (has_room)
        c->input[c->input_tail++ % INPUT_SIZE] = character;
    if (c->page != NULL)
        moved |= console_feed(c);
    has_room = has_room || is_stuck(c);
    spin_unlock(&c->lock);
    if (moved)
        evtchn_notify_guest(d, c->port);
    else
        evtchn_global_virq(d, VIRQ_CONSOLE);
    return has_room;
}

/* Moves the focus to the next domain there is, or to the hypervisor behind the last. */
static void switch_focus(void)
{
    struct domain *d = NULL;

    for (uint16_t id = (uint16_t)(focus + 1); id <= MAX_DOMAINS && d == NULL; id++)
        d = domain_get(id);
    if (d == NULL) {
        atomic_store(&focus, 0);
        print(LOG_ERROR, "input goes to xen-lite now (h: list of keys; 3 x Ctrl-%c: next)\n",
              options.conswitch);
        return;
    }
    atomic_store(&focus, d->id);
    print(LOG_ERROR, "input goes to domain %u (%s) now (3 x Ctrl-%c: next)\n", d->id,
          d->config.name, options.conswitch);
    domain_put(d);
}

/* False: who it is for has no room yet. */
static bool deliver(char c)
{
    struct domain *d;
    bool done;

    if (focus == 0) {
        keys_press(c);
        return true;
    }
    d = domain_get(focus);
    if (d == NULL && focus == atomic_load(&awaited))
        return true;
    if (d == NULL) {
        /* It has ended: this character is for nobody, the next one for who has the focus then. */
        switch_focus();
        return true;
    }
    done = give(d, c);
    domain_put(d);
    return done;
}

bool console_input(char c)
{
    if (c == switch_character()) {
        if (++switches_typed == SWITCH_COUNT) {
            switches_typed = 0;
            switch_focus();
        }
        return true;
    }
    /* Fewer than that many were meant for the guest. */
    for (; switches_typed != 0; switches_typed--)
        if (!deliver(switch_character()))
            return false;
    return deliver(c);
}
