/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: round robin. Each process has a kernel stack of its own, and a switch is a call of
 * machine_context_switch that returns when somebody switches back, perhaps on another CPU. There is
 * one run queue. When nobody is ready, a CPU's own thread runs (that of CPU 0 is kernel_main's),
 * which sleeps until an interrupt makes somebody ready.
 *
 * The hard idea: the process lock is held across a switch. Who leaves took it, who arrives releases
 * it; so nobody sees a process that has left the run queue but still uses a CPU.
 *
 * The timer is CPU 0's. It interrupts the others at each of its ticks, so that what they run comes
 * to its end, and sees its signals.
 */
#include "kernel/schedule.h"

#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/signal.h"

#define TICK 10000000ull /* 10 ms */

/* Keys: p = process lock; o = only this CPU. */
static struct cpu {
    struct process *running; /* p; NULL: the idle thread */
    struct context *idle;    /* o */
    uint64_t began;          /* p; when the running one was switched to */
    bool over;               /* it has had its time; the process lock to set it */
} cpus[MACHINE_CPUS_MAX];

static unsigned cpu_count = 1;       /* p; how many have been started */
static struct process *first, *last; /* p; the run queue */
static uint64_t timer_at;            /* p; when the next interrupt is expected */

static struct cpu *this_cpu(void)
{
    return &cpus[machine_cpu()];
}

struct process *current(void)
{
    return this_cpu()->running;
}

unsigned schedule_cpus(void)
{
    return cpu_count;
}

/* ---- The run queue ---- */

/* If somebody is ready, a CPU that has nothing to do shall look; this one does so anyway. */
static void tell_another(void)
{
    struct cpu *cpu = cpus;

    while (cpu < cpus + cpu_count && cpu->running)
        cpu++;
    if (first && this_cpu()->running && cpu < cpus + cpu_count)
        machine_cpu_interrupt((unsigned)(cpu - cpus));
}

void schedule_ready(struct process *p)
{
    p->state = PROCESS_READY;
    p->next = NULL;
    if (first)
        last->next = p;
    else
        first = p;
    last = p;
    tell_another();
}

static struct process *take_first(void)
{
    struct process *p = first;

    if (p)
        first = p->next;
    return p;
}

/* ---- Switching ---- */

/* CPUs' clocks may differ a little, so that it has begun in the future. */
static uint64_t time_since_begin(const struct cpu *cpu, uint64_t now)
{
    return now > cpu->began ? now - cpu->began : 0;
}

uint64_t schedule_time_of(const struct process *p)
{
    for (const struct cpu *cpu = cpus; cpu < cpus + MACHINE_CPUS_MAX; cpu++) {
        if (cpu->running == p)
            return p->ran + time_since_begin(cpu, machine_time());
    }
    return p->ran;
}

static void switch_to(struct process *next)
{
    struct cpu *cpu = this_cpu();
    struct process *before = cpu->running;
    uint64_t now = machine_time();

    if (before)
        before->ran += now - cpu->began;
    cpu->began = now;
    cpu->over = false;
    cpu->running = next;
    tell_another();

    /* Alone, a CPU stays in the space that it will probably go on with. Otherwise another one may
     * change or destroy that; and CPUs behind the first are never alone, even before they count. */
    if (next || cpu_count > 1 || machine_cpu() != 0)
        machine_space_switch(next ? process_space(next) : NULL);
    if (next)
        machine_kernel_stack(next->stack);
    machine_context_switch(before ? &before->context : &cpu->idle,
                           next ? next->context : cpu->idle);
}

void schedule_leave(void)
{
    switch_to(take_first());
}

void schedule_yield(void)
{
    lock_take(process_lock());
    this_cpu()->over = false;
    if (first) { /* who leaves must not be the next one */
        schedule_ready(current());
        schedule_leave();
    }
    lock_release(process_lock());
}

void schedule_if_over(void)
{
    if (this_cpu()->over)
        schedule_yield();
}

_Noreturn void schedule_run(void)
{
    lock_take(process_lock());
    for (;;) {
        struct process *next = take_first();

        if (next) {
            switch_to(next);
            continue;
        }
        lock_release(process_lock());
        machine_idle();
        lock_take(process_lock());
    }
}

/* ---- Sleeping and waking ---- */

/* The clock is only asked where somebody has set a time. */
static bool is_past(uint64_t when)
{
    return when != FOR_EVER && machine_time() >= when;
}

/* Taken before the caller's is released: whoever wakes us needs the process lock. */
bool wait_for(const void *what, struct lock *lock, uint64_t until)
{
    struct process *p = current();
    bool in_time;

    if (lock != process_lock()) {
        lock_take(process_lock());
        lock_release(lock);
    }
    if (!signal_waits() && !is_past(until)) {
        p->state = PROCESS_WAITING;
        p->waits_for = what;
        p->wakes_at = until;
        schedule_deadline(until);
        schedule_leave();
    }
    in_time = !signal_waits() && !is_past(until);
    if (lock != process_lock()) {
        lock_release(process_lock());
        lock_take(lock);
    }
    return in_time;
}

/* Weak spot: looks at all processes. With many more of them, what is waited for would have lists.
 */
void schedule_wake(const void *what)
{
    for (struct process *p = process_table(); p < process_table() + PROCESSES; p++) {
        if (p->state == PROCESS_WAITING && p->waits_for == what)
            schedule_ready(p);
    }
}

void wake(const void *what)
{
    lock_take(process_lock());
    schedule_wake(what);
    lock_release(process_lock());
}

/* ---- Time ---- */

void schedule_deadline(uint64_t when)
{
    if (when >= timer_at)
        return;
    timer_at = when;
    if (machine_cpu() == 0)
        machine_timer_set(when);
    else
        machine_cpu_interrupt(0);
}

/* Told by another CPU: to look who is ready, which is seen to on the way out; or, as CPU 0, that
 * the timer is wanted. */
static void told(void)
{
    lock_take(process_lock());
    if (machine_cpu() == 0)
        machine_timer_set(timer_at);
    lock_release(process_lock());
}

/* Does what is due for one process. Returns when something will be due next. */
static uint64_t see_to(struct process *p, uint64_t now)
{
    uint64_t next = FOR_EVER;

    if (p->state == PROCESS_FREE || p->state == PROCESS_ENDED)
        return next;
    if (p->alarm <= now) {
        p->alarm = FOR_EVER;
        signal_send(p, API_SIGALRM);
    }
    if (p->state == PROCESS_WAITING && p->wakes_at <= now)
        schedule_ready(p);
    if (p->state == PROCESS_WAITING)
        next = p->wakes_at;
    return p->alarm < next ? p->alarm : next;
}

static void tick(void)
{
    uint64_t now, next;

    lock_take(process_lock());
    now = machine_time(); /* not earlier: CPUs begin with somebody under the lock */
    next = now + TICK;
    for (struct process *p = process_table(); p < process_table() + PROCESSES; p++) {
        uint64_t due = see_to(p, now);

        if (due < next)
            next = due;
    }
    /* Who has just begun (after somebody else's sleep, say) may go on to the next tick. */
    for (unsigned i = 0; i < cpu_count; i++) {
        cpus[i].over = cpus[i].running && time_since_begin(&cpus[i], now) >= TICK / 2;
        if (i != 0 && cpus[i].running)
            machine_cpu_interrupt(i);
    }
    timer_at = next;
    machine_timer_set(next);
    lock_release(process_lock());

    tty_input(); /* not every console announces what was typed */
}

void schedule_init(void)
{
    machine_interrupt_bind(INTERRUPT_TIMER, tick);
    machine_interrupt_bind(INTERRUPT_CONSOLE, tty_input);
    machine_interrupt_bind(INTERRUPT_CPU, told);
    timer_at = machine_time() + TICK;
    machine_timer_set(timer_at);
}

/* Each in its turn; none is there behind one that is missing. */
void schedule_start_cpus(void)
{
    for (unsigned i = 1; i < MACHINE_CPUS_MAX; i++) {
        void *stack = kernel_stack_get(PROCESSES + i);

        if (!stack || !machine_cpu_start(i, stack, schedule_run)) {
            kernel_stack_put(PROCESSES + i);
            return;
        }
        lock_take(process_lock());
        cpu_count++;
        lock_release(process_lock());
    }
}
