/* SPDX-License-Identifier: MIT */
/* The system calls about processes. */
#include "kernel/call.h"
#include "kernel/memory.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/user_memory.h"

long call_exit(const unsigned long arguments[4])
{
    process_exit((int)(arguments[0] & 0xff) << 8);
}

long call_fork(const unsigned long arguments[4])
{
    (void)arguments;
    return process_fork();
}

long call_exec(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    long length = user_string(path, arguments[0], sizeof(path));

    return length < 0 ? length : process_exec(path, arguments[1], arguments[2]);
}

/* The status is written before the child is buried: a bad pointer leaves it to be asked for again.
 */
long call_wait(const unsigned long arguments[4])
{
    int status = 0;
    long pid = process_wait((long)arguments[0], (int)arguments[2], &status);

    if (pid <= 0)
        return pid;
    if (arguments[1] && user_write(arguments[1], &status, sizeof(status)) != 0)
        return -API_EFAULT;
    process_bury(pid);
    return pid;
}

long call_getpid(const unsigned long arguments[4])
{
    (void)arguments;
    return current()->pid;
}

long call_getppid(const unsigned long arguments[4])
{
    long pid = 0;

    (void)arguments;
    lock_take(process_lock());
    if (current()->parent)
        pid = current()->parent->pid;
    lock_release(process_lock());
    return pid;
}

static bool group_exists(long group)
{
    for (struct process *p = process_table(); p < process_table() + PROCESSES; p++) {
        if (p->state != PROCESS_FREE && p->group == group)
            return true;
    }
    return false;
}

long call_setpgid(const unsigned long arguments[4])
{
    long pid = (long)arguments[0], group = (long)arguments[1];
    struct process *p;
    long error = 0;

    lock_take(process_lock());
    p = pid ? process_find(pid) : current();
    if (!p || (p != current() && p->parent != current()))
        error = -API_ESRCH;
    else if (group < 0)
        error = -API_EINVAL;
    else if (group && group != p->pid && !group_exists(group))
        error = -API_EPERM;
    else
        p->group = group ? group : p->pid;
    lock_release(process_lock());
    return error;
}

long call_getpgid(const unsigned long arguments[4])
{
    long pid = (long)arguments[0], group = -API_ESRCH;
    struct process *p;

    lock_take(process_lock());
    p = pid ? process_find(pid) : current();
    if (p)
        group = p->group;
    lock_release(process_lock());
    return group;
}

long call_yield(const unsigned long arguments[4])
{
    (void)arguments;
    schedule_yield();
    return 0;
}

long call_reboot(const unsigned long arguments[4])
{
    switch (arguments[0]) {
    case 0: machine_power_off();
    case 1: machine_restart();
    default: return -API_EINVAL;
    }
}
