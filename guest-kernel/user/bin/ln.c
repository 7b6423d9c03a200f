/* SPDX-License-Identifier: MIT */
/* ln FILE NAME: gives a file a second name. */
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    tool_begin(count, words, "ln", "FILE NAME");
    no_options(count, words);
    if (count - optind != 2)
        return usage();
    if (access(words[optind], F_OK) == -1)
        return complain(words[optind]);
    return link(words[optind], words[optind + 1]) == 0 ? 0 : complain(words[optind + 1]);
}
