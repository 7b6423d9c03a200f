/* SPDX-License-Identifier: MIT */
/*
 * kill=COUNT,SEED,US, for tests of debug builds: so many times, at random moments, a random domain
 * ends as if it had crashed, by a random CPU, in the middle of whatever its vCPUs do on the others.
 * Those with on_crash=restart come again; after the last time none does, and those that are left
 * end, too.
 *
 * The timer is on the CPU that did the last kill, and hands over to the one that does the next: so
 * what is below belongs to one CPU at a time.
 */
#include "domain/boot.h"
#include "domain/life.h"
#include "hv/options.h"
#include "hv/work.h"
#include "x86/clock.h"

#define NS_A_US 1000UL

/* Bursts and long pauses: US at most, or half of it, and so on. Domains so die young and old. */
#define SCALES 6

static struct timer timer;
static uint64_t state;
static uint32_t left;

/* Less than limit. */
static uint64_t draw(uint64_t limit)
{
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return (state >> 33) % limit;
}

static bool kill(struct domain *d)
{
    /* One that is being built is the builder's alone. */
    if (atomic_load(&d->life) != DOMAIN_ALIVE)
        return false;
    domain_shutdown(d, SHUTDOWN_crash);
    return true;
}

static void kill_each(struct domain *d, void *arg)
{
    (void)arg;
    (void)kill(d);
}

/* The first that lives, from a random one on. */
static bool kill_any(void)
{
    uint64_t first = draw(MAX_DOMAINS);
    bool done = false;

    for (uint64_t i = 0; i < MAX_DOMAINS && !done; i++) {
        struct domain *d = domain_get((uint16_t)(1 + (first + i) % MAX_DOMAINS));

        if (d == NULL)
            continue;
        done = kill(d);
        domain_put(d);
    }
    return done;
}

static void kill_next(void)
{
    if (left == 0) {
        life_no_more();
        domain_for_each(kill_each, NULL);
    } else if (kill_any()) {
        left--;
    }
    timer_set(&timer, now_ns() + draw(options.kill.period_us * NS_A_US >> draw(SCALES)));
}

static void due(void *arg)
{
    (void)arg;
    work_raise_on((unsigned int)draw(cpus_online()), WORK_KILL);
}

void kill_start(void)
{
    left = options.kill.count;
    state = options.kill.seed;
    if (!CONFIG_DEBUG || left == 0)
        return;
    timer_init(&timer, due, NULL);
    work_register(WORK_KILL, kill_next);
    due(NULL);
}
