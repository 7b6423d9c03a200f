/* SPDX-License-Identifier: MIT */
/* The page allocator: free pages form a list, each holding the pointer to the next. */
#include "kernel/pages.h"

#include "lib/string.h"
#include "machine/machine.h"

/* A free page holds the link to the next one: the list needs no memory of its own. */
struct free_page {
    struct free_page *next;
};

static struct free_page *list;
static unsigned long count;

void pages_init(void)
{
    const struct machine_facts *facts = machine_facts();

    /* From the top down, so that the lowest page is handed out first. */
    for (unsigned long i = facts->page_count; i > 0; i--)
        kernel_page_put(facts->first_page + (i - 1) * PAGE_SIZE);
}

unsigned long pages_free(void)
{
    return count;
}

/* Cleared here and not when it is given back: the link would remain. */
void *kernel_page_get(void)
{
    struct free_page *page = list;

    if (!page)
        return NULL;
    list = page->next;
    count--;
    return memset(page, 0, PAGE_SIZE);
}

/* NULL is allowed, and nothing is done. */
void kernel_page_put(void *page)
{
    struct free_page *p = page;

    if (!p)
        return;
    p->next = list;
    list = p;
    count++;
}
