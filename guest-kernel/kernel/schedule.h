/* SPDX-License-Identifier: MIT */
/* Who runs: the run queue, and the timer that takes the processor away. */
#ifndef GUEST_KERNEL_KERNEL_SCHEDULE_H
#define GUEST_KERNEL_KERNEL_SCHEDULE_H

#include <stdint.h>

struct process;

/* Binds the interrupts, and starts the timer. */
void schedule_init(void);

/* Starts what other CPUs there are: they run processes from now on. How many run. */
void schedule_start_cpus(void);
unsigned schedule_cpus(void);

/* p may run. The process lock is held. */
void schedule_ready(struct process *p);

/* Wakes all that wait for what. The process lock is held. */
void schedule_wake(const void *what);

/* The current process runs no more until somebody makes it ready. The process lock is held: it goes
 * with the processor to the next thread, and is held again at the end. */
void schedule_leave(void);

/* Lets the others that are ready run first. */
void schedule_yield(void);

/* The same if the current process has had its time. */
void schedule_if_over(void);

/* Nanoseconds of processor time that p has had. The process lock is held, or p is the current one.
 */
uint64_t schedule_time_of(const struct process *p);

/* The timer is wanted at that time, or earlier. */
void schedule_deadline(uint64_t when);

/* Each CPU's own thread runs processes, and sleeps when there is nothing to do. */
_Noreturn void schedule_run(void);

#endif
