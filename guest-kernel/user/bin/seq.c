/* SPDX-License-Identifier: MIT */
/* seq [FIRST [STEP]] LAST: numbers, one a line. */
#include <stdlib.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    long first, step, last;

    tool_begin(count, words, "seq", "[FIRST [STEP]] LAST");
    if (count < 2 || count > 4)
        return usage();
    last = number_of(words[count - 1]);
    first = count > 2 ? number_of(words[1]) : 1;
    step = count > 3 ? number_of(words[2]) : 1;
    if (step == 0)
        return complain_of(words[2], "a step of nothing") + 1;
    while (step > 0 ? first <= last : first >= last)
        if (printf("%ld\n", first) < 0 || __builtin_add_overflow(first, step, &first))
            break;
    return 0;
}
