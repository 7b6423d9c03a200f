/* SPDX-License-Identifier: MIT */
/*
 * Division of 64-bit numbers on a 32-bit machine: the functions that the compiler calls for it.
 * They are part of its own library, which is not there for this width on every machine.
 */
#include <stdint.h>

/* The compiler knows their names; no source of ours calls them. */
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *rest);
uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);
int64_t __divdi3(int64_t dividend, int64_t divisor);
int64_t __moddi3(int64_t dividend, int64_t divisor);

/* As on paper, one binary digit at a time. */
uint64_t __udivmoddi4(uint64_t dividend, uint64_t divisor, uint64_t *rest)
{
    uint64_t quotient = 0;

    *rest = 0;
    for (unsigned i = 64; i-- > 0;) {
        uint64_t carry = *rest >> 63;

        *rest = *rest << 1 | (dividend >> i & 1);
        if (carry || *rest >= divisor) {
            *rest -= divisor;
            quotient |= 1ull << i;
        }
    }
    return quotient;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor)
{
    uint64_t rest;

    return __udivmoddi4(dividend, divisor, &rest);
}

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor)
{
    uint64_t rest;

    __udivmoddi4(dividend, divisor, &rest);
    return rest;
}

int64_t __divdi3(int64_t dividend, int64_t divisor)
{
    uint64_t rest, quotient = __udivmoddi4(magnitude(dividend), magnitude(divisor), &rest);

    return (int64_t)((dividend < 0) != (divisor < 0) ? -quotient : quotient);
}

/* The rest has the dividend's sign. */
int64_t __moddi3(int64_t dividend, int64_t divisor)
{
    uint64_t rest;

    __udivmoddi4(magnitude(dividend), magnitude(divisor), &rest);
    return (int64_t)(dividend < 0 ? -rest : rest);
}
