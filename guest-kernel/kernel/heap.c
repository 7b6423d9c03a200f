/* SPDX-License-Identifier: MIT */
/*
 * Pieces of pages. Each page is cut into pieces of one size; a head at its start says which, and
 * leads the list of its free pieces. Pages with free pieces form a list for each size; one whose
 * last piece is given back is given back itself. The head of a piece's page is found by rounding
 * the piece's address down.
 */
#include "kernel/pages.h"

#include "kernel/lock.h"
#include "lib/string.h"
#include "machine/machine.h"

#define HEAD_SIZE 32 /* also aligns the pieces to 16 */

struct piece {
    struct piece *next;
};

/* Invariant: in the list of its size if, and only if, it has a free piece. */
struct head {
    struct head *next, *previous;
    struct piece *free;
    uint16_t size_index;
    uint16_t used; /* pieces that are handed out */
};

/* (PAGE_SIZE - HEAD_SIZE) / 2, / 4 ... rounded down to 16; the last must be HEAP_MAX. */
static const uint16_t sizes[] = { 32, 64, 128, 256, 496, 1008, HEAP_MAX };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static struct lock lock = LOCK(RANK_HEAP); /* for the lists and all heads */
static struct head *lists[SIZES];

_Static_assert(sizeof(struct head) <= HEAD_SIZE, "a head fits before the first piece");

static void link_head(struct head *head)
{
    struct head **list = &lists[head->size_index];

    head->previous = NULL;
    head->next = *list;
    if (head->next)
        head->next->previous = head;
    *list = head;
}

static void unlink_head(struct head *head)
{
    if (head->previous)
        head->previous->next = head->next;
    else
        lists[head->size_index] = head->next;
    if (head->next)
        head->next->previous = head->previous;
}

/* A page cut into pieces, in its list; NULL if memory is out. */
static struct head *new_head(unsigned size_index)
{
    size_t size = sizes[size_index];
    struct head *head = page_get();

    if (!head)
        return NULL;
    head->size_index = (uint16_t)size_index;
    for (size_t at = HEAD_SIZE; at + size <= PAGE_SIZE; at += size) {
        struct piece *piece = (struct piece *)((char *)head + at);

        piece->next = head->free;
        head->free = piece;
    }
    link_head(head);
    return head;
}

void *heap_get(size_t size)
{
    unsigned size_index = 0;
    struct piece *piece = NULL;
    struct head *head;

    while (size_index < SIZES && sizes[size_index] < size)
        size_index++;
    if (size_index == SIZES)
        return NULL;

    lock_take(&lock);
    head = lists[size_index] ? lists[size_index] : new_head(size_index);
    if (head) {
        piece = head->free;
        head->free = piece->next;
        head->used++;
        if (!head->free)
            unlink_head(head);
    }
    lock_release(&lock);
    return piece ? memset(piece, 0, sizes[size_index]) : NULL;
}

void heap_put(void *memory)
{
    struct head *head = (struct head *)((uintptr_t)memory & ~(PAGE_SIZE - 1));
    struct piece *piece = memory;

    if (!memory)
        return;
    lock_take(&lock);
    if (!head->free)
        link_head(head);
    piece->next = head->free;
    head->free = piece;
    if (--head->used == 0) {
        unlink_head(head);
        page_put(head);
    }
    lock_release(&lock);
}
