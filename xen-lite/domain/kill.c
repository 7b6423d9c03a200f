/* SPDX-License-Identifier: MIT */
/*
 * kill=COUNT,SEED,US, for tests of debug builds: so many times, at random moments, a random domain
 * ends as if it had crashed, in the middle of whatever its vCPUs do on other CPUs. Those with
 * on_crash=restart come again; after the last time none does, and those that are left end, too.
 */
#include "domain/boot.h"
#include "domain/life.h"
#include "hv/options.h"
#include "x86/clock.h"

#define NS_A_US 1000UL

/* All but .count only by the timer's function. */
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

static void due(void *arg)
{
    (void)arg;
    if (left == 0) {
        life_no_more();
        domain_for_each(kill_each, NULL);
    } else if (kill_any()) {
        left--;
    }
    timer_set(&timer, now_ns() + draw(options.kill.period_us * NS_A_US));
}

void kill_start(void)
{
    left = options.kill.count;
    state = options.kill.seed;
    if (!CONFIG_DEBUG || left == 0)
        return;
    timer_init(&timer, due, NULL);
    due(NULL);
}
