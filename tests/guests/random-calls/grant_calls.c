/* SPDX-License-Identifier: MIT */
/* Calls of grant_table_op between two domains that know each other's number. Only in a mass of
 * calls: what they give depends on the other domain. */
#include "tests/guests/random-calls/grants.h"
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define MOST   3 /* elements of a list */
#define FRAMES 8 /* room where frames are told */

static uint64_t frames_told[FRAMES];

/* ---- The operations: each fills an element in; after() sees to what was done ---- */

static void fill_map(struct call *call, struct gnttab_map_grant_ref *op)
{
    static const uint32_t flags[] = { GNTMAP_host_map, GNTMAP_host_map, GNTMAP_device_map,
                                      GNTMAP_host_map | GNTMAP_device_map };
    struct window *w = window_reserve(call);

    *op = (struct gnttab_map_grant_ref){ .flags = flags[below(COUNT(flags))],
                                         .ref = some_ref(),
                                         .dom = somebody(),
                                         .host_addr = HYPERVISOR_ADDRESS };
    if (once_in(2))
        op->flags |= GNTMAP_readonly;
    if (once_in(32))
        op->flags |= (uint32_t)edge();
    if (!w) { /* nothing may come of it */
        op->flags |= GNTMAP_host_map;
        return;
    }
    if (once_in(4))
        op->flags |= GNTMAP_contains_pte;
    op->host_addr = op->flags & GNTMAP_contains_pte ? w->entry : (unsigned long)w->address;
}

static void after_map(struct call *call)
{
    const struct gnttab_map_grant_ref *op = (const void *)call->area;
    struct window *w;

    if (call->e.result != 0 || op->status != GNTST_okay || !call->window)
        return;
    w = &windows[call->window - 1];
    w->is_mapped = true;
    w->handle = op->handle;
    w->by_entry = op->flags & GNTMAP_contains_pte;
    w->host = op->flags & GNTMAP_host_map ? op->host_addr : 0;
    w->bus = op->flags & GNTMAP_device_map ? op->dev_bus_addr : 0;
    call->is_spent = true;
}

static void fill_unmap(struct gnttab_unmap_grant_ref *op)
{
    const struct window *w = &windows[below(WINDOWS)];

    *op = (struct gnttab_unmap_grant_ref){
        .host_addr = once_in(16) ? edge() : w->host,
        .dev_bus_addr = once_in(16) ? edge() : w->bus,
        .handle = w->is_mapped ? w->handle : (grant_handle_t)or_edge(below(64)),
    };
}

static void after_unmap(struct call *call)
{
    const struct gnttab_unmap_grant_ref *op = (const void *)call->area;
    struct window *w = window_with(op->handle);

    if (w && call->e.result == 0 && op->status == GNTST_okay)
        w->is_mapped = false;
}

/* What is mapped in the second window comes to be where the first was. */
static void fill_replace(struct gnttab_unmap_and_replace *op)
{
    const struct window *w = &windows[below(WINDOWS)], *other = &windows[below(WINDOWS)];

    *op = (struct gnttab_unmap_and_replace){
        .host_addr = once_in(16) ? edge() : w->host,
        .new_addr = once_in(16) ? edge() : (unsigned long)other->address,
        .handle = w->handle,
    };
}

static void after_replace(struct call *call)
{
    const struct gnttab_unmap_and_replace *op = (const void *)call->area;
    struct window *w = window_with(op->handle);

    if (!w || call->e.result != 0 || op->status != GNTST_okay)
        return;
    w->is_mapped = false;
    call->is_spent = true;
    for (unsigned i = 0; i < WINDOWS; i++)
        if ((unsigned long)windows[i].address == op->new_addr)
            window_exchange(w, &windows[i]);
}

static struct gnttab_copy_ptr some_end(bool *is_grant)
{
    unsigned offset = (unsigned)or_edge(below(4096));

    *is_grant = once_in(2);
    if (*is_grant)
        return grant_end(somebody(), some_ref(), offset);
    return page_end(toys[below(TOYS)], offset);
}

static void fill_copy(struct gnttab_copy *op)
{
    bool from = false, to = false;

    *op = (struct gnttab_copy){ .source = some_end(&from) };
    op->dest = some_end(&to);
    op->len = (uint16_t)below(once_in(16) ? 8192 : 128);
    op->flags = (from ? GNTCOPY_source_gref : 0) | (to ? GNTCOPY_dest_gref : 0);
    if (once_in(32)) /* an entry's number must not become that of an own frame */
        op->flags |= (uint16_t)(edge() << 2);
}

static void fill_transfer(struct gnttab_transfer *op)
{
    static const unsigned unmapped[] = { 5, 6, 7, 22, 23 };
    unsigned any = (unsigned)below(TOYS), toy = unmapped[below(COUNT(unmapped))];

    *op = (struct gnttab_transfer){ .mfn = (unsigned long)toy_frame(once_in(4) ? any : toy),
                                    .domid = somebody(),
                                    .ref = some_ref() };
}

static void after_transfer(struct call *call)
{
    const struct gnttab_transfer *op = (const void *)call->area;
    int toy = frame_name(op->mfn);

    if (call->e.result == 0 && op->status == GNTST_okay && toy >= 0 && toy < TOYS)
        toy_set_frame((unsigned)toy, NO_FRAME + (unsigned)toy);
}

static void fill_setup(struct gnttab_setup_table *op)
{
    *op = (struct gnttab_setup_table){ .dom = once_in(8) ? somebody() : DOMID_SELF,
                                       .nr_frames = (uint32_t)or_edge(below(4)),
                                       .frame_list = (unsigned long)frames_told };
}

static void fill_status_frames(struct gnttab_get_status_frames *op)
{
    *op = (struct gnttab_get_status_frames){ .dom = once_in(8) ? somebody() : DOMID_SELF,
                                             .nr_frames = (uint32_t)or_edge(below(3)),
                                             .frame_list = (unsigned long)frames_told };
}

static void fill_cache_flush(struct gnttab_cache_flush *op)
{
    *op = (struct gnttab_cache_flush){ .a.dev_bus_addr = frame() * PAGE_SIZE,
                                       .offset = (uint16_t)or_edge(below(4096)),
                                       .length = (uint16_t)or_edge(below(64)),
                                       .op = 1 + (uint32_t)below(3) };
    if (once_in(2)) {
        op->op |= GNTTAB_CACHE_SOURCE_GREF;
        op->a.ref = some_ref();
    }
}

static void after_version(struct call *call)
{
    const struct gnttab_set_version *op = (const void *)call->area;

    if (call->e.result == 0)
        grants_in_format(op->version);
}

/* ---- Which ---- */

/* Of one argument or two that are no addresses: a domain, an entry, a version. */
static void fill_words(unsigned op, uint32_t *words)
{
    words[0] = once_in(2) ? DOMID_SELF : somebody();
    words[1] = some_ref();
    if (op == GNTTABOP_set_version)
        words[0] = (uint32_t)or_edge(1 + below(2));
    else if (op == GNTTABOP_swap_grant_ref)
        words[0] = some_ref();
}

static void fill(struct call *call, unsigned op, void *element)
{
    switch (op) {
    case GNTTABOP_map_grant_ref: fill_map(call, element); break;
    case GNTTABOP_unmap_grant_ref: fill_unmap(element); break;
    case GNTTABOP_setup_table: fill_setup(element); break;
    case GNTTABOP_transfer: fill_transfer(element); break;
    case GNTTABOP_copy: fill_copy(element); break;
    case GNTTABOP_unmap_and_replace: fill_replace(element); break;
    case GNTTABOP_get_status_frames: fill_status_frames(element); break;
    case GNTTABOP_cache_flush: fill_cache_flush(element); break;
    default: fill_words(op, element); break;
    }
}

/* What an element looks like, what sees to what came of it, and whether there must be no other and
 * it must lie where it can be written: or nobody would know what it did. */
static const struct {
    unsigned size, status; /* 0: the call's result is all */
    void (*after)(struct call *call);
    bool is_known;
} shapes[] = {
#define SHAPE(type) sizeof(struct type), offsetof(struct type, status)
    [GNTTABOP_map_grant_ref] = { SHAPE(gnttab_map_grant_ref), after_map, true },
    [GNTTABOP_unmap_grant_ref] = { SHAPE(gnttab_unmap_grant_ref), after_unmap, true },
    [GNTTABOP_setup_table] = { SHAPE(gnttab_setup_table), NULL, true },
    [GNTTABOP_dump_table] = { SHAPE(gnttab_dump_table), NULL, false },
    [GNTTABOP_transfer] = { SHAPE(gnttab_transfer), after_transfer, true },
    [GNTTABOP_copy] = { SHAPE(gnttab_copy), NULL, false },
    [GNTTABOP_query_size] = { SHAPE(gnttab_query_size), NULL, false },
    [GNTTABOP_unmap_and_replace] = { SHAPE(gnttab_unmap_and_replace), after_replace, true },
    [GNTTABOP_set_version] = { sizeof(struct gnttab_set_version), 0, after_version, true },
    [GNTTABOP_get_status_frames] = { SHAPE(gnttab_get_status_frames), NULL, true },
    [GNTTABOP_get_version] = { sizeof(struct gnttab_get_version), 0, NULL, true },
    [GNTTABOP_swap_grant_ref] = { SHAPE(gnttab_swap_grant_ref), NULL, false },
    [GNTTABOP_cache_flush] = { sizeof(struct gnttab_cache_flush), 0, NULL, false },
#undef SHAPE
};

static unsigned some_operation(void)
{
    static const uint8_t often[] = { GNTTABOP_map_grant_ref, GNTTABOP_unmap_grant_ref,
                                     GNTTABOP_copy, GNTTABOP_copy };
    unsigned any = (unsigned)below(COUNT(shapes));

    return once_in(2) ? often[below(COUNT(often))] : any;
}

/* Where a continued call goes on stands above the operation; a guest may try that, too. Not another
 * operation: what is filled in would be addresses for it. */
static uint64_t command_of(unsigned op)
{
    if (once_in(64))
        return op | below(16) << 12;
    return once_in(128) ? edge() | 64 : op;
}

void make_grant_op(struct call *call)
{
    unsigned op = some_operation(), count = shapes[op].is_known ? 1 : 1 + (unsigned)below(MOST);
    uint64_t many = once_in(32) ? edge() : count, command = command_of(op), at;

    for (unsigned i = 0; i < count; i++)
        fill(call, op, (char *)call->area + i * shapes[op].size);
    at = place(call, WORDS(count * shapes[op].size));
    /* Beyond the list is what was made for something else. */
    if ((uint32_t)many > count)
        at = UNMAPPED_ADDRESS;
    else if (shapes[op].is_known && at != (unsigned long)call->area)
        at = once_in(2) ? UNMAPPED_ADDRESS : (unsigned long)call->area;
    call->status_at = shapes[op].status;
    call->after = command == op ? shapes[op].after : NULL;
    set_call(call, __HYPERVISOR_grant_table_op, command, at, many, 0);
}
