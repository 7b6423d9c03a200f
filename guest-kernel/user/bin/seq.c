/* SPDX-License-Identifier: MIT */
/* seq [FIRST [STEP]] LAST: numbers, one a line. */
#include <stdlib.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    long first, step, last;

    tool_name = "seq";
    if (count < 2 || count > 4)
        return usage("[FIRST [STEP]] LAST");
    last = atol(words[count - 1]);
    first = count > 2 ? atol(words[1]) : 1;
    step = count > 3 ? atol(words[2]) : 1;
    if (step == 0)
        return usage("[FIRST [STEP]] LAST: STEP is not 0");
    for (; step > 0 ? first <= last : first >= last; first += step)
        printf("%ld\n", first);
    return 0;
}
