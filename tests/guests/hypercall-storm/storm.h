/* SPDX-License-Identifier: MIT */
/* What the storm is made of. */
#ifndef TESTS_GUESTS_HYPERCALL_STORM_STORM_H
#define TESTS_GUESTS_HYPERCALL_STORM_STORM_H

#include <stdint.h>

#include "abi/xen.h"

#define STORM_VCPUS 6
#define TOYS        16

/* One vCPU's share. */
struct storm {
    unsigned id;
    uint64_t seed;
    uint64_t calls, made;
    uint64_t *page; /* where its structures are */
    volatile unsigned done;
};

/* Pages that the calls may do anything with, and frames that they have or had. */
extern uint64_t *toys[TOYS];
extern uint64_t toy_frames[TOYS];
extern unsigned storm_vcpus;

uint64_t storm_random(struct storm *s);

/* Makes up a call and what its arguments point to. Never one that rightly ends the domain, or takes
 * away what the test itself stands on. */
void storm_make_call(struct storm *s, struct multicall_entry *e);

#endif
