/* SPDX-License-Identifier: MIT */
/* Between what is lent (main.c) and what is given away (transfers.c). */
#ifndef TESTS_GUESTS_GRANT_PEERS_PEERS_H
#define TESTS_GUESTS_GRANT_PEERS_PEERS_H

#include <stdint.h>

#include "abi/xen.h"

/* Entries of each one's table. */
enum { CONTROL = 2, LOST = 5, DATA = 20, READONLY, TABLE, FRAME, PASSED, KEPT, FLIPPED, GIVEN_UP };

/* In the page that the other can write, too. */
struct control {
    volatile uint32_t step;
    volatile uint32_t frame_there;
};

extern domid_t self, peer;
extern struct control *mine, *theirs;
extern uint32_t step; /* that this one has come to */

/* Both are here. */
void meet(const char *what);

/* A pattern in a page, and how many bytes of it are wrong. */
void fill(char *page, char seed);
long wrong_bytes(const char *page, char seed);

/* memory_op for single frames of one's own; the number done. */
long memory(unsigned operation, unsigned long *frames, unsigned long count);

/* Each gives the other a frame. */
void transferred(void);

#endif
