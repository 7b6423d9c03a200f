/* SPDX-License-Identifier: MIT */
/*
 * What a domain is built from, as often as that is wanted, and what becomes of it when it ends.
 */
#ifndef XEN_LITE_DOMAIN_LIFE_H
#define XEN_LITE_DOMAIN_LIFE_H

#include "core/life.h"
#include "domain/boot.h"

/* One for each domain that a boot module describes, from boot to the end for good. The files are
 * where the loader has put them: nobody ever writes there.
 *
 * Keys: c = set at creation; r = only who does WORK_REAP, and the boot CPU before that. */
struct origin {
    struct domain_config config; /* c */
    struct life_actions actions; /* c */
    struct span kernel, ramdisk; /* c */
    struct image *image;         /* c: of the kernel, or null */
    struct build *build;         /* r: under way, or null */
    uint64_t started;            /* r: ns: when the last one was let go */
    uint64_t due;                /* r: ns: not before this is it built again */
    uint16_t last_id;            /* r: of the domain that it was before; 0: none */
    uint32_t held;               /* r: its former lives of which others still have pages mapped */
    struct list_node link;       /* r: of those that are to be built again */
};

/* At boot: how all domains are built. */
void life_init(const struct domain_builder *builder);

/* At boot: builds all of o's domain, which does not run yet. Null: it cannot be, which was said and
 * told; o is freed then. */
struct domain *life_build(struct origin *o);

/* Lets it run: d, just built from o. */
void life_start(struct domain *d, struct origin *o);

/* A domain was asked for and cannot be made. Tools are to see that not all have run well. */
void life_left_out(const char *name, const char *why);

/* What is to become of d, which has shut down. */
enum life_end life_decide(const struct domain *d);

/* Leaves d, which has shut down, as it is. */
void life_preserve(struct domain *d);

/* d is gone but for its struct, its place in the list, and frames that others hold: tells its end,
 * and sees to it that it comes again if it is to. Nothing when it is called again. */
void life_ended(struct domain *d);

/* No domain is left, and none is to come. */
bool life_all_over(void);

/* Goes on building what is due, until `end`. When it wants to go on: now, later, or UINT64_MAX.
 * Only who does WORK_REAP. */
uint64_t life_work(uint64_t end);

/* No domain comes again from here on. */
void life_no_more(void);

#endif
