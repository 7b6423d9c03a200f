/* SPDX-License-Identifier: MIT */
/*
 * Address spaces of a 64-bit kernel: two top-level tables each. User mode runs on one that has
 * nothing but the user half; the kernel runs on the other, which has the same user half and the
 * kernel's slot besides. They share all tables below the top.
 */
#include "machine/pv/mmu.h"

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
}

/* A top-level entry of the user half exists twice. */
void pv_space_link(struct space *s, unsigned level, uint64_t *where, uint64_t entry)
{
    pv_change(where, entry);
    if (level == TOP_LEVEL && s->user_top)
        pv_change(s->user_top + (where - s->top), entry);
}

/* A pinned table stays one while nothing uses it. Without pins Xen would take the tables apart at
 * each switch to another space, and check them anew at each switch back. */
static void pin(unsigned command, uint64_t *top, uint64_t *user_top)
{
    const struct mmuext_op operations[] = {
        { .cmd = command, .arg1.mfn = pv_frame_of(top) },
        { .cmd = command, .arg1.mfn = pv_frame_of(user_top) },
    };

    pv_must(hypercall_mmuext(operations, 2));
}

/* Three pages: the two tops, and one for the structure itself, as this kernel allocates nothing
 * smaller. A top that is not yet pinned is ordinary memory, so a failure before that only gives
 * pages back. */
struct space *machine_space_create(void)
{
    struct space *s = kernel_page_get();
    uint64_t *top = kernel_page_get();
    uint64_t *user_top = kernel_page_get();

    if (!s || !top || !user_top) {
        kernel_page_put(s);
        kernel_page_put(top);
        kernel_page_put(user_top);
        return NULL;
    }

    /* While it is still an ordinary page we may write it freely; pinning checks the whole. */
    top[KERNEL_SLOT] = kernel_space.top[KERNEL_SLOT];
    pv_set_writable(top, false);
    pv_set_writable(user_top, false);
    pv_changes_make();
    pin(MMUEXT_PIN_L4_TABLE, top, user_top);
    s->top = top;
    s->user_top = user_top;
    return s;
}

/* Unpinned and not in use, the two tops and all that hangs below stop being page tables. */
void machine_space_destroy(struct space *s, void (*put)(void *page))
{
    machine_map_flush();
    pin(MMUEXT_UNPIN_TABLE, s->top, s->user_top);
    pv_free_table(s->top, TOP_LEVEL, USER_SLOTS, put);
    pv_free_table(s->user_top, TOP_LEVEL, 0, put); /* what it names is gone already */
    pv_freed_tables_put();
    kernel_page_put(s);
}

/* Both tops in one call: at no time does the kernel run on one space with the user top of another.
 */
void machine_space_switch(struct space *s)
{
    struct space *to = s ? s : &kernel_space;
    const struct mmuext_op operations[] = {
        { .cmd = MMUEXT_NEW_BASEPTR, .arg1.mfn = pv_frame_of(to->top) },
        { .cmd = MMUEXT_NEW_USER_BASEPTR,
          .arg1.mfn = to->user_top ? pv_frame_of(to->user_top) : 0 },
    };

    machine_map_flush();
    if (to == current_space)
        return;
    pv_must(hypercall_mmuext(operations, 2));
    current_space = to;
}
