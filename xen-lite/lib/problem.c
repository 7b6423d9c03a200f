/* SPDX-License-Identifier: MIT */
/*
 * Texts for refused input; see lib/problem.h.
 */
#include "lib/problem.h"

#include <stdarg.h>

#include "lib/format.h"

bool problem_say(struct problem *problem, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    format_va(problem->text, sizeof(problem->text), fmt, args);
    va_end(args);
    return false;
}
