/* SPDX-License-Identifier: MIT */
/* guest-kernel/kernel/: pages.c, heap.c and the order of locks. */
#include "guest_machine.h"

#include "kernel/lock.h"

#define FREE_AT_START (MACHINE_FREE_PAGES - 1ul)

static void *taken[MACHINE_FREE_PAGES + MACHINE_RAMDISK_PAGES];

static unsigned long take_all(void)
{
    unsigned long count = 0;

    while ((taken[count] = page_get()) != NULL)
        count++;
    return count;
}

static void put_all(unsigned long count)
{
    for (unsigned long i = 0; i < count; i++)
        page_put(taken[i]);
}

static void test_pages(void **state)
{
    const unsigned char *page;

    (void)state;
    machine_reset();
    check_number("free", pages_free(), FREE_AT_START);
    check_number("all", take_all(), FREE_AT_START);
    check_number("none left", pages_free(), 0);
    page = taken[3];
    for (unsigned i = 0; i < PAGE_SIZE; i++)
        check_number("zeroed", page[i], 0);
    put_all(FREE_AT_START);
    page_put(NULL);
    check_number("all back", pages_free(), FREE_AT_START);
}

static void test_users(void **state)
{
    void *page;

    (void)state;
    machine_reset();
    page = page_get();
    check("one user", !page_is_shared(page));
    page_share(page);
    check("two users", page_is_shared(page));
    page_put(page);
    check("one again", !page_is_shared(page));
    check_number("still in use", pages_free(), FREE_AT_START - 1);
    page_put(page);
    check_number("free", pages_free(), FREE_AT_START);
}

/* The ramdisk lies below the free pages, and neither begins nor ends on a page. After the others,
 * as the pages stay. */
static void test_ramdisk(void **state)
{
    const struct machine_facts *facts = machine_facts();

    (void)state;
    machine_reset();
    pages_add(facts->ramdisk, facts->ramdisk_size);
    check_number("more", pages_free(), FREE_AT_START + MACHINE_RAMDISK_PAGES);
    check_number("in all", take_all(), FREE_AT_START + MACHINE_RAMDISK_PAGES);
    check("from its first page", taken[0] == (const char *)facts->ramdisk - 100);
    put_all(FREE_AT_START + MACHINE_RAMDISK_PAGES);
}

static void put_twice(void)
{
    void *page = page_get();

    page_put(page);
    page_put(page);
}

static void take_again(void)
{
    static struct lock lock = LOCK(RANK_TTY), same = LOCK(RANK_TTY);

    lock_take(&lock);
    lock_take(&same);
}

static void take_in_wrong_order(void)
{
    static struct lock inner = LOCK(RANK_HEAP), outer = LOCK(RANK_TREE);

    lock_take(&inner);
    lock_take(&outer);
}

/* Interrupts are off from the first lock to the last, whichever is released first. */
static void test_locks(void **state)
{
    static struct lock outer = LOCK(RANK_TREE), inner = LOCK(RANK_PROCESS);

    (void)state;
    machine_reset();
    fake_machine.irq = true;
    lock_take(&outer);
    lock_take(&inner);
    lock_release(&outer);
    check("still off", !fake_machine.irq);
    check("held", lock_any_held());
    lock_release(&inner);
    check("on again", fake_machine.irq);
    check("not held", !lock_any_held());
}

/* Sizes from one byte to the largest, many of each: aligned, zeroed, apart from each other; and no
 * page is kept. */
static void test_heap(void **state)
{
    static const size_t sizes[] = { 1, 16, 32, 33, 100, 500, 1008, 1009, HEAP_MAX };
    unsigned char *pieces[40];

    (void)state;
    machine_reset();
    for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        size_t size = sizes[s];

        for (unsigned i = 0; i < 40; i++) {
            pieces[i] = heap_get(size);
            check_number("aligned", (uintptr_t)pieces[i] % 16, 0);
            for (size_t j = 0; j < size; j++)
                check_number("zeroed", pieces[i][j], 0);
            memset(pieces[i], (int)(i + 1), size);
        }
        for (unsigned i = 0; i < 40; i++)
            check_number("its own", pieces[i][size - 1], i + 1);
        for (unsigned i = 0; i < 40; i += 2)
            heap_put(pieces[i]);
        for (unsigned i = 0; i < 40; i += 2)
            pieces[i] = heap_get(size);
        for (unsigned i = 0; i < 40; i++)
            heap_put(pieces[39 - i]);
        check_number("all back", pages_free(), FREE_AT_START);
    }
    heap_put(NULL);
    check("too large", heap_get(HEAP_MAX + 1) == NULL);
    take_all();
    check("memory is out", heap_get(1) == NULL);
    put_all(FREE_AT_START);
}

/* The last test: what was locked at a panic stays so. */
static void test_panics(void **state)
{
    (void)state;
    machine_reset();
    check_string("same rank", panic_of(take_again),
                 "a lock of rank 2 is taken inside of ranks 0x4");
    lock_release(&(struct lock)LOCK(RANK_TTY));
    check_string("lower rank", panic_of(take_in_wrong_order),
                 "a lock of rank 0 is taken inside of ranks 0x10");
    lock_release(&(struct lock)LOCK(RANK_HEAP));
    check("put twice", strstr(panic_of(put_twice), "was given back twice") != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages), cmocka_unit_test(test_users),   cmocka_unit_test(test_locks),
        cmocka_unit_test(test_heap),  cmocka_unit_test(test_ramdisk), cmocka_unit_test(test_panics),
    };

    return RUN_TESTS(tests);
}
