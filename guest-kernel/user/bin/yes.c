/* SPDX-License-Identifier: MIT */
/* yes [TEXT]: writes the text, or y, until nobody reads it. */
#include "user/lib/tool.h"

int main(int count, char *words[])
{
    tool_begin(count, words, "yes", "[TEXT]");
    while (puts(count > 1 ? words[1] : "y") != EOF) {
    }
    return 1; /* why is told at exit: tool.h */
}
