/* SPDX-License-Identifier: MIT */
/* ln FILE NAME: gives a file a second name. */
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    tool_name = "ln";
    if (count != 3)
        return usage("FILE NAME");
    return link(words[1], words[2]) == 0 ? 0 : complain(words[2]);
}
