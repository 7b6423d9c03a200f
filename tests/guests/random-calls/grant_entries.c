/* SPDX-License-Identifier: MIT */
/*
 * The entries of the own grant table, which change all the time, and the addresses at which the
 * peer's pages are mapped ("windows").
 *
 * What is mapped must be unmapped one day, or the peer's entries stay in use for good and the
 * mapping track fills up; and a mapping whose page-table entry is overwritten cannot be undone any
 * more. So a call that is to map something reserves a window for it, and is spent when it has.
 */
#include "tests/guests/random-calls/grants.h"
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define FIRST GNTTAB_NR_RESERVED_ENTRIES
#define REFS  48 /* that are used, from FIRST on */

struct window windows[WINDOWS];
static domid_t self, peer;
static bool format_2;

unsigned own_number(void)
{
    return self;
}

void grants_in_format(unsigned version)
{
    format_2 = version == 2;
}

grant_ref_t some_ref(void)
{
    return (grant_ref_t)or_edge(FIRST + below(REFS));
}

domid_t somebody(void)
{
    if (once_in(16))
        return (domid_t)edge();
    return once_in(4) ? self : peer;
}

/* ---- Entries ---- */

static uint16_t some_flags(void)
{
    static const uint16_t flags[] = {
        GTF_permit_access,   GTF_permit_access,
        GTF_permit_access,   GTF_permit_access | GTF_readonly,
        GTF_accept_transfer, GTF_permit_access | GTF_sub_page,
        GTF_transitive,      GTF_invalid,
    };

    return flags[below(COUNT(flags))];
}

static void write_v2(grant_ref_t ref, uint16_t flags, domid_t to)
{
    volatile union grant_entry_v2 *entry = grant_v2(ref);

    if ((flags & GTF_type_mask) == GTF_transitive) {
        entry->transitive.trans_domid = once_in(2) ? self : peer;
        entry->transitive.gref = FIRST + (grant_ref_t)below(REFS);
    } else {
        entry->sub_page.page_off = (uint16_t)below(4096);
        entry->sub_page.length = (uint16_t)below(4096);
        entry->full_page.frame = toy_frame((unsigned)below(TOYS));
    }
    entry->hdr.domid = to;
    entry->hdr.flags = flags;
}

static void write_entry(grant_ref_t ref, uint16_t flags)
{
    domid_t to = once_in(8) ? self : peer;

    if (format_2)
        write_v2(ref, flags, to);
    else
        grant_mfn(ref, to, toy_frame((unsigned)below(TOYS)), flags);
}

void grants_flip(void)
{
    write_entry(FIRST + (grant_ref_t)below(REFS), some_flags());
}

/* A frame that somebody gave becomes a toy's that has none. */
static void take_what_came(grant_ref_t ref)
{
    uint16_t flags = format_2 ? grant_v2(ref)->hdr.flags : grant_v1(ref)->flags;
    uint64_t frame = format_2 ? grant_v2(ref)->full_page.frame : grant_v1(ref)->frame;

    if ((flags & GTF_type_mask) == GTF_accept_transfer && (flags & GTF_transfer_completed))
        world_take(frame);
}

static void undo(struct window *w)
{
    struct gnttab_unmap_grant_ref op = { .host_addr = w->host,
                                         .dev_bus_addr = w->bus,
                                         .handle = w->handle };

    grant_op(GNTTABOP_unmap_grant_ref, &op);
    w->is_mapped = false;
}

void grants_renew(void)
{
    for (unsigned i = 0; i < WINDOWS; i++)
        if (windows[i].is_mapped)
            undo(&windows[i]);
    for (grant_ref_t ref = FIRST; ref < FIRST + REFS; ref++) {
        take_what_came(ref);
        write_entry(ref, once_in(2) ? GTF_permit_access : some_flags());
    }
    /* Seldom one is overwritten. */
    if (once_in(32))
        map(windows[below(WINDOWS)].address, 0);
}

void grants_init(void)
{
    self = own_domain();
    peer = (domid_t)option_number("peer=", self);
    grant_setup(1);
    for (unsigned i = 0; i < WINDOWS; i++) {
        windows[i].address = page_new();
        windows[i].entry = entry_machine(windows[i].address, 1);
    }
}

/* ---- Windows ---- */

static bool is_free(const struct window *w)
{
    return !w->is_mapped && (!w->maker || w->maker->window != (unsigned)(w - windows) + 1);
}

struct window *window_reserve(struct call *call)
{
    struct window *w = &windows[below(WINDOWS)];

    if (!is_free(w))
        return NULL;
    w->maker = call;
    call->window = (unsigned)(w - windows) + 1;
    return w;
}

void window_exchange(struct window *one, struct window *other)
{
    char *address = one->address;
    uint64_t entry = one->entry;

    one->address = other->address;
    one->entry = other->entry;
    other->address = address;
    other->entry = entry;
    other->host = other->by_entry ? entry : (unsigned long)address;
}

struct window *window_with(grant_handle_t handle)
{
    for (unsigned i = 0; i < WINDOWS; i++)
        if (windows[i].is_mapped && windows[i].handle == handle)
            return &windows[i];
    return NULL;
}
