/* SPDX-License-Identifier: MIT */
/* Exercise 12, a program that is not read before it is needed: exec brings in no page. */
#include <string.h>
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

#define SIZE (512 * 1024)

/* Half a megabyte of this program's file. */
static const volatile unsigned char much[SIZE] = { [0] = 1, [SIZE / 2] = 2, [SIZE - 1] = 3 };
static volatile unsigned char more[SIZE] = { [0] = 4, [SIZE / 2] = 5, [SIZE - 1] = 6 };

static unsigned long own_pages(void)
{
    static struct process all[64];
    size_t count = proc_processes(all, 64);

    for (size_t i = 0; i < count; i++) {
        if (all[i].pid == sys_getpid())
            return all[i].pages;
    }
    return 0;
}

/* The data is still that of the file when the file has no name any more. */
static int unlinked(void)
{
    if (sys_unlink("/bin/exercise") != 0)
        return 1;
    if (much[SIZE / 4] != 0 || more[SIZE / 4 * 3] != 0 || much[SIZE / 2] != 2)
        return 2;
    /* The kernel's own access to such a page. */
    return sys_open((const char *)&more[SIZE / 4], API_O_RDONLY, 0) != -API_ENOENT;
}

void test(void)
{
    unsigned long before = own_pages(), after;

    must(before > 0, "/proc/processes does not show this process");
    must(before < 100, "at its start a program of more than 256 pages has %lu", before);
    must(much[0] == 1 && much[SIZE / 2] == 2 && much[SIZE - 1] == 3, "constants are wrong");
    must(more[0] == 4 && more[SIZE / 2] == 5 && more[SIZE - 1] == 6, "data is wrong");
    after = own_pages();
    must(after >= before + 4 && after <= before + 6 * 16, "touching six pages brought in %lu",
         after - before);
    more[0] = 9;
    must(end_of_child(begin_child(unlinked)) == 0,
         "a child that unlinks the file does not find its data any more");
    must(more[0] == 9 && more[SIZE / 2] == 5, "data is wrong after that");
}
