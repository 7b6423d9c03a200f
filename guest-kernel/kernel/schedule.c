/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: round robin. Each process has a kernel stack of its own, and a switch is a call of
 * machine_context_switch that returns when somebody switches back. When nobody is ready, the thread
 * of kernel_main runs, which sleeps until an interrupt makes somebody ready.
 *
 * The hard idea: the process lock is held across a switch. Who leaves took it, who arrives releases
 * it; so nobody sees a process that has left the run queue but still uses the processor.
 */
#include "kernel/schedule.h"

#include "kernel/file.h"
#include "kernel/process.h"
#include "kernel/signal.h"

#define TICK 10000000ull /* 10 ms */

static struct process *running; /* NULL: the idle thread */
static struct context *idle;
static struct process *first, *last; /* the run queue */
static uint64_t began;               /* when the running one was switched to */
static bool over;                    /* it has had its time */
static uint64_t timer_at;            /* when the next interrupt is expected */

struct process *current(void)
{
    return running;
}

/* ---- The run queue ---- */

void schedule_ready(struct process *p)
{
    p->state = PROCESS_READY;
    p->next = NULL;
    if (first)
        last->next = p;
    else
        first = p;
    last = p;
}

static struct process *take_first(void)
{
    struct process *p = first;

    if (p)
        first = p->next;
    return p;
}

/* ---- Switching ---- */

static void switch_to(struct process *next)
{
    struct process *before = running;
    uint64_t now = machine_time();

    if (before)
        before->ran += now - began;
    began = now;
    over = false;
    running = next;
    if (next) {
        machine_space_switch(process_space(next));
        machine_kernel_stack(next->stack_top);
    }
    machine_context_switch(before ? &before->context : &idle, next ? next->context : idle);
}

void schedule_leave(void)
{
    switch_to(take_first());
}

void schedule_yield(void)
{
    over = false;
    if (!first)
        return;
    lock_take(process_lock());
    schedule_ready(running);
    schedule_leave();
    lock_release(process_lock());
}

void schedule_if_over(void)
{
    if (over)
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
    struct process *p = running;
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
    machine_timer_set(when);
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
    uint64_t now = machine_time();
    uint64_t next = now + TICK;

    lock_take(process_lock());
    for (struct process *p = process_table(); p < process_table() + PROCESSES; p++) {
        uint64_t due = see_to(p, now);

        if (due < next)
            next = due;
    }
    /* Who has just begun (after somebody else's sleep, say) may go on to the next tick. */
    over = running && now - began >= TICK / 2;
    lock_release(process_lock());

    tty_input(); /* not every console announces what was typed */
    timer_at = next;
    machine_timer_set(next);
}

uint64_t schedule_time_of_current(void)
{
    return running->ran + machine_time() - began;
}

void schedule_init(void)
{
    machine_interrupt_bind(INTERRUPT_TIMER, tick);
    machine_interrupt_bind(INTERRUPT_CONSOLE, tty_input);
    timer_at = machine_time() + TICK;
    machine_timer_set(timer_at);
}
