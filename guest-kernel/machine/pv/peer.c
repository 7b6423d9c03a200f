/* SPDX-License-Identifier: MIT */
/*
 * The machine beside this one: another domain. Nobody is there to introduce them to each other, so
 * they rely on what both know: the command lines name the two domains, and the page has always the
 * same grant reference. The number of the port is in the page.
 *
 * The one that offers grants the page at start, and waits until somebody has connected to its port.
 * The one that accepts tries to map the page, in vain as long as it is not offered. Afterwards the
 * state of the port tells whether the other domain is still there.
 */
#include "lib/string.h"
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

#define REFERENCE 8 /* Xen's tools use those below, for console and store */

static struct machine_peer peer;
static domid_t domain;
static void (*handler)(void);
static uint32_t *page;        /* begins with the port of the one that offers; 0: it is taken */
static evtchn_port_t port;    /* 0: none */
static grant_handle_t handle; /* of the one that accepts */

/* Whether the command line has a word that begins so; the number behind it is the domain's. */
static bool find_domain(const char *begin)
{
    const char *line = machine_facts()->command_line, *text = line;
    size_t length = strlen(begin);

    while (*text && (strlen(text) < length || memcmp(text, begin, length) != 0 ||
                     (text > line && text[-1] != ' ')))
        text++;
    if (!*text)
        return false;
    for (text += length; *text >= '0' && *text <= '9'; text++)
        domain = (domid_t)(domain * 10 + *text - '0');
    return true;
}

static bool offer(void)
{
    page = kernel_page_get();
    port = page ? pv_event_offer(domain) : 0;
    if (!port)
        return false;
    page[0] = port;
    pv_grant_give(REFERENCE, domain, page);
    return true;
}

/* The port was there before the page was: if it is not, the other domain has ended since. Then ours
 * is 0, which is connected with nobody. */
static bool accept(void)
{
    if (!pv_grant_map(domain, REFERENCE, PEER_PAGE_AT, &handle))
        return false;
    page = (void *)PEER_PAGE_AT;
    port = pv_event_accept(domain, pv_read_once(page[0]));
    return true;
}

static bool is_there(void)
{
    return pv_event_is_connected(port);
}

/* The one that offers may look so late that the other has come and gone: its word in the page says
 * so, and what it left can be read. */
static void *join(void)
{
    if (peer.offers ? !is_there() && pv_read_once(page[0]) == port : !accept())
        return NULL;
    pv_event_handler(0, port, handler);
    pv_event_send(port); /* it may wait for this one to come */
    pv_write_once(page[0], 0);
    return page + 4;
}

static void signal(void)
{
    pv_event_send(port);
}

/* A page that the other domain, ended or not, still has cannot become anything else. */
static void leave(void)
{
    pv_event_close(port);
    if (!peer.offers)
        pv_grant_unmap(PEER_PAGE_AT, handle);
    else if (pv_grant_take_back(REFERENCE))
        kernel_page_put(page);
}

const struct machine_peer *machine_peer_find(void (*on_signal)(void))
{
    peer = (struct machine_peer){ find_domain("offer="), join, is_there, signal, leave };
    handler = on_signal;
    if ((!peer.offers && !find_domain("accept=")) || !pv_grant_init())
        return NULL;
    return peer.offers && !offer() ? NULL : &peer;
}
