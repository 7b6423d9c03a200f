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
 * frames with type and counts), the guest's functions that asked. Returns the rule's errno,
 * negative. v is current; no lock held.
 */
#define refuse(v, rule, ...)                                                            \
    (unlikely(print_guest_wanted(LOG_WARNING)) ? refuse_aloud((v), (rule), __VA_ARGS__) \
                                               : (long)rule_errno(rule))
long refuse_aloud(struct vcpu *v, enum rule_id rule, const char *details, ...) PRINTF_LIKE(3, 4);

/* True if d may cause another line now; takes a token. Cheap when the bucket is empty. */
bool guest_log_allowed(struct domain *d);

/* Formats into text where v, which is current, asks from: the address, and what the guest's own
 * symbols say of it and of its callers. Given by who knows the images (pv/); null at first. */
typedef void guest_place_format(const struct vcpu *v, char *text, size_t size);
void refuse_set_place_format(guest_place_format *format);

#endif
