/* SPDX-License-Identifier: MIT */
/*
 * Address spaces of a PV kernel need a second table besides the top, for another reason at each
 * width.
 *
 * 64 bits: user mode runs on a top of its own, with nothing but the user half; the kernel runs on
 * one that has the same user half and the kernel's slot besides. They share all tables below.
 *
 * 32 bits: user mode and kernel run on the same top of four entries, one a gigabyte. The last
 * gigabyte is the kernel's, and its end the hypervisor's: Xen writes its own entries into the table
 * of that gigabyte, so each space must have one. The kernel's part of it is the same in all.
 */
#include "machine/pv/mmu.h"

#include "lib/string.h"

void pv_space_init(uint64_t *top)
{
    kernel_space()->top = top;
    if (TOPS == 1)
        kernel_space()->second = page_of_entry(top[KERNEL_SLOT]);
}

/* With two tops, an entry of their user half exists twice. */
void pv_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry)
{
    pv_change(where, entry);
    if (level == TOP_LEVEL && TOPS == 2 && s->second)
        pv_change(s->second + (where - s->top), entry);
}

/* The same operation for each top: at no time does the kernel run on one space with the user top of
 * another. */
static void each_top(const struct space *s, unsigned command, unsigned command_of_second)
{
    const struct mmuext_op operations[] = {
        { .cmd = command, .arg1.mfn = pv_frame_of(s->top) },
        { .cmd = command_of_second, .arg1.mfn = s->second ? pv_frame_of(s->second) : 0 },
    };

    pv_must(hypercall_mmuext(operations, TOPS));
}

/* Three pages, one for the structure itself, as the machine allocates nothing smaller. A table that
 * is not yet pinned is ordinary memory, which we may write freely, and a failure before that only
 * gives pages back. Pinning checks the whole; and a pinned table stays one while nothing uses it.
 * Without pins Xen would take the tables apart at each switch to another space, and check them anew
 * at each switch back. */
struct space *machine_space_create(void)
{
    struct space *s = kernel_page_get();
    uint64_t *top = kernel_page_get();
    uint64_t *second = kernel_page_get();

    if (!s || !top || !second) {
        kernel_page_put(s);
        kernel_page_put(top);
        kernel_page_put(second);
        return NULL;
    }
    *s = (struct space){ top, second };
    top[KERNEL_SLOT] = TOPS == 1 ? entry_for(second, ENTRY_TOP) : kernel_space()->top[KERNEL_SLOT];
    memcpy(second, kernel_space()->second, KERNEL_ENTRIES * sizeof(second[0]));
    pv_set_writable(top, false);
    pv_set_writable(second, false);
    pv_changes_make();
    each_top(s, MMUEXT_PIN_TOP, MMUEXT_PIN_TOP);
    return s;
}

/* Unpinned and not in use, the tables stop being that. What the second one names is gone already,
 * or there for all spaces. */
void machine_space_destroy(struct space *s, void (*put)(void *page))
{
    machine_map_flush();
    each_top(s, MMUEXT_UNPIN_TABLE, MMUEXT_UNPIN_TABLE);
    table_free(s->top, TOP_LEVEL, USER_SLOTS, put);
    table_free(s->second, TOP_LEVEL, 0, put);
    pv_freed_tables_put();
    kernel_page_put(s);
}

void space_load(const struct space *s)
{
    each_top(s, MMUEXT_NEW_BASEPTR, MMUEXT_NEW_USER_BASEPTR);
}
