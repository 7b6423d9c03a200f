/* SPDX-License-Identifier: MIT */
/*
 * Budgets of capped domains; see core/cap.h.
 */
#include "core/cap.h"

uint64_t cap_periods(uint64_t begin, uint64_t now)
{
    return now < begin ? 1 : (now - begin) / CAP_PERIOD_NS + 1;
}

/* After so many periods even the smallest budget has paid the largest debt. */
#define PERIODS_MAX ((uint64_t)CAP_DEBT_MAX_NS / (CAP_PERIOD_NS / 100) + 1)

int64_t cap_refill(int64_t left, uint64_t budget, uint64_t periods)
{
    int64_t most = (int64_t)budget;

    left = max(left, -CAP_DEBT_MAX_NS) + most * (int64_t)min(periods, PERIODS_MAX);
    return min(left, most);
}

uint64_t cap_turn(int64_t left, uint32_t vcpus)
{
    return left <= 0 ? 0 : min((uint64_t)left, max((uint64_t)left / vcpus, CAP_SHORTEST_NS));
}
