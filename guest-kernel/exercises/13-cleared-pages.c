/* SPDX-License-Identifier: MIT */
/* Exercise 13, work for idle times: pages that are cleared while nobody runs. */
/* Options: --icount */
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

#define PAGES  32
#define SPARED 200 /* for page tables, and what is needed meanwhile */

/* All that was prepared is used up, and nobody is idle. Twice: the first time leaves some. */
static void use_all_pages(void)
{
    unsigned long total, unused;

    proc_memory(&total, &unused);
    for (int i = 0; i < 2; i++)
        time_of_new_pages((int)(unused / 4) - SPARED, true);
}

void test(void)
{
    long long rested, busy;

    time_of_new_pages(PAGES, true); /* page tables are there now */
    usleep(500000);
    rested = time_of_new_pages(PAGES, true) / PAGES;
    use_all_pages();
    busy = time_of_new_pages(PAGES, true) / PAGES;
    must(rested * 10 < busy * 9,
         "a new page costs %lld ns after half a second without work, and "
         "%lld ns without such a rest",
         rested, busy);

    usleep(500000);
    for (int i = 0; i < 20; i++) {
        const char *page = (const char *)sys_mmap(4096, API_PROT_READ | API_PROT_WRITE);

        for (int byte = 0; byte < 4096; byte++)
            must(page[byte] == 0, "byte %d of a new page is not zero", byte);
    }
}
