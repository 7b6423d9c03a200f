/* SPDX-License-Identifier: MIT */
/*
 * core/runqueue.c: several queues beside each other, as domain/sched_balance.c uses them. Domains
 * of one vCPU each that always want to run have their shares of all CPUs together.
 */
#include "unit.h"

#include "core/runqueue.h"

#define MS 1000000UL
#define US 1000UL

#define CPUS    4
#define DOMAINS 16
#define STEP    (20 * US)

static struct domain {
    struct runqueue_entry entry;
    struct runqueue_group group[CPUS];
    unsigned cpus; /* set of those where it may run */
    unsigned cpu;
    uint64_t ran;
} domains[DOMAINS];

static struct cpu {
    struct runqueue queue;
    struct domain *running;
    uint64_t turn_ends, stalled_until;
} cpus[CPUS];

static unsigned cpu_count, domain_count, moves;

static struct domain *domain_of(struct runqueue_entry *entry)
{
    return entry != NULL ? (struct domain *)((char *)entry - offsetof(struct domain, entry)) : NULL;
}

/* The furthest clock of other CPUs where d may run (null: all), or `but`. */
static unsigned furthest(const struct domain *d, unsigned but, uint64_t *clock)
{
    unsigned best = but;

    for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
        uint64_t its = runqueue_clock(&cpus[cpu].queue);

        if (cpu == but || cpus[cpu].running == NULL || (d != NULL && !(d->cpus >> cpu & 1)))
            continue;
        if (best == but || (int64_t)(its - *clock) > 0) {
            best = cpu;
            *clock = its;
        }
    }
    return best;
}

static void add(struct domain *d, bool waits_anew)
{
    struct runqueue *queue = &cpus[d->cpu].queue;
    uint64_t clock;

    if (waits_anew && queue->length == 0 && cpus[d->cpu].running != NULL &&
        furthest(NULL, d->cpu, &clock) != d->cpu)
        runqueue_align(queue, clock);
    runqueue_add(queue, &d->group[d->cpu], &d->entry);
}

static void move(struct domain *d, unsigned to)
{
    struct runqueue *queue = &cpus[d->cpu].queue;

    runqueue_remove(queue, &d->group[d->cpu], &d->entry);
    runqueue_leave(queue, &d->group[d->cpu], &d->entry, RUNQUEUE_LAG_NS);
    d->cpu = to;
    moves++;
    add(d, true);
}

static void push(unsigned here)
{
    struct domain *d = domain_of(runqueue_first(&cpus[here].queue));
    uint64_t clock = 0;
    unsigned to;

    if (d == NULL)
        return;
    to = furthest(d, here, &clock);
    if (to != here && runqueue_behind(&cpus[here].queue, clock) > RUNQUEUE_MARGIN_NS)
        move(d, to);
    else if (furthest(NULL, here, &clock) != here)
        runqueue_catch_up(&cpus[here].queue, clock);
}

static void steal(unsigned here)
{
    for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
        struct domain *d = domain_of(runqueue_first(&cpus[cpu].queue));

        if (cpu != here && d != NULL && (d->cpus >> here & 1)) {
            move(d, here);
            return;
        }
    }
}

/* How long the first that waits here may stay: until one that runs alone elsewhere is too far ahead
 * of it. */
static uint64_t content(unsigned here)
{
    struct domain *d = domain_of(runqueue_first(&cpus[here].queue));
    uint64_t least = UINT64_MAX;

    for (unsigned cpu = 0; d != NULL && cpu < cpu_count; cpu++) {
        struct cpu *c = &cpus[cpu];

        if (cpu != here && c->running != NULL && c->queue.length == 0 && d->cpus >> cpu & 1)
            least = min(least, runqueue_content(&cpus[here].queue, runqueue_clock(&c->queue),
                                                c->running->group[cpu].weight));
    }
    return max(least, RUNQUEUE_SHORTEST_NS);
}

/* The end of a turn. */
static void choose(unsigned here, uint64_t now)
{
    struct cpu *c = &cpus[here];
    struct domain *before = c->running;

    if (before != NULL && runqueue_turn(&c->queue, &before->entry) == 0) {
        struct domain *next = domain_of(runqueue_take(&c->queue));

        c->running = next;
        add(before, false);
    }
    if (c->running == NULL) {
        if (c->queue.length == 0)
            steal(here);
        c->running = domain_of(runqueue_take(&c->queue));
    }
    push(here);
    c->turn_ends = UINT64_MAX;
    if (c->running != NULL && c->queue.length != 0)
        c->turn_ends = now + min(runqueue_turn(&c->queue, &c->running->entry), content(here));
}

/* All burn. With `noise` CPUs stand still at times, and what runs there is charged for it. */
static void simulate(uint64_t begin, uint64_t end, bool noise)
{
    for (uint64_t now = begin; now < end; now += STEP)
        for (unsigned cpu = 0; cpu < cpu_count; cpu++) {
            struct cpu *c = &cpus[cpu];

            if (c->running != NULL) {
                runqueue_charge(&c->queue, &c->running->entry, STEP);
                c->running->ran += STEP;
            }
            if (noise && now >= c->stalled_until && rand() % 500 == 0)
                c->stalled_until = now + (uint64_t)(rand() % 10) * MS;
            if (now < c->stalled_until)
                continue;
            if (c->turn_ends == UINT64_MAX && c->running != NULL && c->queue.length != 0)
                c->turn_ends = now;
            if (c->running == NULL || now >= c->turn_ends)
                choose(cpu, now);
        }
}

static void start(unsigned count, const uint32_t *weights, const unsigned *places)
{
    memset(cpus, 0, sizeof(cpus));
    memset(domains, 0, sizeof(domains));
    cpu_count = count;
    moves = 0;
    for (unsigned cpu = 0; cpu < CPUS; cpu++) {
        runqueue_init(&cpus[cpu].queue);
        cpus[cpu].turn_ends = UINT64_MAX;
    }
    for (domain_count = 0; weights[domain_count] != 0; domain_count++) {
        struct domain *d = &domains[domain_count];

        runqueue_entry_init(&d->entry);
        for (unsigned cpu = 0; cpu < CPUS; cpu++)
            runqueue_group_init(&d->group[cpu], weights[domain_count]);
        d->cpus = places[domain_count] != 0 ? places[domain_count] : (1U << count) - 1;
        d->cpu = (unsigned)__builtin_ctz(d->cpus);
        add(d, true);
    }
}

/* What each should have of the CPUs, in ns of a second: by weight, but no more than one. */
static void expected(uint64_t *share)
{
    double left = cpu_count;
    bool full[DOMAINS] = { false }, again = true;

    while (again) {
        double total = 0, given = 0;

        again = false;
        for (unsigned i = 0; i < domain_count; i++)
            total += full[i] ? 0 : domains[i].group[0].weight;
        for (unsigned i = 0; i < domain_count; i++) {
            double part = full[i] ? 1 : left * domains[i].group[0].weight / total;

            if (!full[i] && part > 1) {
                full[i] = again = true;
                given += 1;
            }
            share[i] = (uint64_t)((part > 1 ? 1 : part) * 1e9);
        }
        left -= given;
    }
}

/* Within so many percent of what it should have. */
static void check_shares(const char *name, uint64_t seconds, unsigned percent)
{
    uint64_t share[DOMAINS];
    char text[200];

    expected(share);
    for (unsigned i = 0; i < domain_count; i++) {
        uint64_t wanted = share[i] * seconds, ran = domains[i].ran;
        uint64_t error = max(wanted, ran) - min(wanted, ran);

        snprintf(text, sizeof(text), "%s, %u cpus, weight %u: %lu ms of %lu, %u moves", name,
                 cpu_count, domains[i].group[0].weight, (unsigned long)(ran / MS),
                 (unsigned long)(wanted / MS), moves);
        check(text, error * 100 <= wanted * percent);
    }
}

static const unsigned anywhere[DOMAINS];

static const struct {
    const char *name;
    uint32_t weights[DOMAINS];
} mixes[] = {
    { "three alike", { 256, 256, 256 } },
    { "1:2:4", { 256, 512, 1024 } },
    { "1:2:4 twice and one", { 256, 512, 1024, 256, 512, 1024, 256 } },
    { "a heavy one", { 65535, 256, 256, 256, 256 } },
    { "a light one", { 1, 256, 256 } },
    { "light ones", { 16, 256, 4, 256, 64, 256 } },
    { "1:2:4 three times", { 256, 512, 1024, 256, 512, 1024, 256, 512, 1024 } },
    { "five", { 256, 256, 256, 256, 256 } },
    { "many", { 256, 512, 1024, 256, 512, 1024, 256, 512, 1024, 256, 512, 1024, 256, 512, 1024 } },
};

/* By hand, for longer. */
static uint64_t duration(void)
{
    const char *text = getenv("SECONDS_SIMULATED");

    return text != NULL ? strtoul(text, NULL, 10) : 3;
}

static void check_mixes(bool noise, unsigned percent)
{
    for (size_t i = 0; i < ARRAY_SIZE(mixes); i++)
        for (unsigned count = 1; count <= CPUS; count *= 2) {
            srand(1);
            start(count, mixes[i].weights, anywhere);
            simulate(0, duration() * 1000 * MS, noise);
            check_shares(mixes[i].name, duration(), percent);
        }
}

static void test_shares(void **state)
{
    (void)state;
    check_mixes(false, 3);
}

/* The host does not run each CPU all the time. */
static void test_shares_with_stalls(void **state)
{
    (void)state;
    check_mixes(true, 6);
}

/* Where domains are bound to CPUs, clocks cannot stay together; those that may go anywhere are
 * where most is to be had, and nobody gets nothing. */
static void test_bound(void **state)
{
    static const uint32_t weights[DOMAINS] = { 256, 256, 256, 256, 256 };
    static const unsigned places[DOMAINS] = { 1, 1, 1, 2, 0 };
    static const uint64_t expect[] = { 333, 333, 333, 500, 500 };

    (void)state;
    start(2, weights, places);
    simulate(0, 2000 * MS, false);
    for (unsigned i = 0; i < domain_count; i++) {
        uint64_t ran = domains[i].ran / MS / 2;

        check("bound", ran + 20 > expect[i] && ran < expect[i] + 20);
    }
    /* CPU 0's slow clock is forgotten when the reason for it is. */
    for (unsigned i = 0; i < domain_count; i++) {
        domains[i].cpus = 3;
        domains[i].ran = 0;
    }
    simulate(2000 * MS, 4000 * MS, false);
    for (unsigned i = 0; i < domain_count; i++) {
        uint64_t ran = domains[i].ran / MS / 2;

        check("unbound", ran > 380 && ran < 420);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_shares_with_stalls),
        cmocka_unit_test(test_bound),
    };

    return RUN_TESTS(tests);
}
