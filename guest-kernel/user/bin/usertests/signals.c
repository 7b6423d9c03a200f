/* SPDX-License-Identifier: MIT */
/* Signals: caught, ignored, blocked, waited for; those of faults; and bad states for sigreturn. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static volatile int caught, caught_number;

static void note(int number)
{
    caught++;
    caught_number = number;
}

static void catches(void)
{
    signal(SIGUSR1, note);
    sys_kill(sys_getpid(), SIGUSR1);
    sys_exit(caught == 1 && caught_number == SIGUSR1 ? 3 : 4);
}

static void ignores(void)
{
    signal(SIGTERM, SIG_IGN);
    sys_kill(sys_getpid(), SIGTERM);
    sys_exit(3);
}

static void is_ended_by_default(void)
{
    sys_kill(sys_getpid(), SIGTERM);
    sys_exit(3);
}

static void blocks(void)
{
    unsigned long mask = 1ul << SIGUSR1, old = 5;

    signal(SIGUSR1, note);
    sys_sigmask(API_SIG_BLOCK, &mask, NULL);
    sys_kill(sys_getpid(), SIGUSR1);
    if (caught != 0)
        sys_exit(4);
    sys_sigmask(API_SIG_UNBLOCK, &mask, &old);
    sys_exit(caught == 1 && (old & mask) != 0 ? 3 : 5);
}

static void cannot_block_kill(void)
{
    unsigned long mask = ~0ul;

    sys_sigmask(API_SIG_SETMASK, &mask, NULL);
    sys_kill(sys_getpid(), SIGKILL);
    sys_exit(3);
}

static void waits_for_an_alarm(void)
{
    signal(SIGALRM, note);
    sys_alarm(30);
    sys_exit(sys_sigsuspend(0) == -API_EINTR && caught == 1 ? 3 : 4);
}

static void alarm_ends_a_sleep(void)
{
    struct api_time length = { 10, 0 }, left = { 0, 0 };

    signal(SIGALRM, note);
    sys_alarm(30);
    if (sys_nanosleep(&length, &left) != -API_EINTR || caught != 1)
        sys_exit(4);
    sys_exit(left.seconds == 9 && left.nanoseconds > 0 ? 3 : 5);
}

static void alarm_ends_a_read(void)
{
    int ends[2];
    char byte;

    sys_pipe(ends);
    signal(SIGALRM, note);
    sys_alarm(30);
    sys_exit(sys_read(ends[0], &byte, 1) == -API_EINTR && caught == 1 ? 3 : 4);
}

/* A fault: to a handler that leaves, or deadly. */
static void leaves(int number)
{
    sys_exit(number == SIGSEGV ? 3 : 4);
}

static void touches_null(void)
{
    *(volatile int *)NULL = 1; /* cppcheck-suppress nullPointer */
}

static void touches_null_with_handler(void)
{
    signal(SIGSEGV, leaves);
    touches_null();
}

static void touches_the_kernel(void)
{
    for (int i = 0; unreadable[i].name != NULL; i++)
        if (strcmp(unreadable[i].name, "the kernel's") == 0)
            sys_exit(*(volatile char *)unreadable[i].address);
}

static void writes_its_code(void)
{
    *(volatile char *)(unsigned long)touches_null = 1;
}

static void runs_data(void)
{
    static char code[] = { (char)0xc3 }; /* ret */

    ((void (*)(void))(unsigned long)code)();
    sys_exit(3);
}

static void divides_by_zero(void)
{
    volatile int zero = 0;

    /* cppcheck-suppress zerodiv */
    sys_exit(7 / zero);
}

static void executes_nonsense(void)
{
    __asm__ volatile("ud2");
}

static void executes_a_privileged_instruction(void)
{
    __asm__ volatile("cli; hlt");
}

static void overflows_its_stack(void)
{
    volatile char large[4096];

    large[0] = 1;
    if (caught == 0) /* as always */
        overflows_its_stack();
    caught = large[0];
}

/* The handler has no stack to run on: that must end the program, not the kernel. */
static void catches_without_a_stack(void)
{
    signal(SIGSEGV, leaves);
    __asm__ volatile("movl %0, %%esp; push $1" : : "r"(0x3ffff000)); /* at 64 bits that is rsp */
}

static void returns_to_nowhere(void)
{
    char state[1024];

    memset(state, 0xff, sizeof(state));
    sys_sigreturn(state);
    sys_exit(3);
}

static void returns_to_zeroes(void)
{
    char state[1024];

    memset(state, 0, sizeof(state));
    sys_sigreturn(state);
    sys_exit(3);
}

static void returns_to_a_bad_pointer(void)
{
    sys_sigreturn((void *)0x3ffff000);
    sys_exit(3);
}

static bool was_ended(int status)
{
    return status != -1 && (status & 0x7f) != 0;
}

static void test_faults(void)
{
    check_result("a fault", in_child(touches_null), SIGSEGV);
    check_result("a fault that is caught", in_child(touches_null_with_handler), ENDED_WITH(3));
    check_result("a fault in the kernel's half", in_child(touches_the_kernel), SIGSEGV);
    check_result("code is read-only", in_child(writes_its_code), SIGSEGV);
    check_result("data is no code", in_child(runs_data), SIGSEGV);
    check_result("division by zero", in_child(divides_by_zero), SIGFPE);
    check_result("an illegal instruction", in_child(executes_nonsense), SIGILL);
    check("a privileged instruction", was_ended(in_child(executes_a_privileged_instruction)));
    check_result("a stack without an end", in_child(overflows_its_stack), SIGSEGV);
    check("a handler without a stack", was_ended(in_child(catches_without_a_stack)));
    check("sigreturn: all ones", was_ended(in_child(returns_to_nowhere)));
    check("sigreturn: zeroes", was_ended(in_child(returns_to_zeroes)));
    check("sigreturn: a bad pointer", in_child(returns_to_a_bad_pointer) != ENDED_WITH(0));
}

static long mask_from(void *pointer)
{
    return pointer == NULL ? -API_EFAULT : sys_sigmask(API_SIG_BLOCK, pointer, NULL);
}

static long mask_to(void *pointer)
{
    return pointer == NULL ? -API_EFAULT : sys_sigmask(API_SIG_BLOCK, NULL, pointer);
}

void test_signals(void)
{
    unsigned long none = 0;

    check_result("a caught signal", in_child(catches), ENDED_WITH(3));
    check_result("an ignored signal", in_child(ignores), ENDED_WITH(3));
    check_result("a signal by default", in_child(is_ended_by_default), SIGTERM);
    check_result("a blocked signal", in_child(blocks), ENDED_WITH(3));
    check_result("KILL cannot be blocked", in_child(cannot_block_kill), SIGKILL);
    check_result("sigsuspend and alarm", in_child(waits_for_an_alarm), ENDED_WITH(3));
    check_result("a signal ends nanosleep", in_child(alarm_ends_a_sleep), ENDED_WITH(3));
    check_result("a signal ends read", in_child(alarm_ends_a_read), ENDED_WITH(3));
    check_result("sigaction: KILL", sys_sigaction(SIGKILL, API_SIG_IGN, 0), -API_EINVAL);
    check_result("sigaction: signal 0", sys_sigaction(0, API_SIG_IGN, 0), -API_EINVAL);
    check_result("sigaction: no such signal", sys_sigaction(32, API_SIG_IGN, 0), -API_EINVAL);
    check_result("sigaction: below 0", sys_sigaction(-1, API_SIG_IGN, 0), -API_EINVAL);
    check_result("sigmask: no such way", sys_sigmask(7, &none, NULL), -API_EINVAL);
    check_unreadable("sigmask", mask_from);
    check_unwritable("sigmask, old", mask_to);
    test_faults();
}
