/* SPDX-License-Identifier: MIT */
/*
 * The consoles of boot-time domains: each has a console ring (struct xencons_interface) that the
 * hypervisor serves, and console_io beside it.
 *
 * Output is made of whole lines where several domains share the serial port, each with "(dN) " in
 * front; a domain that is alone is passed through as it is. Input goes to one domain at a time.
 */
#ifndef XEN_LITE_DOMAIN_CONSOLE_RING_H
#define XEN_LITE_DOMAIN_CONSOLE_RING_H

#include "domain/domain.h"

/* Before the first domain: who gets what is typed. */
void console_input_init(void);

/* Every domain: where its lines are collected. 0 or -XEN_ENOMEM. */
int console_create(struct domain *d);

/* Serves the console page at `frame` of d (its struct xencons_interface). The caller has taken a
 * writable reference on the frame for this, to be given back when the domain's memory is. Returns
 * the port for start_info, or a negative errno. */
long console_ring_attach(struct domain *d, mfn_t frame);

/* Writes out what the guest has left in the ring and in an unfinished line, as far as there is
 * room. False if not all fitted. */
bool console_flush(struct domain *d);
void console_destroy(struct domain *d);

/* CONSOLEIO_write: returns how much there was room for. */
size_t console_write_guest(struct domain *d, const char *text, size_t size);
/* CONSOLEIO_read, in two steps, so that nothing is lost if the guest cannot take it: a look at what
 * is there, from place *from on, up to size bytes; and its removal. False: another vCPU has read
 * meanwhile. */
size_t console_peek_guest(struct domain *d, char *text, size_t size, uint32_t *from);
bool console_take_guest(struct domain *d, uint32_t from, size_t size);

/* Domain id has ended and is going to be built again: if it had the input, that waits for its
 * successor. */
void console_await(uint16_t id);
/* The input that waits for domain id's successor goes to it; 0: there will be none. */
void console_follow(uint16_t id, uint16_t successor);

/* A character from the serial port. False: who it is for has no room yet; call again with it. */
bool console_input(char c);

#endif
