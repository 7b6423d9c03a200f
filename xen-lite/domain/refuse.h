/* SPDX-License-Identifier: MIT */
/*
 * Refusals speak: every errno a guest gets comes from a named rule (abi/rules.def).
 */
#ifndef XEN_LITE_DOMAIN_REFUSE_H
#define XEN_LITE_DOMAIN_REFUSE_H

#include "core/rules.h"
#include "domain/domain.h"
#include "hv/print.h"

/*
 * Says on the guest log (guest_loglvl, one token bucket a domain) that v's present call broke
 * `rule`: call and index in the batch, the rule's name and sentence, the given details (addresses,
 * frames with type and counts), the guest's symbol that asked. Returns the rule's errno, negative.
 * v is current; no lock held.
 */
#define refuse(v, rule, ...)                                                            \
    (unlikely(print_guest_wanted(LOG_WARNING)) ? refuse_aloud((v), (rule), __VA_ARGS__) \
                                               : (long)rule_errno(rule))
long refuse_aloud(struct vcpu *v, enum rule_id rule, const char *details, ...) PRINTF_LIKE(3, 4);

/* True if d may cause another line now; takes a token. Cheap when the bucket is empty. */
bool guest_log_allowed(struct domain *d);

/* Formats "symbol+0x12" of the guest's own symbols for address into text, or nothing if it is
 * unknown. Given by who knows the images (pv/); null at first. */
typedef void guest_symbol_lookup(struct domain *d, uint64_t address, char *text, size_t size);
void refuse_set_symbol_lookup(guest_symbol_lookup *lookup);

#endif
