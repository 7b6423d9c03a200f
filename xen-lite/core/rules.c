/* SPDX-License-Identifier: MIT */
/*
 * The rule book as a table, made from abi/rules.def.
 */
#include "core/rules.h"

static const struct abi_rule rules[RULE_COUNT] = {
    [RULE_NONE] = { "none", 0, "", "" },
#define RULE(family, number, errno_value, sentence, advice) \
    [RULE_##family##_##number] = { #family "-" #number, errno_value, sentence, advice },
#include "abi/rules.def"
};

const short rule_errnos[RULE_COUNT] = {
#define RULE(family, number, errno_value, sentence, advice) \
    [RULE_##family##_##number] = -(errno_value),
#include "abi/rules.def"
};

/* A value that is no rule would be our own error; it must not make the message about it worse. */
static const struct abi_rule *rule_find(enum rule_id rule)
{
    return &rules[(unsigned int)rule < RULE_COUNT ? rule : RULE_NONE];
}

const char *rule_name(enum rule_id rule)
{
    return rule_find(rule)->name;
}

const char *rule_sentence(enum rule_id rule)
{
    return rule_find(rule)->sentence;
}

const char *rule_advice(enum rule_id rule)
{
    return rule_find(rule)->advice;
}
