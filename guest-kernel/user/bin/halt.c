/* SPDX-License-Identifier: MIT */
/* halt [-r]: powers the machine off; -r: starts it again. */
#include <string.h>
#include <sys/reboot.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    tool_begin(count, words, "halt", "[-r]");
    if (count > 2 || (count == 2 && strcmp(words[1], "-r") != 0))
        return usage();
    reboot(count == 2 ? RB_AUTOBOOT : RB_POWER_OFF);
    return complain("reboot");
}
