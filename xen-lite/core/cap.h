/* SPDX-License-Identifier: MIT */
/*
 * A domain's cap: how long it may run in each period, as a budget that running takes from and that
 * a timer fills up again. Numbers only: no clock, no atomics.
 */
#ifndef CORE_CAP_H
#define CORE_CAP_H

#include "lib/types.h"

/* As in Xen. A domain that has nothing left waits so long at most, if it has not overdrawn. */
#define CAP_PERIOD_NS 10000000UL

/* Less than this is not worth dividing. */
#define CAP_SHORTEST_NS 100000UL

/* More is never owed: the machine may have stopped while it ran. */
#define CAP_DEBT_MAX_NS ((int64_t)1000000000)

/* ns that the cap, in percent of one CPU, is in a period. */
static inline uint64_t cap_budget(uint32_t percent)
{
    return percent * (CAP_PERIOD_NS / 100);
}

/* How many periods have begun since the last one, which began before `begin`, the begin of the
 * next: at least 1, as somebody was called for it. */
uint64_t cap_periods(uint64_t begin, uint64_t now);

/* What is left after that many budgets more. What is over a budget is lost; a debt is paid off. */
int64_t cap_refill(int64_t left, uint64_t budget, uint64_t periods);

/* For how many ns one of `vcpus` that may all run may go on: they share what is left. 0: nothing
 * is. */
uint64_t cap_turn(int64_t left, uint32_t vcpus);

#endif
