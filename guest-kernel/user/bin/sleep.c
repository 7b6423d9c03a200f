/* SPDX-License-Identifier: MIT */
/* sleep SECONDS: fractions are understood: sleep 0.5 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    struct timespec left = { 0, 0 };
    const char *point;
    long digit = 100000000;

    tool_begin(count, words, "sleep", "SECONDS");
    if (count != 2)
        return usage();
    if (words[1][strspn(words[1], "0123456789.")] != '\0' || words[1][0] == '\0')
        return complain_of(words[1], "not a number of seconds") + 1;
    left.tv_sec = atol(words[1]);
    point = strchr(words[1], '.');
    for (const char *c = point; c != NULL && c[1] >= '0' && c[1] <= '9'; c++, digit /= 10)
        left.tv_nsec += (c[1] - '0') * digit;
    while (nanosleep(&left, &left) == -1)
        if (errno != EINTR)
            return complain("nanosleep");
    return 0;
}
