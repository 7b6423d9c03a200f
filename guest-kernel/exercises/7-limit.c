/* SPDX-License-Identifier: MIT */
/* Exercise 7, a limit: limit(pages) bounds how much memory a process may ask for. */
#include <unistd.h>

#include "exercises/exercise.h"

#define PAGES(count) ((count)*4096l)

static int ask_in_program(void)
{
    char *const words[] = { "sh", "-c", "exit 3", NULL };

    return execv("/bin/sh", words) == -1 ? 4 : 5;
}

/* What the limited child finds: 0, or which of its steps fails. */
static int is_limited(void)
{
    if (call("limit", 600, 0, 0) != 0)
        return 1;
    if (sys_sbrk(PAGES(1000)) != -API_ENOMEM)
        return 2;
    if (sys_mmap(PAGES(1000), 3) != -API_ENOMEM)
        return 3;
    if (sys_sbrk(PAGES(10)) < 0)
        return 4;
    for (int i = 0; i < 100; i++) { /* what is given back counts no more */
        long at = sys_mmap(PAGES(50), 3);

        if (at < 0 || sys_munmap((void *)at, PAGES(50)) != 0)
            return 5;
    }
    return call("limit", 700, 0, 0) == -API_EPERM ? 0 : 6;
}

static int ask_for_much(void)
{
    return sys_sbrk(PAGES(1000)) != -API_ENOMEM;
}

static int child_is_limited(void)
{
    if (call("limit", 600, 0, 0) != 0)
        return 1;
    return end_of_child(begin_child(ask_for_much));
}

static int program_is_limited(void)
{
    if (call("limit", 1, 0, 0) != 0)
        return 1;
    return ask_in_program();
}

void test(void)
{
    static const char *const steps[] = {
        "",
        "limit(600) fails",
        "beyond the limit, sbrk is not ENOMEM",
        "beyond the limit, mmap is not ENOMEM",
        "within the limit, sbrk fails",
        "what munmap gave back still counts",
        "raising the limit is not EPERM",
    };
    int step, status;

    call("limit", 100000, 0, 0);
    step = end_of_child(begin_child(is_limited));
    must(step >= 0 && step <= 6, "the limited child ends by signal %d", -step);
    must(step == 0, "%s", steps[step]);
    must(sys_sbrk(PAGES(1000)) >= 0, "a child's limit is its parent's, too");
    must(end_of_child(begin_child(child_is_limited)) == 0, "fork does not inherit the limit");
    status = end_of_child(begin_child(program_is_limited));
    must(status == 4, "exec of a program that is larger than the limit does not fail with ENOMEM");
}
