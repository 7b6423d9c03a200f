/* SPDX-License-Identifier: MIT */
/*
 * Domains that come again, and those that stay. The rules are in core/life.c; docs/domain-life.md
 * has the picture.
 *
 * Who does WORK_REAP (destroy.c) is one CPU at a time, and all of this but the decision is done by
 * it; so the list of those that are to come needs no lock.
 */
#include "domain/life.h"

#include "domain/console_ring.h"
#include "domain/list.h"
#include "domain/sched.h"
#include "hv/alloc.h"
#include "hv/keys.h"
#include "hv/options.h"
#include "hv/print.h"
#include "lib/atomic.h"
#include "x86/clock.h"
#include "x86/image.h"

#define NS_A_MS 1000000UL

/* So many former lives of a domain may be held by others, who have pages of them mapped. Each keeps
 * an id and memory, which no limit of the two domains counts: with more, a pair that means to could
 * have all that the machine has. */
#define HELD_LIVES 4

static const struct domain_builder *builder SET_ONCE;
static struct list_node waiting = LIST_INIT(waiting);
static uint32_t to_come;   /* a: length of that list */
static uint32_t preserved; /* a: domains that are */
static uint32_t untold;    /* a: domains whose end was not told yet */
static bool no_more;       /* a */

/* ---- Building ---- */

void life_left_out(const char *name, const char *why)
{
    if (why != NULL)
        print(LOG_ERROR, "domain %s is left out: %s\n", name, why);
    status_line("domain 0 %s crash", name);
}

/* o may be null. */
static void forget(struct origin *o)
{
    struct domain *d;

    if (o == NULL)
        return;
    for (uint16_t id = 1; id <= MAX_DOMAINS && o->held != 0; id++)
        if ((d = domain_peek(id)) != NULL && d->former_of == o)
            d->former_of = NULL;
    builder->forget(o->image);
    hv_free(o);
}

/* Nobody is ended for the sake of another: who comes when there is no memory left goes without, and
 * does not even try, which would take from the others what there is. */
static bool has_memory(const struct domain_config *config)
{
    uint64_t free = pages_free_count();

    if (config->memory_pages <= free)
        return true;
    print(LOG_ERROR, "domain %s is left out: it wants %lu MiB of memory, and %lu MiB are free\n",
          config->name, config->memory_pages * PAGE_SIZE / MIB, free * PAGE_SIZE / MIB);
    return false;
}

/* Goes on until others want the CPU. BUILD_FAILED: told; *d, if there is one, comes to its end. */
static enum build_result build_some(struct origin *o, struct domain **d)
{
    enum build_result result = BUILD_FAILED;

    *d = NULL;
    if (o->build == NULL && has_memory(&o->config)) {
        o->build = builder->begin(&o->config, o->kernel, o->ramdisk, o->image);
        if (o->build != NULL)
            (void)atomic_add_return(&untold, 1);
    }
    if (o->build != NULL)
        result = builder->step(o->build);
    if (result == BUILD_AGAIN)
        return result;
    if (o->build != NULL)
        *d = builder->end(o->build);
    o->build = NULL;
    if (*d == NULL)
        life_left_out(o->config.name, NULL);
    else if (result == BUILD_FAILED)
        domain_shutdown(*d, SHUTDOWN_crash);
    return result;
}

struct domain *life_build(struct origin *o)
{
    enum build_result result;
    struct domain *d;

    o->image = builder->study(o->kernel);
    do
        result = build_some(o, &d);
    while (result == BUILD_AGAIN);
    if (result == BUILD_DONE)
        return d;
    forget(o);
    return NULL;
}

void life_start(struct domain *d, struct origin *o)
{
    d->origin = o;
    o->started = now_ns();
    d->vcpu[0]->initialising = true;
    d->vcpu[0]->initialised = true;
    atomic_store(&d->life, DOMAIN_ALIVE);
    vcpu_bring_up(d->vcpu[0]);
}

/* ---- The end ---- */

enum life_end life_decide(const struct domain *d)
{
    if (d->origin == NULL || atomic_load(&no_more))
        return LIFE_DESTROY;
    return life_end_of(&d->origin->actions, d->shutdown_code);
}

/* Domains that are as they were are all that is left: says it. */
static void look_at_rest(void)
{
    uint32_t kept = atomic_load(&preserved);

    if (kept == 0 || atomic_load(&to_come) != 0 || atomic_load(&untold) != 0)
        return;
    print(LOG_INFO, "only preserved domains are left: key D destroys them\n");
    status_line("kept %u", kept);
}

/* What has become of d, to people and to tools. */
static void tell(struct domain *d, const char *word, const char *more)
{
    const char *reason = shutdown_name(d->shutdown_code);

    print(LOG_INFO, "domain %u (%s) has ended: %s%s\n", d->id, d->config.name, reason, more);
    status_line("%s %u %s %s", word, d->id, d->config.name, reason);
    d->told = true;
}

void life_preserve(struct domain *d)
{
    tell(d, "domain", "; it is preserved");
    (void)atomic_add_return(&preserved, 1);
    atomic_store(&d->life, DOMAIN_PRESERVED);
    (void)atomic_sub_return(&untold, 1);
    look_at_rest();
}

static void destroy_preserved(struct domain *d, void *arg)
{
    uint8_t life = DOMAIN_PRESERVED;

    (void)arg;
    if (!atomic_cmpxchg(&d->life, &life, DOMAIN_STOPPING))
        return;
    (void)atomic_sub_return(&preserved, 1);
    domain_reap(d);
}

static void destroy_all_preserved(void)
{
    domain_for_each(destroy_preserved, NULL);
}

/* Its module's memory stays as it is: what is built from it once more must find the same. */
static void come_again(struct origin *o, struct domain *d)
{
    o->due = life_next_start(o->started, now_ns(), options.restart_gap * NS_A_MS);
    o->last_id = d->id;
    if (d->held) {
        d->former_of = o;
        o->held++;
    }
    if (o->held >= HELD_LIVES)
        print(LOG_WARNING, "domain %u (%s) waits: others have pages of its last %u lives mapped\n",
              d->id, o->config.name, o->held);
    console_await(d->id);
    list_add_last(&waiting, &o->link);
    (void)atomic_add_return(&to_come, 1);
}

void life_ended(struct domain *d)
{
    bool again = life_decide(d) == LIFE_RESTART, told = d->told;

    if (!d->held && d->former_of != NULL) {
        d->former_of->held--;
        d->former_of = NULL;
    }
    if (!told)
        tell(d, again ? "restart" : "domain", "");
    if (again)
        come_again(d->origin, d);
    else
        forget(d->origin);
    d->origin = NULL;
    if (told)
        return;
    (void)atomic_sub_return(&untold, 1);
    look_at_rest();
}

bool life_all_over(void)
{
    return domain_count() == 0 && atomic_load(&to_come) == 0;
}

/* ---- Coming again ---- */

/* True: o is not in the list any more. */
static bool rebuild(struct origin *o)
{
    struct domain *d;
    enum build_result result = build_some(o, &d);

    if (result == BUILD_AGAIN)
        return false;
    console_follow(o->last_id, result == BUILD_DONE ? d->id : 0);
    list_remove(&o->link);
    if (result == BUILD_DONE) {
        print(LOG_INFO, "domain %u (%s) is domain %u built again\n", d->id, d->config.name,
              o->last_id);
        life_start(d, o);
    } else {
        forget(o);
    }
    (void)atomic_sub_return(&to_come, 1);
    if (result != BUILD_DONE)
        look_at_rest();
    return true;
}

/* The one that is begun, or else the first that is due; null: none is. *next: when one will be. Who
 * waits for others to let go of its former lives is looked at when one of these is gone. */
static struct origin *choose(uint64_t *next)
{
    uint64_t now = now_ns();
    struct origin *chosen = NULL;

    *next = UINT64_MAX;
    for (struct list_node *n = waiting.next; n != &waiting; n = n->next) {
        struct origin *o = list_entry(n, struct origin, link);

        if (o->build != NULL)
            return o;
        if (o->held >= HELD_LIVES)
            continue;
        if (chosen == NULL && o->due <= now)
            chosen = o;
        *next = min(*next, o->due);
    }
    return chosen;
}

uint64_t life_work(uint64_t end)
{
    struct origin *o;
    uint64_t next;

    while ((o = choose(&next)) != NULL && now_ns() < end)
        if (!rebuild(o))
            return 0;
    return o != NULL ? 0 : next;
}

void life_no_more(void)
{
    atomic_store(&no_more, true);
}

void life_init(const struct domain_builder *how)
{
    builder = how;
    keys_register('D', "destroy preserved domains", destroy_all_preserved);
}
