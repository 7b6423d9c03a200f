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

void native_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry)
{
    *where = entry;
    if (level == TOP_LEVEL && read_cr3() == physical(s->top))
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
    top[KERNEL_SLOT] = kernel_space()->top[KERNEL_SLOT];
    s->top = top;
    return s;
}

void machine_space_destroy(struct space *s, void (*put)(void *page))
{
    machine_map_flush();
    table_free(s->top, TOP_LEVEL, USER_SLOTS, put);
    kernel_page_put(s);
}

/* This empties the TLB, too. */
void space_load(const struct space *s)
{
    write_cr3(physical(s->top));
}
