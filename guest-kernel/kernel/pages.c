/* SPDX-License-Identifier: MIT */
/*
 * The page allocator. Free pages form a list, each holding the pointer to the next; an array counts
 * the users of each page, because processes share pages after fork. The array lies in the first of
 * the free pages and covers all from the lowest to the highest page that can ever be free: the
 * machine's free ones and those of the ramdisk.
 */
#include "kernel/pages.h"

#include "kernel/lock.h"
#include "kernel/panic.h"
#include "lib/string.h"
#include "machine/machine.h"

/* A free page holds the link to the next one: the list needs no memory of its own. */
struct free_page {
    struct free_page *next;
};

static struct lock lock = LOCK(RANK_PAGES); /* for all that follows */
static struct free_page *list;
static unsigned long count, total;
static uintptr_t lowest; /* the page that users[0] is about */
static uint16_t *users;  /* 0: free, or not ours */

static uintptr_t round_up(uintptr_t address)
{
    return (address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static uint16_t *users_of(const void *page)
{
    return &users[((uintptr_t)page - lowest) / PAGE_SIZE];
}

static void add_to_list(void *page)
{
    struct free_page *p = page;

    p->next = list;
    list = p;
    count++;
}

static void add_range(uintptr_t start, uintptr_t end)
{
    /* From the top down, so that the lowest page is handed out first. */
    for (uintptr_t page = end; page > start; page -= PAGE_SIZE)
        add_to_list((void *)(page - PAGE_SIZE));
    total += (end - start) / PAGE_SIZE;
}

void pages_init(void)
{
    const struct machine_facts *facts = machine_facts();
    uintptr_t start = (uintptr_t)facts->first_page;
    uintptr_t end = start + facts->page_count * PAGE_SIZE;
    uintptr_t highest = end;
    uintptr_t ramdisk = (uintptr_t)facts->ramdisk & ~(PAGE_SIZE - 1);
    uintptr_t ramdisk_end = round_up((uintptr_t)facts->ramdisk + facts->ramdisk_size);

    lowest = start;
    if (facts->ramdisk && ramdisk < lowest)
        lowest = ramdisk;
    if (facts->ramdisk && ramdisk_end > highest)
        highest = ramdisk_end;

    users = (uint16_t *)start;
    start += round_up((highest - lowest) / PAGE_SIZE * sizeof(users[0]));
    if (start > end)
        kernel_panic("no memory for the counts of all pages");
    for (uint16_t *each = users; (uintptr_t)each < start; each++)
        *each = 0;
    add_range(start, end);
}

void pages_add(const void *start, size_t size)
{
    uintptr_t from = (uintptr_t)start & ~(PAGE_SIZE - 1);

    lock_take(&lock);
    add_range(from, round_up((uintptr_t)start + size));
    lock_release(&lock);
}

unsigned long pages_free(void)
{
    return count;
}

unsigned long pages_in_all(void)
{
    return total;
}

/* With one user, and anything in it. */
static void *take_page(void)
{
    struct free_page *page;

    lock_take(&lock);
    page = list;
    if (page) {
        list = page->next;
        count--;
        *users_of(page) = 1;
    }
    lock_release(&lock);
    return page;
}

/* Cleared here and not when it is given back: the link would remain. */
void *page_get(void)
{
    void *page = take_page();

    return page ? memset(page, 0, PAGE_SIZE) : NULL;
}

void *page_copy(const void *from)
{
    void *page = take_page();

    return page ? memcpy(page, from, PAGE_SIZE) : NULL;
}

/* Each user is a process that maps the page, so the count cannot run over. */
void page_share(void *page)
{
    lock_take(&lock);
    ++*users_of(page);
    lock_release(&lock);
}

void page_put(void *page)
{
    if (!page)
        return;
    lock_take(&lock);
    if (*users_of(page) == 0)
        kernel_panic("page %p was given back twice", page);
    if (--*users_of(page) == 0)
        add_to_list(page);
    lock_release(&lock);
}

bool page_is_shared(const void *page)
{
    return *users_of(page) > 1;
}

void *kernel_page_get(void)
{
    return page_get();
}

void kernel_page_put(void *page)
{
    page_put(page);
}
