/* SPDX-License-Identifier: MIT */
/*
 * The scheduler, first part: each CPU chooses what it runs, and changes over to it.
 *
 * The hard idea is the moment in between. A vCPU that leaves its CPU must not be picked up by
 * another one before its registers are saved and its page tables left: once it runs elsewhere it
 * may give up the tables that it had here, which are then plain memory of the guest's. So the
 * change has three parts: choose the next (locked), save and leave the one before (unlocked, it is
 * in no queue), put it back (locked). Whoever wakes or stops it meanwhile sees .descheduled false
 * and changes only .state; putting it back then looks at .state again.
 *
 * A CPU's bit in domain.cpus_loaded is set before the domain's page table is loaded and cleared
 * after another one was: who changes a page table, then reads the set, misses no CPU.
 */
#include "domain/sched.h"

#include "core/cap.h"
#include "domain/domain.h"
#include "domain/sched_internal.h"
#include "domain/time.h"
#include "hv/work.h"
#include "lib/atomic.h"
#include "x86/clock.h"
#include "x86/cpu_setup.h"
#include "x86/fpu.h"
#include "x86/gdt.h"
#include "x86/instr.h"
#include "x86/paging.h"

struct cpu_queue sched_queues[MAX_CPUS];
cpu_set_t sched_idle_cpus;

/* What cpu_top()->upcall points to while no vCPU is loaded: nothing is pending. */
static uint8_t no_upcall[2];

/* The turn of who runs may be over: others wait, so the CPU has to choose anew. */
static void turn_over(void *arg)
{
    (void)arg;
    work_raise(WORK_SCHEDULE);
}

void sched_init(void)
{
    for (unsigned int cpu = 0; cpu < MAX_CPUS; cpu++) {
        struct cpu_queue *q = &sched_queues[cpu];

        q->lock = SPINLOCK(LOCK_RUNQ);
        runqueue_init(&q->queue);
        timer_init(&q->turn, turn_over, NULL);
    }
    work_register(WORK_SCHEDULE, schedule);
}

/* v is on a CPU and has not blocked, been taken down or been stopped since, nor spent its domain's
 * budget. r held. */
static bool may_go_on(const struct vcpu *v)
{
    return v->state == VCPU_RUNNING && v->pause_count == 0 && !sched_is_spent(v->domain);
}

/* For how many ns v, which runs here, may go on if nobody else comes: 0 if it is to give way. Not
 * before it has run for a while: a domain that sets timers of a few us and sleeps would else leave
 * the others no more of their share than the way from one to the other and back. r held. */
static uint64_t turn_left(const struct cpu_queue *q, const struct vcpu *v, uint64_t now)
{
    uint64_t has_run = time_until(now, v->turn_since);
    uint64_t left = runqueue_turn(&q->queue, &v->run);

    return has_run < RUNQUEUE_SHORTEST_NS ? max(left, RUNQUEUE_SHORTEST_NS - has_run) : left;
}

/* True if the turn of v, which runs here, is over. r held. */
static bool turn_is_over(struct cpu_queue *q, struct vcpu *v, uint64_t now)
{
    if (!v->yielded)
        return turn_left(q, v, now) == 0;
    v->yielded = false;
    runqueue_yield(&q->queue, &v->run);
    return true;
}

/* The first that waits here, now RUNNING, or null. Those whose domain has spent its budget leave
 * the queue: they are parked. r held. */
static struct vcpu *take_first(struct cpu_queue *q, uint64_t now)
{
    struct runqueue_entry *first;
    struct vcpu *v;

    do {
        first = runqueue_take(&q->queue);
        if (first == NULL)
            return NULL;
        v = container_of(first, struct vcpu, run);
    } while (sched_is_spent(v->domain));

    v->state = VCPU_RUNNING;
    v->run_since = v->turn_since = now;
    atomic_store(&v->descheduled, false);
    runstate_change(v, RUNSTATE_running, now);
    return v;
}

/* RUNSTATE_* of a vCPU that is not on a CPU. */
static int waiting_runstate(const struct vcpu *v)
{
    switch (v->state) {
    case VCPU_DOWN: return RUNSTATE_offline;
    case VCPU_BLOCKED: return RUNSTATE_blocked;
    case VCPU_RUNNABLE:
    case VCPU_RUNNING: break;
    }
    return v->pause_count != 0 ? RUNSTATE_offline : RUNSTATE_runnable;
}

/* Sees to it that the one who runs here is looked at again when its turn is over. After whatever
 * may have put somebody beside it. r held. */
static void set_turn(struct cpu_queue *q, uint64_t now)
{
    const struct vcpu *v = q->running;
    uint64_t turn;

    if (v == NULL || (runqueue_is_empty(&q->queue) && v->domain->budget == 0))
        return;
    turn = min(turn_left(q, v, now), q->content);
    if (unlikely(v->domain->budget != 0))
        turn =
            min(turn, cap_turn(atomic_load(&v->domain->budget_left), v->domain->config.max_vcpus));
    timer_set(&q->turn, time_add(now, turn));
}

/* Who is to run here next: prev (may be null) again, one from the queue, or null: nobody. */
static struct vcpu *next_one(struct cpu_queue *q, struct vcpu *prev, uint64_t now)
{
    bool may = prev != NULL && may_go_on(prev);
    bool over = prev != NULL && turn_is_over(q, prev, now);
    struct vcpu *next;

    if (may && !over)
        return prev;
    next = take_first(q, now);
    if (next == NULL && may) {
        next = prev;
        runqueue_go_on(&q->queue, sched_group(prev));
    }
    return next;
}

/* Who waits here is in the queue now, and who runs is known. One that others are too far ahead of
 * elsewhere is taken out to be sent there: the result, for sched_push_end(); or null. r held. */
static struct vcpu *settle(struct cpu_queue *q, uint64_t now, bool *marked)
{
    struct vcpu *pushed = NULL;

    q->content = UINT64_MAX;
    if (cpus_online() > 1) {
        if (!runqueue_is_empty(&q->queue))
            pushed = sched_push_begin(q, now, marked);
        if (pushed == NULL && q->running != NULL && sched_group(q->running)->length != 0)
            pushed = sched_spread_begin(q, now, marked);
        sched_publish_clock(q, now);
    }
    set_turn(q, now);
    return pushed;
}

/* The same, with all that follows from it, but for what has to wait for put_back(): while prev is
 * in no queue, the others cannot be compared with it. */
static struct vcpu *choose(struct cpu_queue *q, struct vcpu *prev)
{
    struct vcpu *next, *pushed = NULL;
    uint64_t now;
    bool marked;

    spin_lock(&q->lock);
    /* Not before: run states that others have changed would be entered in the future. */
    now = now_ns();
    sched_charge(q, now);
    next = next_one(q, prev, now);
    q->running = next;
    if (prev != NULL && next != prev)
        runstate_change(prev, waiting_runstate(prev), now);
    else
        pushed = settle(q, now, &marked);
    spin_unlock(&q->lock);
    if (pushed != NULL)
        sched_push_end(pushed, marked);
    return next;
}

/* From here on the CPU runs on the hypervisor's own tables. The GDT first: that of a guest's window
 * goes away with the guest's tables. */
static void leave_tables(void)
{
    cpu_top()->vcpu = NULL;
    cpu_top()->upcall = no_upcall;
    gdt_load_idle();
    cr3_load(hv_l4_mfn());
}

/* Saves what the CPU holds of v, and keeps nothing of it. */
static void save(struct vcpu *v)
{
    runstate_publish(v);
    timers_switch_out(v);
    v->regs = cpu_top()->guest;
    /* First: it clears CR0.TS, which may be set at the guest's wish and would make XSAVE trap. */
    v->domain->ops->switch_out(v);
    fpu_save(v->fpu);
    leave_tables();
}

/* Queues v, which was preempted, unless it is to wait for something. r held. True if it waits here
 * now. */
static bool requeue(struct cpu_queue *q, struct vcpu *v)
{
    if (v->state != VCPU_RUNNING)
        return false;
    v->state = VCPU_RUNNABLE;
    if (v->pause_count != 0 || sched_is_spent(v->domain))
        return false;
    runqueue_add(&q->queue, sched_group(v), &v->run);
    return true;
}

/* v is saved: from now on any CPU may have it. */
static void put_back(struct cpu_queue *q, struct vcpu *v)
{
    struct vcpu *pushed;
    bool waits, marked;
    uint64_t now;

    spin_lock(&q->lock);
    now = now_ns();
    atomic_store(&v->descheduled, true);
    sched_charge(q, now);
    waits = requeue(q, v);
    /* It may have been woken since choose() noted why it leaves. */
    if (v->runstate.state != waiting_runstate(v))
        runstate_change(v, waiting_runstate(v), now);
    pushed = settle(q, now, &marked);
    spin_unlock(&q->lock);
    if (pushed != NULL)
        sched_push_end(pushed, marked);
    if (waits)
        sched_tickle(v);
}

/* Makes v, chosen for this CPU, its current vCPU. */
static void load(struct vcpu *v)
{
    struct cpu_top *top = cpu_top();
    struct domain *d = v->domain;

    atomic_or(&d->cpus_loaded, 1U << cpu_id());
    top->vcpu = v;
    top->upcall = &v->info->evtchn_upcall_pending;
    top->guest = v->regs;
    /* Before switch_in() sets CR0.TS at the guest's wish. */
    fpu_restore(v->fpu);
    d->ops->switch_in(v);
    time_update_vcpu(v);
    runstate_publish(v);
    timers_switch_in(v);
}

/* Waits until there is a vCPU for this CPU. Other work is done meanwhile, from here: schedule()
 * itself, called from that work, sees .idling and only asks for another look. */
static struct vcpu *idle(struct cpu_queue *q)
{
    cpu_set_t here = 1U << cpu_id();
    struct vcpu *next;

    q->idling = true;
    cpu_guards_on();
    for (;;) {
        q->look_again = false;
        /* Set the bit, then look at the queues: others queue, then look at the bits. */
        atomic_or(&sched_idle_cpus, here);
        next = choose(q, NULL);
        if (next != NULL)
            break;
        sched_steal();
        while (!q->look_again) {
            if (atomic_load(&cpu_top()->work) == 0)
                cpu_halt_with_interrupts();
            work_run();
        }
    }
    atomic_and(&sched_idle_cpus, ~here);
    q->idling = false;
    return next;
}

/* prev is saved and put back before the next is loaded, as there is one frame and one FPU. */
void schedule(void)
{
    struct cpu_queue *q = &sched_queues[cpu_id()];
    struct vcpu *prev = current_vcpu();

    /* Called from work that idle() does: that loop chooses. */
    if (q->idling) {
        q->look_again = true;
        return;
    }

    struct vcpu *next = choose(q, prev);

    if (next != NULL && next == prev) {
        /* Its vcpu_info may have been moved (evtchn_move_info). */
        cpu_top()->upcall = &prev->info->evtchn_upcall_pending;
        timers_stay(prev);
        return;
    }
    if (prev != NULL) {
        struct domain *d = prev->domain;

        save(prev);
        put_back(q, prev);
        sched_leave_domain(d);
    }
    if (next == NULL) {
        sched_steal();
        next = choose(q, NULL);
    }
    if (next == NULL)
        next = idle(q);
    load(next);
}

void sched_start(void)
{
    leave_tables();
    schedule();
}
