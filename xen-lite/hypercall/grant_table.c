/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op(operation, list, count): the way in.
 *
 * An operation takes a list of its structure and writes a status into each element, so the call
 * itself fails only where it can tell nothing else. Rules about entries are in core/grant_entry.c,
 * tables and uses in domain/grant*.c; docs/grants.md tells the whole. Source: Xen's public
 * grant_table.h; abi/grant.def has a sentence on each operation.
 */
#include "hypercall/grant_table.h"

#include "hypercall/mmu_batch.h"
#include "lib/types.h"

/* Above the operation's number Xen keeps how far a cache_flush has come. */
#define COMMAND_MASK 0xfffUL

#define COUNT_MAX INT32_MAX

/* The size of an element is that at 64 and at 32 bits. */
#define SAME(type)  sizeof(struct type), sizeof(struct type)
#define FORMS(type) sizeof(struct type##_64), sizeof(struct type##_32)
static const struct {
    long (*run)(struct grant_list *l);
    uint16_t size64, size32;
} list_operations[] = {
    [GNTTABOP_map_grant_ref] = { grant_map, SAME(gnttab_map_grant_ref) },
    [GNTTABOP_unmap_grant_ref] = { grant_unmap, SAME(gnttab_unmap_grant_ref) },
    [GNTTABOP_transfer] = { grant_transfer, FORMS(gnttab_transfer) },
    [GNTTABOP_copy] = { grant_copy, FORMS(gnttab_copy) },
    [GNTTABOP_unmap_and_replace] = { grant_replace, SAME(gnttab_unmap_and_replace) },
    [GNTTABOP_swap_grant_ref] = { grant_swap_refs, SAME(gnttab_swap_grant_ref) },
    [GNTTABOP_cache_flush] = { grant_cache_flush, SAME(gnttab_cache_flush) },
};
#undef SAME
#undef FORMS

/* Operations of one element. set_version and get_version do not look at the number. */
static NOINLINE long single_operation(struct hcall *h, unsigned long number)
{
    gva_t where = GVA(h->arg[1]);
    uint32_t count = (uint32_t)h->arg[2];

    switch (number) {
    case GNTTABOP_set_version: return grant_set_version_op(h->v, where);
    case GNTTABOP_get_version: return grant_get_version(h->v, where);
    case GNTTABOP_setup_table:
    case GNTTABOP_query_size:
    case GNTTABOP_get_status_frames: break;
    default: return refuse(h->v, RULE_HCALL_3, "operation %lu", number);
    }
    /* As on Xen, where 32-bit elements that have lists are widened in a loop. */
    if (count == 0 && number != GNTTABOP_query_size && !guest_is_native(h->v))
        return 0;
    if (count != 1)
        return refuse(h->v, RULE_GRANT_21, "%u elements", count);
    if (number == GNTTABOP_setup_table)
        return grant_setup_table(h->v, where);
    return number == GNTTABOP_query_size ? grant_query_size(h->v, where)
                                         : grant_get_status_frames(h->v, where);
}

static inline long list_operation(struct hcall *h, unsigned long number)
{
    struct grant_list l = {
        .v = h->v,
        .list = GVA(h->arg[1]),
        .count = (uint32_t)h->arg[2],
        .size =
            guest_is_native(h->v) ? list_operations[number].size64 : list_operations[number].size32,
    };
    long result;

    if (unlikely(!guest_list_ok(h->v, l.list, l.count, l.size)))
        return refuse(h->v, RULE_HCALL_2, "list at %lx, %u elements", l.list.n, l.count);
    /* Whoever changes page tables first goes on with what the vCPU has left half taken down. */
    if (unlikely(!mmu_settle_all(h->v)))
        return HCALL_AGAIN;

    result = list_operations[number].run(&l);

    h->v->call.index = CALL_NO_INDEX;
    if (unlikely(result == HCALL_AGAIN)) {
        h->arg[1] = grant_element(&l).n;
        h->arg[2] = l.count - l.i;
    }
    return result;
}

long hc_grant_table_op(struct hcall *h)
{
    unsigned long number = (uint32_t)h->arg[0] & COMMAND_MASK;

    if (unlikely((uint32_t)h->arg[2] > COUNT_MAX ||
                 (number != (uint32_t)h->arg[0] && number != GNTTABOP_cache_flush)))
        return refuse(h->v, RULE_GRANT_21, "operation %x, %u elements", (uint32_t)h->arg[0],
                      (uint32_t)h->arg[2]);
    if (likely(number < ARRAY_SIZE(list_operations) && list_operations[number].run != NULL))
        return list_operation(h, number);
    return single_operation(h, number);
}
