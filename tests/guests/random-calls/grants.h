/* SPDX-License-Identifier: MIT */
/* Between the entries of the grant tables (grant_entries.c) and the calls about them
 * (grant_calls.c). */
#ifndef TESTS_GUESTS_RANDOM_CALLS_GRANTS_H
#define TESTS_GUESTS_RANDOM_CALLS_GRANTS_H

#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/grant.h"

/* An address at which a grant may be mapped. */
struct window {
    char *address;
    uint64_t entry;     /* the machine address of its page-table entry */
    bool is_mapped;     /* by a grant */
    struct call *maker; /* reserved by this one, if that names it still */
    grant_handle_t handle;
    bool by_entry;      /* so that its entry's address is told ... */
    uint64_t host, bus; /* ... to unmap it */
};

#define WINDOWS 24
extern struct window windows[WINDOWS];

/* A free one, which is the call's until that is made up anew; NULL if the one that is looked at is
 * taken. And the one that is mapped by that handle, or NULL. */
struct window *window_reserve(struct call *call);
struct window *window_with(grant_handle_t handle);

/* Two windows exchange their addresses; what is mapped in the other is at this one's now. */
void window_exchange(struct window *one, struct window *other);

/* An entry, and a domain: mostly the peer. */
grant_ref_t some_ref(void);
domid_t somebody(void);

/* The format of the own entries has changed. */
void grants_in_format(unsigned version);

#endif
