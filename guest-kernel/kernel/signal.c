/* SPDX-License-Identifier: MIT */
/*
 * Signals. To send one is to set a bit; what it does is seen to by its receiver, on its way to user
 * mode. A caught signal makes the program call its handler as if by itself:
 *
 *     program's stack          struct signal_frame: the state that was interrupted, and what was
 *                              blocked <- sp
 *     result register          the signal's number
 *     pc                       the trampoline: calls the handler, then sigreturn(sp)
 *
 * The frame lies in the program's memory, so sigreturn takes it like anything that a program hands
 * in: machine_user_load sees to it that the state is one of user mode.
 */
#include "kernel/signal.h"

#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/user_memory.h"

/* What newlib calls CONT, URG and WINCH are of no use here, nor are STOP, TSTP, TTIN and TTOU:
 * nothing stops. */
#define IGNORED_BY_DEFAULT                                                                         \
    (SIGNAL_BIT(API_SIGCHLD) | SIGNAL_BIT(16) | SIGNAL_BIT(17) | SIGNAL_BIT(18) | SIGNAL_BIT(19) | \
     SIGNAL_BIT(21) | SIGNAL_BIT(22) | SIGNAL_BIT(28))

/* Below a program's stack pointer it may use so many bytes without moving it (64-bit ABI). */
#define RED_ZONE 128

struct signal_frame {
    struct user_state state;
    uint32_t blocked;
};

/* Nothing happens on such a signal. The first process is there for the others: what it does not
 * catch does not end it. */
bool signal_has_no_effect(const struct process *p, uint32_t bit)
{
    if (p->actions.caught & bit)
        return false;
    return ((p->actions.ignored | IGNORED_BY_DEFAULT) & bit) || p->pid == 1;
}

void signal_send(struct process *p, int signal)
{
    if (signal_has_no_effect(p, SIGNAL_BIT(signal)))
        return;
    p->signals |= SIGNAL_BIT(signal);
    if (p->state == PROCESS_WAITING && (p->signals & ~p->blocked))
        schedule_ready(p);
}

static bool is_alive(const struct process *p)
{
    return p->state == PROCESS_READY || p->state == PROCESS_WAITING;
}

/* To the one with that number, or to all of that group (the other is 0). Signal 0 only counts. */
static unsigned send_to(long pid, long group, int signal)
{
    unsigned count = 0;

    lock_take(process_lock());
    for (struct process *p = process_table(); p < process_table() + PROCESSES; p++) {
        if (!is_alive(p) || (p->pid != pid && p->group != group))
            continue;
        count++;
        if (signal)
            signal_send(p, signal);
    }
    lock_release(process_lock());
    return count;
}

unsigned signal_process(long pid, int signal)
{
    return send_to(pid, 0, signal);
}

unsigned signal_group(long group, int signal)
{
    return send_to(0, group, signal);
}

bool signal_waits(void)
{
    return (current()->signals & ~current()->blocked) != 0;
}

bool signal_catch_fault(int signal)
{
    struct process *p = current();
    uint32_t bit = SIGNAL_BIT(signal);
    bool caught;

    lock_take(process_lock());
    caught = (p->actions.caught & ~p->blocked & bit) != 0;
    if (caught)
        p->signals |= bit;
    lock_release(process_lock());
    return caught;
}

/* ---- On the way to user mode ---- */

/* The lowest of those that wait; 0: none. */
static int take_signal(struct process *p)
{
    uint32_t waiting;
    int signal = 0;

    lock_take(process_lock());
    waiting = p->signals & ~p->blocked;
    if (waiting) {
        signal = __builtin_ctz(waiting);
        p->signals &= ~SIGNAL_BIT(signal);
    }
    lock_release(process_lock());
    return signal;
}

void signal_block(uint32_t blocked)
{
    lock_take(process_lock());
    current()->blocked = blocked & ~SIGNAL_BIT(API_SIGKILL);
    lock_release(process_lock());
}

static void enter_handler(struct process *p, int signal)
{
    struct signal_frame frame = { .blocked = p->suspended ? p->blocked_before : p->blocked };
    uintptr_t place;

    machine_user_save(&frame.state);
    place = (frame.state.sp - RED_ZONE - sizeof(frame)) & ~15ul;
    if (user_write(place, &frame, sizeof(frame)) != 0)
        process_exit(API_SIGSEGV); /* no room on its stack */

    p->suspended = false;
    signal_block(p->blocked | p->actions.masks[signal] | SIGNAL_BIT(signal));
    frame.state.result = (unsigned long)signal;
    frame.state.pc = p->actions.trampoline;
    frame.state.sp = place;
    frame.state.flags = 0; /* the C library expects them so, above all the direction of strings */
    machine_user_load(&frame.state);
}

/* Several may wait: each interrupts the first instruction of the one before. */
void signals_deliver(void)
{
    struct process *p = current();
    int signal;

    if (!signal_waits())
        return;
    while ((signal = take_signal(p)) != 0) {
        if (!(p->actions.caught & SIGNAL_BIT(signal)))
            process_exit(signal);
        enter_handler(p, signal);
    }
}

long signal_return(uintptr_t state)
{
    struct signal_frame frame;

    if (user_read(&frame, state, sizeof(frame)) != 0)
        process_exit(API_SIGSEGV);
    signal_block(frame.blocked);
    machine_user_load(&frame.state);
    return (long)frame.state.result;
}
