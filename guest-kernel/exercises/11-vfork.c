/* SPDX-License-Identifier: MIT */
/* Exercise 11, fork without copies: the child of vfork borrows its parent's memory, and the parent
 * waits until the child has ended or has another program. */
#include <sys/wait.h>
#include <unistd.h>

#include "exercises/exercise.h"

static volatile int value;

/* The instruction stands in the function that goes on: what the child does below this stack frame
 * is nobody's any more, but a return address of a call before it would be. */
static inline __attribute__((always_inline)) long enter(unsigned long number)
{
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number)
                     : "rbx", "rcx", "r11", "r12", "r13", "r14", "r15", "memory");
    return result;
}

/* The number, by a call that fails where it is not there; it gives no child, as it is made in one.
 */
static unsigned long number_of_vfork(void)
{
    static const struct {
        const char *name;
        unsigned long number;
    } calls[] = {
#define SYSCALL(call_number, call_name, ...) { #call_name, call_number },
#include "api/syscalls.def"
#undef SYSCALL
    };

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (__builtin_strcmp(calls[i].name, "vfork") == 0)
            return calls[i].number;
    }
    return (unsigned long)call("vfork", 0, 0, 0);
}

static __attribute__((noinline)) long child_that_ends(unsigned long number)
{
    long child = enter(number);

    if (child == 0) {
        usleep(50000);
        value++;
        _exit(7);
    }
    return child;
}

static __attribute__((noinline)) long child_that_runs_program(unsigned long number)
{
    char *const words[] = { "sleep", "1", NULL };
    long child = enter(number);

    if (child == 0) {
        value++;
        execv("/bin/sleep", words);
        _exit(127);
    }
    return child;
}

void test(void)
{
    unsigned long number = number_of_vfork();
    long long begin;
    long child;

    value = 1;
    child = child_that_ends(number);
    must(child > 0, "it gives %ld", child);
    must(value == 2, "the parent does not see what the child wrote, or did not wait for its end");
    must(end_of_child(child) == 7, "the child's status is not what it ended with");

    begin = now();
    child = child_that_runs_program(number);
    must(value == 3, "the parent did not wait for the child's exec");
    must(now() - begin < 900000000ll, "the parent waits beyond the child's exec");
    must(end_of_child(child) == 0, "the child's program does not end well");
    for (int i = 0; i < 10; i++) {
        child = child_that_ends(number);
        must(child > 0 && end_of_child(child) == 7, "child %d fails", i);
    }
}
