/* SPDX-License-Identifier: MIT */
/*
 * $((...)): integers, names of variables, + - * / %, comparisons, ! && || (all 1 or 0), brackets.
 * Operators stand in levels; each level takes its operands from the next.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

static const char *at;
static bool failed;

/* Two-character operators before those that they begin with. */
static const char *const levels[][7] = {
    { "||", NULL },     { "&&", NULL },          { "==", "!=", "<=", ">=", "<", ">", NULL },
    { "+", "-", NULL }, { "*", "/", "%", NULL },
};
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

static long value_of(size_t level);

static long fail(const char *why)
{
    if (!failed)
        fprintf(stderr, "sh: arithmetic: %s, at '%s'\n", why, at);
    failed = true;
    return 0;
}

static long operand(void)
{
    const char *begin;
    const char *value;
    long number;
    char *end;

    at += strspn(at, " \t\n");
    if (*at == '-' || *at == '+' || *at == '!') {
        char sign = *at++;

        number = operand();
        return sign == '-' ? (long)-(unsigned long)number : sign == '+' ? number : !number;
    }
    if (*at == '(') {
        at++;
        number = value_of(0);
        if (*at != ')')
            return fail("a bracket is not closed");
        at++;
    } else if (isalpha((unsigned char)*at) || *at == '_') {
        begin = at;
        at += strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        value = variable(begin, at - begin);
        number = value != NULL ? strtol(value, NULL, 0) : 0;
    } else {
        number = strtol(at, &end, 0);
        if (end == at)
            return fail("a number is missing");
        at = end;
    }
    at += strspn(at, " \t\n");
    return number;
}

static long apply(const char *sign, long a, long b)
{
    switch (sign[0]) {
    case '|': return a || b;
    case '&': return a && b;
    case '+': return (unsigned long)a + b;
    case '-': return (unsigned long)a - b;
    case '*': return (unsigned long)a * b;
    case '/':
    case '%':
        if (b == 0)
            return fail("division by zero");
        if (b == -1) /* the least number by -1 is a fault of the processor */
            return sign[0] == '/' ? -(unsigned long)a : 0;
        return sign[0] == '/' ? a / b : a % b;
    case '=': return a == b;
    case '!': return a != b;
    case '<': return sign[1] == '=' ? a <= b : a < b;
    default: return sign[1] == '=' ? a >= b : a > b;
    }
}

static const char *operator_of(size_t level)
{
    for (size_t i = 0; levels[level][i] != NULL; i++) {
        const char *sign = levels[level][i];

        if (strncmp(at, sign, strlen(sign)) == 0) {
            at += strlen(sign);
            return sign;
        }
    }
    return NULL;
}

static long value_of(size_t level)
{
    const char *sign;
    long value;

    if (level == LEVELS)
        return operand();
    value = value_of(level + 1);
    while (!failed && (sign = operator_of(level)) != NULL)
        value = apply(sign, value, value_of(level + 1));
    return value;
}

long arithmetic(const char *text)
{
    long value;

    at = text;
    failed = false;
    value = value_of(0);
    if (*at != '\0')
        fail("something is left over");
    return failed ? 0 : value;
}
