/* SPDX-License-Identifier: MIT */
/*
 * The rule book: what abi/rules.def says about a rule. Checks return an enum rule_id; the errno and
 * the words follow from it here, so that no check has to choose them a second time.
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "abi/rules.h"

/* "MMU-7"; "none" for RULE_NONE and for what is no rule. */
const char *rule_name(enum rule_id rule);

/* What the refused call returns: -XEN_E..., or 0 for RULE_NONE and for rules that have no errno. */
extern const short rule_errnos[RULE_COUNT];
static inline int rule_errno(enum rule_id rule)
{
    return (unsigned int)rule < RULE_COUNT ? rule_errnos[rule] : 0;
}

/* One sentence that says what holds; empty for RULE_NONE. */
const char *rule_sentence(enum rule_id rule);

/* What to do instead; empty for RULE_NONE. */
const char *rule_advice(enum rule_id rule);

#endif
