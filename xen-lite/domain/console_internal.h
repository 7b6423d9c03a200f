/* SPDX-License-Identifier: MIT */
/*
 * What console_ring.c (output) and console_input.c share.
 */
#ifndef XEN_LITE_DOMAIN_CONSOLE_INTERNAL_H
#define XEN_LITE_DOMAIN_CONSOLE_INTERNAL_H

#include "core/console_line.h"
#include "domain/console_ring.h"

#define INPUT_SIZE 256 /* a power of two */

/*
 * One domain's console. The guest's page has four indexes; the two that are ours (out_cons,
 * in_prod) are kept here and only ever copied to the page, so a guest that scribbles over them
 * harms itself.
 *
 * Invariants: input_tail - input_head <= INPUT_SIZE; .page is null again when what the domain has
 * printed was written out at its end.
 *
 * Keys: n = .lock; c = set at creation; g = the guest writes it, too.
 */
struct console_ring {
    struct spinlock lock;
    struct domain *domain;          /* c */
    struct xencons_interface *page; /* n: null: only console_io; g */
    evtchn_port_t port;             /* c */

    /* Output */
    struct console_line line; /* n */
    struct timer timer;       /* writes a line that is not ended for long */
    uint64_t later;           /* n: the timer is to be set so many ns ahead; 0: not */
    uint32_t out_cons;        /* n: what page->out_cons is to be */
    uint32_t flush_attempts;  /* only while the domain is destroyed */

    /* Input that the guest has not been given yet; indexes run freely. */
    char input[INPUT_SIZE]; /* n */
    uint32_t input_head;    /* n: next to be given */
    uint32_t input_tail;    /* n: next free */
    uint32_t in_prod;       /* n: what page->in_prod is to be */
    bool reads_by_call;     /* n: the guest uses CONSOLEIO_read: nothing goes into the ring */
    uint64_t full_at;       /* n: since then it has been watched whether the guest reads; ns */
    uint32_t full_head;     /* n: what input_head was then */
};

/* Moves input into the ring as far as it has room. True if something was moved. n held; there is a
 * page. */
bool console_feed(struct console_ring *c);

/* There is room for output again: goes on with every console. */
void console_serve_all(void);

#endif
