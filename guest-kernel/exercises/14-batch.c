/* SPDX-License-Identifier: MIT */
/* Exercise 14, page-table updates in batches: a page fault also maps what comes next, in one call.
 */
/* Options: --icount */
#include <sys/mman.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

#define PAGE  4096
#define PAGES 128
#define AHEAD 16 /* pages that a fault may bring, with the one that it is for */

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

static char *new_memory(size_t pages)
{
    long at = sys_mmap(pages * PAGE, API_PROT_READ | API_PROT_WRITE);

    must(at > 0, "mmap gives no memory for %lu pages", (unsigned long)pages);
    return (char *)at;
}

/* What one page costs that is touched alone: nothing is mapped behind it. */
static long long time_alone(void)
{
    long long sum = 0;

    for (int i = 0; i < PAGES; i++) {
        volatile char *page = new_memory(1);
        long long begin = now();

        *page = 1;
        sum += now() - begin;
        sys_munmap((void *)page, PAGE);
    }
    return sum / PAGES;
}

void test(void)
{
    volatile char *pages = new_memory(PAGES);
    unsigned long before, after;
    long long alone = time_alone(), row;

    own_pages(); /* what asking needs is there now */
    before = own_pages();
    pages[PAGE * 64] = 1;
    after = own_pages();
    must(after - before <= AHEAD, "a fault brings %lu pages: %d are enough", after - before, AHEAD);
    sys_munmap((void *)pages, PAGES * PAGE);

    time_of_new_pages(PAGES, true); /* page tables are there now */
    row = time_of_new_pages(PAGES, true) / PAGES;
    must(row * 10 < alone * 7, "a page costs %lld instructions in a row of many, and %lld alone",
         row, alone);

    pages = new_memory(PAGES);
    for (int i = PAGES * PAGE - 1; i >= 0; i--)
        must(pages[i] == 0, "byte %d of new memory is not zero", i);
    sys_munmap((void *)pages, PAGE * PAGES);

    pages = new_memory(PAGES);
    sys_munmap((void *)(pages + PAGE), PAGE * (PAGES - 1));
    before = own_pages();
    pages[0] = 1;
    must(own_pages() == before + 1, "pages come that the program has unmapped");
}
