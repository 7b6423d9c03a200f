/* SPDX-License-Identifier: MIT */
/*
 * The console. Two ways lead to it, and start_info says which one is there.
 *
 * An ordinary domain shares a page with its console daemon (with xen-lite: with the hypervisor). It
 * holds two rings of bytes with free-running indices, and an event channel tells the other side
 * that one has moved. The initial domain of Xen has no daemon and asks the hypervisor to print by a
 * hypercall.
 *
 * Each side writes only its own two indices, so the rings need no lock, but an order: contents
 * before the index that shows them, index before contents when reading.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

static struct xencons_interface *ring; /* NULL: there is none, use the hypercall */
static evtchn_port_t port;

/* Bytes read by hypercall and not yet asked for. */
static char input[64];
static unsigned input_at, input_count;

void pv_console_init(void)
{
    if (pv_start_info->flags & SIF_INITDOMAIN)
        return;
    ring = pv_page_of_frame(pv_start_info->console.domU.mfn);
    port = pv_start_info->console.domU.evtchn;
}

void pv_console_bind(void (*handler)(void))
{
    if (ring)
        pv_event_handler(0, port, handler);
    else
        pv_bind_virq(VIRQ_CONSOLE, handler);
}

/* The ring is full: lets the other side run until it has taken something. */
static void ring_wait(void)
{
    pv_event_send(port);
    hypercall_sched(SCHEDOP_yield, NULL);
}

/* Waits for room: output is never lost, whoever reads it. */
static void ring_put(char c)
{
    uint32_t out_prod = ring->out_prod;

    while (out_prod - pv_read_once(ring->out_cons) >= sizeof(ring->out))
        ring_wait();
    ring->out[out_prod % sizeof(ring->out)] = c;

    /* The byte first, then the index that makes it visible: x86 keeps the order of stores, the
     * compiler must. */
    __asm__ volatile("" ::: "memory");
    pv_write_once(ring->out_prod, out_prod + 1);
}

void machine_console_write(const char *text, size_t length)
{
    if (!ring) {
        hypercall_console(CONSOLEIO_write, length, text);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            ring_put('\r');
        ring_put(text[i]);
    }
    pv_event_send(port);
}

/* The next byte, or -1. */
static int ring_read(void)
{
    uint32_t in_cons = ring->in_cons;
    char c;

    if (in_cons == pv_read_once(ring->in_prod))
        return -1;
    __asm__ volatile("" ::: "memory"); /* in_prod before the byte */
    c = ring->in[in_cons % sizeof(ring->in)];
    pv_write_once(ring->in_cons, in_cons + 1);
    pv_event_send(port); /* there is room again */
    return (unsigned char)c;
}

int machine_console_read(void)
{
    long count;

    if (ring)
        return ring_read();
    if (input_at == input_count) {
        count = hypercall_console(CONSOLEIO_read, sizeof(input), input);
        input_at = 0;
        input_count = count > 0 ? (unsigned)count : 0;
    }
    return input_at < input_count ? (unsigned char)input[input_at++] : -1;
}
