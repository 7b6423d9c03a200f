/* SPDX-License-Identifier: MIT */
/*
 * The scheduler, third part: vCPUs that move from one CPU's queue to another's.
 *
 * A CPU that has nothing to run takes one that waits elsewhere. A CPU for which somebody waits
 * compares, at the end of each turn, how far its first one has come with the other CPUs' clocks,
 * and sends it where that is furthest ahead. Who moves is between two locks for a moment, in no
 * queue: then it belongs to the new CPU already, whose bit of cpus_loaded, or this one's, keeps its
 * domain from being taken apart.
 */
#include "domain/sched_internal.h"
#include "domain/time.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "x86/clock.h"

/* The vCPUs of a domain that do not go up evenly in its CPUs take turns: one changes in that time.
 */
#define SCHED_ROTATION_NS 10000000UL

void sched_leave_domain(struct domain *d)
{
    atomic_and(&d->cpus_loaded, ~(1U << cpu_id()));
    domain_reap_continue();
}

/* ---- Clocks of others ---- */

void sched_publish_clock(struct cpu_queue *q, uint64_t now)
{
    bool alone = q->running != NULL && runqueue_is_empty(&q->queue);

    /* Who reads in between is mistaken by some microseconds, or takes a clock for one that stands.
     */
    WRITE_ONCE(q->alone, 0);
    WRITE_ONCE(q->clock, runqueue_clock(&q->queue));
    WRITE_ONCE(q->clock_stamp, q->running != NULL ? now : 0);
    WRITE_ONCE(q->alone, alone ? q->running->domain->config.weight : 0);
}

/* False: nobody runs there. */
static bool read_clock(const struct cpu_queue *q, uint64_t now, uint64_t *clock)
{
    uint32_t weight = READ_ONCE(q->alone);
    uint64_t stamp = READ_ONCE(q->clock_stamp);

    *clock = READ_ONCE(q->clock);
    if (weight != 0 && now > stamp)
        *clock += (now - stamp) * RUNQUEUE_WEIGHT / weight;
    return stamp != 0;
}

unsigned int sched_furthest_clock(cpu_set_t set, unsigned int but, uint64_t now, uint64_t *clock)
{
    unsigned int best = but;
    uint64_t its;

    for (cpu_set_t left = set & ~(1U << but); left != 0; left &= left - 1) {
        unsigned int cpu = (unsigned int)__builtin_ctz(left);

        if (read_clock(&sched_queues[cpu], now, &its) &&
            (best == but || (int64_t)(its - *clock) > 0)) {
            best = cpu;
            *clock = its;
        }
    }
    return best;
}

void sched_align(struct cpu_queue *q, unsigned int cpu, uint64_t now)
{
    cpu_set_t online = (cpu_set_t)((1UL << cpus_online()) - 1);
    uint64_t clock;

    if (sched_furthest_clock(online, cpu, now, &clock) != cpu)
        runqueue_align(&q->queue, clock);
}

/* ---- Moving ---- */

/* Takes v, which waits in q, out of it; from here on it belongs to the other CPU: whoever locks
 * "its" queue looks again (sched_lock_queue). Until it is queued there nothing else would keep its
 * domain from being taken apart: this CPU's bit does, and *marked says that it is there for that
 * only. r of q held. */
static void take_out(struct cpu_queue *q, struct vcpu *v, unsigned int to, bool *marked)
{
    cpu_set_t here = 1U << cpu_id();

    sched_dequeue(q, v);
    runqueue_leave(&q->queue, sched_group(v), &v->run, RUNQUEUE_LAG_NS);
    atomic_store(&v->cpu, to);
    *marked = !(atomic_fetch_or(&v->domain->cpus_loaded, here) & here);
}

/* Queues it, and lets its domain go. */
void sched_push_end(struct vcpu *v, bool marked)
{
    struct domain *d = v->domain;

    sched_enqueue(v);
    if (marked)
        sched_leave_domain(d);
}

/* The CPUs where v could be better off: with none of its domain, as those share one group's time.
 * Others' groups are looked at without their lock: a hint. */
static cpu_set_t other_places(const struct vcpu *v)
{
    cpu_set_t set = 0;

    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++) {
        if ((v->affinity >> cpu & 1) && cpu != v->cpu &&
            !runqueue_has(&sched_queues[cpu].queue, &v->domain->run_group[cpu]))
            set |= 1U << cpu;
    }
    return set;
}

/* For how many ns the first that waits in q is not better off on one of those CPUs. Only where one
 * runs alone a clock will be further than now, compared with this one's: a light one's soon. */
static uint64_t content(const struct cpu_queue *q, cpu_set_t places, uint64_t now)
{
    uint64_t least = UINT64_MAX, clock;

    for (cpu_set_t left = places; left != 0; left &= left - 1) {
        const struct cpu_queue *other = &sched_queues[__builtin_ctz(left)];
        uint32_t weight = READ_ONCE(other->alone);

        if (weight != 0 && read_clock(other, now, &clock))
            least = min(least, runqueue_content(&q->queue, clock, weight));
    }
    return max(least, RUNQUEUE_SHORTEST_NS);
}

struct vcpu *sched_push_begin(struct cpu_queue *q, uint64_t now, bool *marked)
{
    struct runqueue_entry *first = runqueue_first(&q->queue);

    /* Only those of the domain that runs wait. */
    if (first == NULL)
        return NULL;

    struct vcpu *v = container_of(first, struct vcpu, run);
    unsigned int here = v->cpu;
    cpu_set_t places = other_places(v);
    uint64_t clock = 0;
    unsigned int to = sched_furthest_clock(places, here, now, &clock);

    if (to == here || runqueue_behind(&q->queue, clock) <= RUNQUEUE_MARGIN_NS) {
        q->content = content(q, places, now);
        /* It may not go, but others' clocks must not run away from this one's. */
        cpu_set_t online = (cpu_set_t)((1UL << cpus_online()) - 1);

        if (sched_furthest_clock(online, here, now, &clock) != here)
            runqueue_catch_up(&q->queue, clock);
        return NULL;
    }
    take_out(q, v, to, marked);
    return v;
}

/* The CPU where the fewest others of v's domain want to run, how many in *count; none where nobody
 * of it does: that is for the balance between domains to say. Those behind this CPU first, so that
 * turns go round. Others' queues are looked at without their lock: a hint. */
static unsigned int fewest_siblings(const struct vcpu *v, uint32_t *count)
{
    unsigned int cpus = cpus_online(), here = v->cpu, best = here;

    *count = UINT32_MAX;
    for (unsigned int i = 1; i < cpus; i++) {
        unsigned int cpu = (here + i) % cpus;
        uint32_t its = runqueue_count(&sched_queues[cpu].queue, &v->domain->run_group[cpu]);

        if ((v->affinity >> cpu & 1) && its != 0 && its < *count) {
            *count = its;
            best = cpu;
        }
    }
    return best;
}

/* The one who has been here longest goes first. */
static struct vcpu *next_in_turn(const struct cpu_queue *q, uint64_t now)
{
    const struct vcpu *running = q->running;
    struct runqueue_entry *oldest;

    if (now - READ_ONCE(running->domain->rotated) < SCHED_ROTATION_NS)
        return NULL;
    oldest = runqueue_oldest(&q->queue, &running->run);
    return oldest != NULL ? container_of(oldest, struct vcpu, run) : NULL;
}

struct vcpu *sched_spread_begin(struct cpu_queue *q, uint64_t now, bool *marked)
{
    struct runqueue_group *group = sched_group(q->running);
    uint32_t here = runqueue_count(&q->queue, group), there;
    struct vcpu *v = container_of(list_first_entry(&group->waiting, struct runqueue_entry, link),
                                  struct vcpu, run);
    unsigned int to = fewest_siblings(v, &there);

    if (to == v->cpu || there >= here)
        return NULL;
    if (here - there == 1) {
        v = next_in_turn(q, now);
        if (v == NULL || !(v->affinity >> to & 1))
            return NULL;
        WRITE_ONCE(v->domain->rotated, now);
    }
    take_out(q, v, to, marked);
    return v;
}

static bool may_run_here(const struct runqueue_entry *entry)
{
    return container_of(entry, const struct vcpu, run)->affinity >> cpu_id() & 1;
}

/* The first that waits in the other CPU's queue and may run here, in no queue now, or null. */
static struct vcpu *steal_from(struct cpu_queue *other, bool *marked)
{
    struct runqueue_entry *entry;
    struct vcpu *v = NULL;

    spin_lock(&other->lock);
    entry = runqueue_find(&other->queue, may_run_here);
    if (entry != NULL) {
        v = container_of(entry, struct vcpu, run);
        take_out(other, v, cpu_id(), marked);
    }
    spin_unlock(&other->lock);
    return v;
}

/* The lengths are read without a lock: whoever queues one that we miss sees us idle and knocks. */
void sched_steal(void)
{
    unsigned int cpus = cpus_online();

    for (unsigned int i = 1; i < cpus; i++) {
        struct cpu_queue *other = &sched_queues[(cpu_id() + i) % cpus];

        if (READ_ONCE(other->queue.length) == 0)
            continue;

        bool marked;
        struct vcpu *v = steal_from(other, &marked);

        if (v == NULL)
            continue;
        sched_push_end(v, marked);
        return;
    }
}
