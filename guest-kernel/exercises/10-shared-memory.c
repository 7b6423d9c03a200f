/* SPDX-License-Identifier: MIT */
/* Exercise 10, pages of two processes: mmap with bit 8 in its access (shared). */
#include <unistd.h>

#include "exercises/exercise.h"
#include "user/lib/proc.h"

#define SHARED 8
#define PAGE   4096
#define PAGES  16

static volatile int *memory, *own;

static int write_both(void)
{
    for (int page = 0; page < PAGES; page++)
        memory[page * PAGE / (int)sizeof(int)] = page + 1;
    *own = 2;
    return 0;
}

static int grandchild_writes(void)
{
    return end_of_child(begin_child(write_both));
}

static void must_be_seen(int (*work)(void), const char *whose)
{
    for (int page = 0; page < PAGES; page++)
        memory[page * PAGE / (int)sizeof(int)] = 0;
    *own = 1;
    must(end_of_child(begin_child(work)) == 0, "a child that writes to it ends badly");
    for (int page = 0; page < PAGES; page++)
        must(memory[page * PAGE / (int)sizeof(int)] == page + 1,
             "%s write to page %d is not seen by the parent", whose, page);
    must(*own == 1, "memory that is not shared is shared, too");
}

static void share_and_unmap(void)
{
    long at = sys_mmap(PAGES * PAGE, API_PROT_READ | API_PROT_WRITE | SHARED);

    must(at > 0, "mmap with bit 8 (shared) in its access gives %ld", at);
    memory = (int *)at;

    /* Not touched before the fork: whoever comes first makes the page for both. */
    must(end_of_child(begin_child(write_both)) == 0, "a child that writes to it ends badly");
    must(memory[0] == 1, "a page that the child touched first is not seen by the parent");
    must_be_seen(write_both, "a child's");
    must_be_seen(grandchild_writes, "a grandchild's");
    must(sys_munmap((void *)at, PAGES * PAGE) == 0, "it cannot be unmapped");
}

void test(void)
{
    unsigned long total, before, after;

    own = (int *)sys_mmap(PAGE, API_PROT_READ | API_PROT_WRITE);
    *own = 1;
    proc_memory(&total, &before);
    share_and_unmap(); /* what comes only the first time is there now */
    proc_memory(&total, &before);
    share_and_unmap();
    proc_memory(&total, &after);
    must(after >= before, "%lu KiB are missing when it is gone", before - after);
}
