/* SPDX-License-Identifier: MIT */
/*
 * Doubly linked lists whose links live in the objects. A list is a ring through its head; an
 * object that is in no list points to itself, so list_remove twice is harmless and
 * list_is_linked can be asked.
 */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <stdbool.h>

#include "lib/types.h"

struct list_node {
    struct list_node *next;
    struct list_node *prev;
};

#define LIST_INIT(name)  \
    {                    \
        &(name), &(name) \
    }

static inline void list_init(struct list_node *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool list_is_empty(const struct list_node *head)
{
    return head->next == head;
}

static inline bool list_is_linked(const struct list_node *entry)
{
    return entry->next != entry;
}

/* The functions that put an entry in: it is in no list before, or that list's neighbours would go
 * on pointing to it. */
static inline void list_insert_between(struct list_node *entry, struct list_node *prev,
                                       struct list_node *next)
{
    entry->prev = prev;
    entry->next = next;
    prev->next = entry;
    next->prev = entry;
}

static inline void list_add_first(struct list_node *head, struct list_node *entry)
{
    list_insert_between(entry, head, head->next);
}

static inline void list_add_last(struct list_node *head, struct list_node *entry)
{
    list_insert_between(entry, head->prev, head);
}

static inline void list_insert_before(struct list_node *where, struct list_node *entry)
{
    list_insert_between(entry, where->prev, where);
}

/* Whatever list it is in: no head is needed. */
static inline void list_remove(struct list_node *entry)
{
    entry->prev->next = entry->next;
    entry->next->prev = entry->prev;
    list_init(entry);
}

/* Takes the first entry off the list; NULL if there is none. */
static inline struct list_node *list_take_first(struct list_node *head)
{
    struct list_node *entry = head->next;

    if (entry == head)
        return NULL;
    list_remove(entry);
    return entry;
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)

#define list_first_entry(head, type, member) \
    (list_is_empty(head) ? NULL : list_entry((head)->next, type, member))

/* Walks the objects of a list. The safe form allows the current object to be removed or freed. */
#define list_for_each(obj, head, member)                                                         \
    for ((obj) = list_entry((head)->next, __typeof__(*(obj)), member); &(obj)->member != (head); \
         (obj) = list_entry((obj)->member.next, __typeof__(*(obj)), member))

#define list_for_each_safe(obj, after, head, member)                          \
    for ((obj) = list_entry((head)->next, __typeof__(*(obj)), member),        \
        (after) = list_entry((obj)->member.next, __typeof__(*(obj)), member); \
         &(obj)->member != (head);                                            \
         (obj) = (after), (after) = list_entry((obj)->member.next, __typeof__(*(obj)), member))

#endif
