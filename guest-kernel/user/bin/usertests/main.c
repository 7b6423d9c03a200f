/* SPDX-License-Identifier: MIT */
/* usertests [-q]: all checks, and how many failed; -q: only those that fail get a line. */
#include "check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KERNEL_ADDRESS ((void *)(sizeof(long) == 8 ? 0xffffffff80000000ull : 0xf0000000ull))
#define LAST_ADDRESS   ((void *)-1l)
#define NOT_CANONICAL  ((void *)(sizeof(long) == 8 ? 0x0000900000000000ull : 0xfffffff0ull))

struct bad_pointer unreadable[] = {
    { "NULL", NULL },
    { "one", (void *)1 },
    { "nothing there", (void *)0x3ffff000 },
    { "the kernel's", KERNEL_ADDRESS },
    { "the last byte", LAST_ADDRESS },
    { "no address at all", NOT_CANONICAL },
    { NULL, NULL },
};

static const char constant[4096] = "read-only";
struct bad_pointer unwritable[] = {
    { "NULL", NULL },
    { "read-only data", (void *)constant },
    { "nothing there", (void *)0x3ffff000 },
    { "the kernel's", KERNEL_ADDRESS },
    { "the last byte", LAST_ADDRESS },
    { "no address at all", NOT_CANONICAL },
    { NULL, NULL },
};

char *last_bytes;
static bool quiet;
static int done, failed;

void check(const char *name, bool fine)
{
    done++;
    failed += !fine;
    if (!fine || !quiet)
        printf("%s %s\n", fine ? "ok    " : "FAILED", name);
}

void check_result(const char *name, long result, long expected)
{
    char text[160];

    if (result == expected) {
        check(name, true);
        return;
    }
    snprintf(text, sizeof(text), "%s: got %ld instead of %ld", name, result, expected);
    check(text, false);
}

static void check_pointers(const char *name, long (*call)(void *), const struct bad_pointer *bad)
{
    char text[120];

    for (; bad->name != NULL; bad++) {
        snprintf(text, sizeof(text), "%s, pointer: %s", name, bad->name);
        check_result(text, call(bad->address), -API_EFAULT);
    }
}

void check_unreadable(const char *name, long (*call)(void *pointer))
{
    check_pointers(name, call, unreadable);
}

void check_unwritable(const char *name, long (*call)(void *pointer))
{
    check_pointers(name, call, unwritable);
}

int in_child(void (*work)(void))
{
    int status = -1;
    long child;

    fflush(stdout);
    child = sys_fork();
    if (child == 0) {
        work();
        sys_exit(0);
    }
    return child > 0 && sys_wait(child, &status, 0) == child ? status : -1;
}

static bool make_last_bytes(void)
{
    long address = sys_mmap(2 * 4096, API_PROT_READ | API_PROT_WRITE);

    if ((unsigned long)address > -4096ul)
        return false;
    last_bytes = (char *)address + 4092;
    return sys_munmap(last_bytes + 4, 4096) == 0;
}

int main(int count, char *words[])
{
    quiet = count == 2 && strcmp(words[1], "-q") == 0;
    if (count > 1 && !quiet) {
        fprintf(stderr, "usage: usertests [-q]\n");
        return 2;
    }
    check("a page with nothing behind it", make_last_bytes());
    if (failed > 0 || sys_chdir("/tmp") != 0)
        return 1;
    test_processes();
    test_signals();
    test_memory();
    test_files();
    test_pipes();
    test_names();
    test_exec();
    test_console_and_time();
    test_library();
    printf("usertests: %d checks, %d failed\n", done, failed);
    return failed > 0;
}
