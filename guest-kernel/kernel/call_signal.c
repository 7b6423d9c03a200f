/* SPDX-License-Identifier: MIT */
/* The system calls about signals. */
#include "kernel/call.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/signal.h"
#include "kernel/user_memory.h"

#define SIGSTOP     17 /* newlib's; nothing stops here, but its action cannot be changed either */
#define CAUGHT      2  /* what the calls give for an action that is neither SIG_DFL nor SIG_IGN */
#define MILLISECOND 1000000ull

/* All but the first process, and but the caller. */
static unsigned signal_all(int signal)
{
    unsigned count = 0;

    lock_take(process_lock());
    for (struct process *p = process_table(); p < process_table() + PROCESSES; p++) {
        if ((p->state != PROCESS_READY && p->state != PROCESS_WAITING) || p->pid == 1 ||
            p == current())
            continue;
        count++;
        if (signal)
            signal_send(p, signal);
    }
    lock_release(process_lock());
    return count;
}

long call_kill(const unsigned long arguments[4])
{
    long pid = (long)arguments[0];
    int signal = (int)arguments[1];
    unsigned count;

    if (signal < 0 || signal >= API_SIGNALS)
        return -API_EINVAL;

    if (pid > 0)
        count = signal_process(pid, signal);
    else if (pid == -1)
        count = signal_all(signal);
    else
        count = signal_group(pid ? -pid : current()->group, signal);
    return count ? 0 : -API_ESRCH;
}

/* The old action. A signal that waits and is now ignored is forgotten. */
static long change_action(struct process *p, int signal, unsigned long action, uint32_t mask)
{
    struct signal_actions *actions = &p->actions;
    uint32_t bit = SIGNAL_BIT(signal);
    long old = actions->caught & bit ? CAUGHT : actions->ignored & bit ? API_SIG_IGN : API_SIG_DFL;

    actions->caught &= ~bit;
    actions->ignored &= ~bit;
    if (action == API_SIG_IGN)
        actions->ignored |= bit;
    else if (action != API_SIG_DFL)
        actions->caught |= bit;
    actions->masks[signal] = mask;
    if (signal_has_no_effect(p, bit))
        p->signals &= ~bit;
    return old;
}

long call_sigaction(const unsigned long arguments[4])
{
    int signal = (int)arguments[0];
    long old;

    if (signal < 1 || signal >= API_SIGNALS || signal == API_SIGKILL || signal == SIGSTOP)
        return -API_EINVAL;

    lock_take(process_lock());
    old = change_action(current(), signal, arguments[1], (uint32_t)arguments[2]);
    lock_release(process_lock());
    return old;
}

long call_sigtramp(const unsigned long arguments[4])
{
    current()->actions.trampoline = arguments[0];
    return 0;
}

long call_sigreturn(const unsigned long arguments[4])
{
    return signal_return(arguments[0]);
}

long call_sigmask(const unsigned long arguments[4])
{
    unsigned long old = current()->blocked, set = 0, now;

    if (arguments[1] && user_read(&set, arguments[1], sizeof(set)) != 0)
        return -API_EFAULT;
    switch (arguments[0]) {
    case API_SIG_SETMASK: now = set; break;
    case API_SIG_BLOCK: now = old | set; break;
    case API_SIG_UNBLOCK: now = old & ~set; break;
    default: return -API_EINVAL;
    }
    if (arguments[2] && user_write(arguments[2], &old, sizeof(old)) != 0)
        return -API_EFAULT;

    if (arguments[1])
        signal_block((uint32_t)now);
    return 0;
}

/* Every signal that ends the sleep is caught or ends the process; the first handler's return brings
 * the old mask back. */
long call_sigsuspend(const unsigned long arguments[4])
{
    struct process *p = current();

    p->blocked_before = p->blocked;
    p->suspended = true;
    signal_block((uint32_t)arguments[0]);

    lock_take(process_lock());
    while (wait_for(p, process_lock(), FOR_EVER))
        ; /* a child has ended, which is nothing to us */
    lock_release(process_lock());
    return -API_EINTR;
}

long call_alarm(const unsigned long arguments[4])
{
    struct process *p = current();
    uint64_t now = machine_time();
    uint64_t old, when = FOR_EVER;

    if (arguments[0] && arguments[0] < (FOR_EVER - now) / MILLISECOND)
        when = now + arguments[0] * MILLISECOND;
    lock_take(process_lock());
    old = p->alarm;
    p->alarm = when;
    schedule_deadline(when);
    lock_release(process_lock());

    /* Rounded up: 0 means that there was none. */
    return old == FOR_EVER ? 0 : old <= now ? 1 : (long)((old - now) / MILLISECOND + 1);
}
