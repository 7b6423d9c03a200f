/* SPDX-License-Identifier: MIT */
/*
 * All domains, found by id.
 *
 * Whoever holds a pointer to a domain beyond the moment has a reference; the struct is freed with
 * the last one. The table itself holds one from the domain's creation to its end.
 */
#include "domain/list.h"

#include "hv/alloc.h"
#include "lib/atomic.h"

static struct spinlock list_lock = SPINLOCK(LOCK_DOMAIN_LIST);

/* Written under the list lock; atomic, because domain_peek() reads it without. */
struct domain *domain_table[MAX_DOMAINS + 1];
static unsigned int count; /* under the list lock; a */

bool domain_list_add(struct domain *d)
{
    bool found = false;

    spin_lock(&list_lock);
    /* Ids are not used again while there are others: what a message or a peer names stays clear. */
    static uint16_t last;
    static uint32_t serials;
    for (unsigned int i = 0; i < MAX_DOMAINS && !found; i++) {
        last = (uint16_t)(last % MAX_DOMAINS + 1);
        found = domain_table[last] == NULL;
    }
    if (found) {
        d->id = last;
        d->serial = ++serials;
        d->references = 1;
        atomic_store(&domain_table[last], d);
        count++;
    }
    spin_unlock(&list_lock);
    return found;
}

void domain_list_remove(struct domain *d)
{
    spin_lock(&list_lock);
    atomic_store(&domain_table[d->id], NULL);
    atomic_store(&count, count - 1);
    spin_unlock(&list_lock);
    domain_put(d);
}

struct domain *domain_get(uint16_t id)
{
    struct domain *d;

    spin_lock(&list_lock);
    d = domain_peek(id);
    if (d != NULL && atomic_load(&d->dying))
        d = NULL;
    if (d != NULL)
        (void)atomic_add_return(&d->references, 1);
    spin_unlock(&list_lock);
    return d;
}

struct domain *domain_get_born(uint16_t id, uint32_t serial)
{
    struct domain *d;

    spin_lock(&list_lock);
    d = domain_peek(id);
    if (d != NULL && d->serial != serial)
        d = NULL;
    if (d != NULL)
        (void)atomic_add_return(&d->references, 1);
    spin_unlock(&list_lock);
    return d;
}

void domain_put(struct domain *d)
{
    if (atomic_sub_return(&d->references, 1) == 0)
        domain_free(d);
}

unsigned int domain_count(void)
{
    return atomic_load(&count);
}

void domain_for_each(void (*f)(struct domain *d, void *arg), void *arg)
{
    for (uint16_t id = 1; id <= MAX_DOMAINS; id++) {
        struct domain *d = domain_get(id);

        if (d != NULL) {
            f(d, arg);
            domain_put(d);
        }
    }
}
