/* SPDX-License-Identifier: MIT */
/*
 * Address spaces of a 32-bit kernel: a top of four entries, one a gigabyte, that user mode and
 * kernel both run on. The last gigabyte is the kernel's, and its end the hypervisor's: Xen writes
 * its own entries into the table of that gigabyte, so each space must have one of its own. The
 * kernel's part of these tables is kept the same; what they name is shared.
 */
#include "machine/pv/mmu.h"

/* Entries of the kernel's gigabyte that are the kernel's. Each maps 2 MiB. */
#define KERNEL_ENTRIES ((HYPERVISOR_VIRT_START - VIRT_BASE) >> 21)

static struct space kernel_space;
static struct space *current_space = &kernel_space;

struct space *pv_kernel_space(void)
{
    return &kernel_space;
}

bool pv_space_in_use(const struct space *s)
{
    return s == current_space || s == &kernel_space;
}

void pv_space_init(uint64_t *top)
{
    kernel_space.top = top;
    kernel_space.kernel_table = pv_page_of_entry(top[KERNEL_SLOT]);
}

/* A new table of the kernel's gigabyte is for all spaces. */
void pv_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry)
{
    if (s != &kernel_space || level == TOP_LEVEL) {
        pv_change(where, entry);
        return;
    }
    for (struct space *each = &kernel_space; each; each = each->next)
        pv_change(each->kernel_table + (where - kernel_space.kernel_table), entry);
}

static void pin(unsigned command, uint64_t *top)
{
    const struct mmuext_op operation = { .cmd = command, .arg1.mfn = pv_frame_of(top) };

    pv_must(hypercall_mmuext(&operation, 1));
}

/* A pinned table stays one while nothing uses it. Without pins Xen would take the tables apart at
 * each switch to another space, and check them anew at each switch back. Three pages: top, the
 * kernel's gigabyte, and the structure itself, as this kernel allocates nothing smaller. */
struct space *machine_space_create(void)
{
    struct space *s = kernel_page_get();
    uint64_t *top = kernel_page_get();
    uint64_t *kernel_table = kernel_page_get();

    if (!s || !top || !kernel_table) {
        kernel_page_put(s);
        kernel_page_put(top);
        kernel_page_put(kernel_table);
        return NULL;
    }

    /* While they are still ordinary pages we may write them freely; pinning checks the whole. */
    for (unsigned i = 0; i < KERNEL_ENTRIES; i++)
        kernel_table[i] = kernel_space.kernel_table[i];
    top[KERNEL_SLOT] = pv_entry_for(kernel_table, ENTRY_TOP);
    pv_set_writable(top, false);
    pv_set_writable(kernel_table, false);
    pv_changes_make();
    pin(MMUEXT_PIN_L3_TABLE, top);
    *s = (struct space){ .top = top, .kernel_table = kernel_table, .next = kernel_space.next };
    kernel_space.next = s;
    return s;
}

/* Unpinned and not in use, the top and all that hangs below stop being page tables. */
void machine_space_destroy(struct space *s, void (*put)(void *page))
{
    struct space *before = &kernel_space;

    machine_map_flush();
    while (before->next != s)
        before = before->next;
    before->next = s->next;
    pin(MMUEXT_UNPIN_TABLE, s->top);
    pv_free_table(s->top, TOP_LEVEL, USER_SLOTS, put);
    pv_free_table(s->kernel_table, TOP_LEVEL - 1, 0, put); /* what it names is for all spaces */
    pv_freed_tables_put();
    kernel_page_put(s);
}

void machine_space_switch(struct space *s)
{
    struct space *to = s ? s : &kernel_space;
    const struct mmuext_op operation = { .cmd = MMUEXT_NEW_BASEPTR,
                                         .arg1.mfn = pv_frame_of(to->top) };

    machine_map_flush();
    if (to == current_space)
        return;
    pv_must(hypercall_mmuext(&operation, 1));
    current_space = to;
}
