/* SPDX-License-Identifier: MIT */
/*
 * Entries of grant tables. See grant_entry.h.
 */
#include "core/grant_entry.h"

enum rule_id grant_use_v2(uint32_t word, const struct grant_want *want)
{
    bool transitive = !want->map && (grant_flags(word) & GTF_type_mask) == GTF_transitive;

    if (!want->pinned && ((!grant_permits(grant_flags(word), want) && !transitive) ||
                          grant_domain(word) != want->domain))
        return RULE_GRANT_4;
    if (want->write && (grant_flags(word) & GTF_readonly))
        return RULE_GRANT_5;
    return RULE_NONE;
}

enum rule_id grant_use_transfer(uint32_t word, uint16_t domain, uint32_t *new)
{
    if (word != grant_word(GTF_accept_transfer, domain))
        return RULE_GRANT_26;
    *new = word | GTF_transfer_committed;
    return RULE_NONE;
}

enum rule_id grant_fits_v1(const union grant_entry_v2 *entry)
{
    switch (entry->hdr.flags & GTF_type_mask) {
    case GTF_permit_access: return entry->full_page.frame >> 32 == 0 ? RULE_NONE : RULE_GRANT_23;
    case GTF_transitive: return RULE_GRANT_23;
    default: return RULE_NONE;
    }
}

struct grant_entry_v1 grant_to_v1(const union grant_entry_v2 *entry, grant_status_t status)
{
    if ((entry->hdr.flags & GTF_type_mask) != GTF_permit_access)
        return (struct grant_entry_v1){ .flags = GTF_invalid };
    return (struct grant_entry_v1){
        .flags = entry->hdr.flags | (status & (GTF_reading | GTF_writing)),
        .domid = entry->hdr.domid,
        .frame = (uint32_t)entry->full_page.frame,
    };
}

union grant_entry_v2 grant_to_v2(const struct grant_entry_v1 *entry, grant_status_t *status)
{
    *status = entry->flags & (GTF_reading | GTF_writing);
    return (union grant_entry_v2){
        .full_page = { .hdr = { .flags = (uint16_t)(entry->flags & ~(GTF_reading | GTF_writing)),
                                .domid = entry->domid },
                       .frame = entry->frame },
    };
}

int16_t grant_status_of(enum rule_id rule)
{
    switch (rule) {
    case RULE_NONE: return GNTST_okay;
    case RULE_GRANT_1:
    case RULE_GRANT_3: return GNTST_bad_gntref;
    case RULE_GRANT_2: return GNTST_bad_domain;
    case RULE_GRANT_8:
    case RULE_GRANT_25:
    case RULE_GRANT_32: return GNTST_bad_page;
    case RULE_GRANT_10: return GNTST_no_space;
    case RULE_GRANT_12: return GNTST_bad_handle;
    case RULE_GRANT_13: return GNTST_bad_dev_addr;
    case RULE_GRANT_15: return GNTST_permission_denied;
    case RULE_GRANT_17: return GNTST_bad_virt_addr;
    case RULE_GRANT_18: return GNTST_bad_copy_arg;
    case RULE_GRANT_24: return GNTST_eagain;
    case RULE_GRANT_28: return GNTST_address_too_big;
    default: return GNTST_general_error;
    }
}
