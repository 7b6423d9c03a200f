/* SPDX-License-Identifier: MIT */
/*
 * The scheduler, second part: which vCPUs want to run, and on which CPU they are queued.
 *
 * A vCPU's state changes under the lock of the run queue of the CPU that it belongs to (.cpu).
 * While it is loaded there, or on its way off (.descheduled is false), only .state changes here and
 * the CPU itself queues it if need be (sched.c).
 */
#include "domain/sched_internal.h"
#include "domain/time.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "x86/apic.h"
#include "x86/clock.h"
#include "x86/vector.h"

void sched_init_domain(struct domain *d)
{
    for (unsigned int cpu = 0; cpu < MAX_CPUS; cpu++)
        runqueue_group_init(&d->run_group[cpu], d->config.weight);
    sched_init_cap(d);
}

void sched_init_vcpu(struct vcpu *v)
{
    runqueue_entry_init(&v->run);
    v->state = VCPU_DOWN;
    v->descheduled = true;
    v->runstate.state = RUNSTATE_offline;
    v->runstate.state_entry_time = now_ns();
    v->affinity = v->domain->config.cpus[v->id];
    v->cpu = (unsigned int)__builtin_ctz(v->affinity);
}

struct cpu_queue *sched_lock_queue(struct vcpu *v)
{
    for (;;) {
        unsigned int cpu = atomic_load(&v->cpu);

        spin_lock(&sched_queues[cpu].lock);
        if (v->cpu == cpu)
            return &sched_queues[cpu];
        spin_unlock(&sched_queues[cpu].lock);
    }
}

void sched_dequeue(struct cpu_queue *q, struct vcpu *v)
{
    if (list_is_linked(&v->run.link))
        runqueue_remove(&q->queue, sched_group(v), &v->run);
}

void sched_charge(struct cpu_queue *q, uint64_t now)
{
    struct vcpu *v = q->running;

    if (v == NULL)
        return;

    uint64_t ns = time_until(now, v->run_since);

    runqueue_charge(&q->queue, &v->run, ns);
    v->run_since = max(now, v->run_since);
    if (unlikely(v->domain->budget != 0) && ns != 0)
        sched_cap_charge(v->domain, ns, now);
}

void sched_enqueue(struct vcpu *v)
{
    struct cpu_queue *q = sched_lock_queue(v);
    unsigned int cpu = v->cpu;

    /* Since it became RUNNABLE it may have been stopped, or queued by somebody else. */
    if (v->state == VCPU_RUNNABLE && v->pause_count == 0 && v->descheduled &&
        !list_is_linked(&v->run.link) && !sched_is_spent(v->domain)) {
        uint64_t now = now_ns();

        sched_charge(q, now);
        if (runqueue_is_empty(&q->queue) && q->running != NULL && cpus_online() > 1)
            sched_align(q, cpu, now);
        runqueue_add(&q->queue, sched_group(v), &v->run);
    }
    spin_unlock(&q->lock);
    work_raise_on(cpu, WORK_SCHEDULE);
}

void sched_tickle(const struct vcpu *v)
{
    cpu_set_t idle = atomic_load(&sched_idle_cpus) & v->affinity;

    if (idle != 0)
        work_raise_on((unsigned int)__builtin_ctz(idle), WORK_SCHEDULE);
}

/* The shortest queue of the set, from v's present CPU on. */
static unsigned int least_loaded(const struct vcpu *v)
{
    unsigned int best = v->cpu;
    uint32_t length = READ_ONCE(sched_queues[best].queue.length);

    for (unsigned int cpu = 0; cpu < cpus_online(); cpu++) {
        uint32_t other = READ_ONCE(sched_queues[cpu].queue.length);

        /* Moving costs a cold cache: not for a difference of one. */
        if ((v->affinity >> cpu & 1) && other + 1 < length) {
            best = cpu;
            length = other;
        }
    }
    return best;
}

/* Where v, which has just become ready, is to run: where it ran last if that CPU is idle, else on
 * any idle one, else where few wait. A chosen idle CPU is taken off the set, so that the next to be
 * woken goes to another one. */
static unsigned int place(const struct vcpu *v)
{
    cpu_set_t idle = atomic_load(&sched_idle_cpus) & v->affinity;
    unsigned int cpu = v->cpu;

    if (idle == 0)
        return least_loaded(v);
    if (!(idle >> cpu & 1))
        cpu = (unsigned int)__builtin_ctz(idle);
    atomic_and(&sched_idle_cpus, ~(1U << cpu));
    return cpu;
}

/* v, BLOCKED or DOWN until now, wants to run. Unlocks q, which is v's and locked. */
static void make_ready(struct cpu_queue *q, struct vcpu *v)
{
    unsigned int to;

    if (!v->descheduled) {
        v->state = VCPU_RUNNING;
        spin_unlock(&q->lock);
        return;
    }
    v->state = VCPU_RUNNABLE;
    runstate_change(v, RUNSTATE_runnable, now_ns());
    to = place(v);
    if (to != v->cpu) {
        runqueue_leave(&q->queue, sched_group(v), &v->run, RUNQUEUE_CREDIT_NS);
        atomic_store(&v->cpu, to);
    }
    spin_unlock(&q->lock);
    sched_enqueue(v);
}

/* v waits for ports no more, by whatever it was woken. r held. */
static void end_poll(struct vcpu *v)
{
    atomic_store(&v->poll_port, POLL_NONE);
    evtchn_poll_end(v);
}

void vcpu_wake(struct vcpu *v)
{
    struct cpu_queue *q = sched_lock_queue(v);

    if (v->state != VCPU_BLOCKED) {
        spin_unlock(&q->lock);
        return;
    }
    if (unlikely(v->poll_port != POLL_NONE))
        end_poll(v);
    make_ready(q, v);
}

void vcpu_block_always(struct vcpu *v)
{
    struct cpu_queue *q = sched_lock_queue(v);

    if (v->state == VCPU_RUNNING)
        v->state = VCPU_BLOCKED;
    spin_unlock(&q->lock);
    work_raise(WORK_SCHEDULE);
    /* The caller looks for events next. Who sends one sets it pending, then reads .state. */
    memory_fence();
}

void vcpu_block(struct vcpu *v)
{
    vcpu_block_always(v);
    if (vcpu_has_news(v))
        vcpu_wake(v);
}

void vcpu_yield(struct vcpu *v)
{
    v->yielded = true;
    work_raise(WORK_SCHEDULE);
}

void vcpu_bring_up(struct vcpu *v)
{
    struct cpu_queue *q = sched_lock_queue(v);

    if (v->state == VCPU_DOWN)
        make_ready(q, v);
    else
        spin_unlock(&q->lock);
}

void vcpu_take_down(struct vcpu *v)
{
    struct cpu_queue *q = sched_lock_queue(v);
    unsigned int cpu = v->cpu;
    bool loaded = !v->descheduled;

    /* One that is loaded leaves when its CPU next passes schedule(), which is told to; the caller
     * does not wait for that. Its run state is noted there. A poll ends by it: what that waited for
     * is nothing to its next sleep. */
    v->state = VCPU_DOWN;
    if (unlikely(v->poll_port != POLL_NONE))
        end_poll(v);
    sched_dequeue(q, v);
    if (!loaded)
        runstate_change(v, RUNSTATE_offline, now_ns());
    spin_unlock(&q->lock);
    if (loaded)
        work_raise_on(cpu, WORK_SCHEDULE);
}

void vcpu_kick(struct vcpu *v)
{
    unsigned int cpu;

    switch (READ_ONCE(v->state)) {
    case VCPU_BLOCKED: vcpu_wake(v); break;
    case VCPU_RUNNING:
        /* The exit path looks for events, so all that is needed is that it is passed. If v moves
         * or leaves meanwhile, it passes it by itself. */
        cpu = atomic_load(&v->cpu);
        if (cpu != cpu_id())
            apic_send(cpu, VECTOR_KNOCK);
        break;
    case VCPU_DOWN:
    case VCPU_RUNNABLE: break;
    }
}

void vcpu_look(const struct vcpu *v)
{
    /* The change, then the state: load() reads the other way round. */
    memory_fence();
    if (READ_ONCE(v->state) == VCPU_RUNNING)
        work_raise_on(atomic_load(&v->cpu), WORK_SCHEDULE);
}

void vcpu_notice(struct vcpu *v)
{
    vcpu_kick(v);
    vcpu_look(v);
}

/* As vcpu_take_down(), but no vcpu_bring_up() undoes it: for the end of the domain. */
static void pause_for_ever(struct vcpu *v)
{
    struct cpu_queue *q = sched_lock_queue(v);
    unsigned int cpu = v->cpu;
    bool loaded = !v->descheduled;

    v->pause_count++;
    sched_dequeue(q, v);
    spin_unlock(&q->lock);
    if (loaded)
        work_raise_on(cpu, WORK_SCHEDULE);
}

void vcpu_pause_all(struct domain *d)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        if (d->vcpu[id] != NULL)
            pause_for_ever(d->vcpu[id]);
    }
}

bool domain_is_descheduled(const struct domain *d)
{
    for (unsigned int id = 0; id < MAX_VCPUS; id++) {
        if (d->vcpu[id] != NULL && !atomic_load(&d->vcpu[id]->descheduled))
            return false;
    }
    return atomic_load(&d->cpus_loaded) == 0;
}
