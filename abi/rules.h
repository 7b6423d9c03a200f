/* SPDX-License-Identifier: MIT */
/*
 * Rules as values: RULE_MMU_7 for the entry RULE(MMU, 7, ...) of rules.def.
 */
#ifndef ABI_RULES_H
#define ABI_RULES_H

#include "abi/constants.h"

enum rule_id {
    RULE_NONE = 0, /* nothing is wrong */
#define RULE(family, number, errno_value, sentence, advice) RULE_##family##_##number,
#include "abi/rules.def"
    RULE_COUNT, /* rules plus one: the size of a table indexed by rule_id */
};

/* What rules.def says about one rule. */
struct abi_rule {
    const char *name; /* "MMU-7" */
    int errno_value;  /* positive XEN_E..., or 0 */
    const char *sentence;
    const char *advice;
};

#endif
