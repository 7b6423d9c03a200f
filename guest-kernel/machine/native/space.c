/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: a top-level table each, with the space's user half and the kernel's slot, which
 * is the same in all. Programs run on the tables that the kernel runs on: the user bit of each
 * entry keeps them out of its part.
 *
 * A 32-bit processor reads the four entries of the top when CR3 is loaded, and not again: so one
 * that is new counts after another load. At 64 bits that is not needed, but it happens once or
 * twice in the life of a space.
 */
#include "machine/native/mmu.h"

static struct space kernel_space;
static struct space *current_spaces[MACHINE_CPUS_MAX]; /* NULL: the kernel's, at first */

struct space *native_kernel_space(void)
{
    return &kernel_space;
}

bool native_space_in_use(const struct space *s)
{
    return s == current_spaces[machine_cpu()] || s == &kernel_space;
}

void native_space_init(uint64_t *top)
{
    kernel_space.top = top;
}

void native_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry)
{
    *where = entry;
    if (level == TOP_LEVEL && s == current_spaces[machine_cpu()])
        write_cr3(physical(s->top));
}

/* Two pages: the top, and one for the structure itself, as the machine allocates nothing smaller.
 */
struct space *machine_space_create(void)
{
    struct space *s = kernel_page_get();
    uint64_t *top = kernel_page_get();

    if (!s || !top) {
        kernel_page_put(s);
        kernel_page_put(top);
        return NULL;
    }
    top[KERNEL_SLOT] = kernel_space.top[KERNEL_SLOT];
    s->top = top;
    return s;
}

void machine_space_destroy(struct space *s, void (*put)(void *page))
{
    machine_map_flush();
    native_free_table(s->top, TOP_LEVEL, USER_SLOTS, put);
    kernel_page_put(s);
}

/* Loading CR3 empties the TLB, too. */
void machine_space_switch(struct space *s)
{
    struct space *to = s ? s : &kernel_space;
    struct space **current = &current_spaces[machine_cpu()];

    machine_map_flush();
    if (to == *current)
        return;
    write_cr3(physical(to->top));
    *current = to;
}
