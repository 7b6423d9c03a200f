/* SPDX-License-Identifier: MIT */
/* fork, wait, exit, getpid, process groups, kill as far as it names processes. */
#include "check.h"

static void exits_with_77(void)
{
    sys_exit(77);
}

static void exits_with_more_than_a_byte(void)
{
    sys_exit(0x12345);
}

static volatile int variable = 1;

static void changes_variable(void)
{
    variable = 2;
    sys_exit(variable);
}

static void child_of_a_child(void)
{
    if (sys_fork() == 0) {
        sys_yield();
        sys_exit(0);
    }
    sys_exit(5); /* before its child: that one goes to init */
}

static long first_parent;

static void knows_its_parent(void)
{
    sys_exit(sys_getppid() == first_parent ? 3 : 4);
}

static void joins_a_new_group(void)
{
    long me = sys_getpid();
    bool fine = sys_setpgid(0, 0) == 0 && sys_getpgid(0) == me && sys_getpgid(me) == me;

    sys_exit(fine ? 3 : 4);
}

static long wait_stores_at(void *pointer)
{
    long child = sys_fork(), result;
    int status;

    if (child == 0)
        sys_exit(0);
    result = sys_wait(child, pointer, 0);
    if (result == -API_EFAULT)
        sys_wait(child, &status, 0); /* it may be waited for still, or not */
    return result;
}

/* Forks until it is refused, counts, and ends all of them. */
static void makes_children_until_none_fit(void)
{
    long children[256], count = 0, child;
    bool fine;
    int status;

    while (count < 256 && (child = sys_fork()) > 0)
        children[count++] = child;
    if (count < 256 && child == 0) {
        sys_sigsuspend(0);
        sys_exit(0);
    }
    fine = count > 3 && (count == 256 || child == -API_EAGAIN || child == -API_ENOMEM);
    for (long i = 0; i < count; i++) {
        fine = sys_kill(children[i], API_SIGKILL) == 0 && fine;
        fine = sys_wait(children[i], &status, 0) == children[i] && status == API_SIGKILL && fine;
    }
    sys_exit(fine ? 3 : 4);
}

static void test_wait(void)
{
    int status = 0x5555;

    check_result("wait: no child", sys_wait(-1, &status, 0), -API_ECHILD);
    check_result("wait: no such child", sys_wait(30000, &status, 0), -API_ECHILD);
    check_result("wait: not a child", sys_wait(sys_getpid(), &status, 0), -API_ECHILD);
    check_result("wait: no group of that number", sys_wait(-30000, &status, 0), -API_ECHILD);
    check("wait: an error stores nothing", status == 0x5555);
    check("wait: status may be NULL", wait_stores_at(NULL) > 0);
    for (int i = 1; unwritable[i].name != NULL; i++)
        check_result("wait: a bad pointer", wait_stores_at(unwritable[i].address), -API_EFAULT);
    while (sys_wait(-1, &status, 0) > 0) {
    }
}

static void test_wait_without_waiting(void)
{
    int status;
    long child = sys_fork();

    if (child == 0) {
        sys_sigsuspend(0);
        sys_exit(0);
    }
    check_result("wait: WNOHANG, the child runs", sys_wait(child, &status, API_WNOHANG), 0);
    check_result("kill: signal 0 only looks", sys_kill(child, 0), 0);
    check_result("kill: KILL", sys_kill(child, API_SIGKILL), 0);
    check_result("wait: the killed child", sys_wait(child, &status, 0), child);
    check_result("wait: says that KILL ended it", status, API_SIGKILL);
    check_result("kill: an ended child is gone", sys_kill(child, 0), -API_ESRCH);
}

void test_processes(void)
{
    first_parent = sys_getpid();
    check("getpid: positive", first_parent > 0);
    check_result("getpid: stays", sys_getpid(), first_parent);
    check("getppid: positive", sys_getppid() > 0);
    check_result("fork, exit, wait: the status", in_child(exits_with_77), ENDED_WITH(77));
    check_result("exit: only 8 bits", in_child(exits_with_more_than_a_byte), ENDED_WITH(0x45));
    check_result("fork: the child's memory", in_child(changes_variable), ENDED_WITH(2));
    check("fork: the parent's memory stays", variable == 1);
    check_result("getppid: in a child", in_child(knows_its_parent), ENDED_WITH(3));
    check_result("a child without a parent", in_child(child_of_a_child), ENDED_WITH(5));
    check_result("setpgid: a group of one's own", in_child(joins_a_new_group), ENDED_WITH(3));
    check_result("setpgid: no such process", sys_setpgid(30000, 0), -API_ESRCH);
    check_result("setpgid: not a child", sys_setpgid(1, 0), -API_ESRCH);
    check("setpgid: a group below 0", sys_setpgid(0, -5) < 0);
    check_result("getpgid: no such process", sys_getpgid(30000), -API_ESRCH);
    check_result("kill: no such process", sys_kill(30000, API_SIGTERM), -API_ESRCH);
    check_result("kill: no such group", sys_kill(-30000, API_SIGTERM), -API_ESRCH);
    check_result("kill: no such signal", sys_kill(first_parent, API_SIGNALS), -API_EINVAL);
    check_result("kill: a signal below 0", sys_kill(first_parent, -1), -API_EINVAL);
    check_result("yield", sys_yield(), 0);
    test_wait();
    test_wait_without_waiting();
    check_result("fork until none fit", in_child(makes_children_until_none_fit), ENDED_WITH(3));
    check_result("a call that does not exist", system_call(12345, 0, 0, 0, 0), -API_ENOSYS);
    check_result("a call below 0", system_call(-1ul, 0, 0, 0, 0), -API_ENOSYS);
    check_result("a number that wraps", system_call(1ul << 31, 0, 0, 0, 0), -API_ENOSYS);
}
