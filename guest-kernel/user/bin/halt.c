/* SPDX-License-Identifier: MIT */
/* halt [-r]: powers the machine off; -r: starts it again. */
#include <string.h>
#include <sys/reboot.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    tool_name = "halt";
    reboot(count > 1 && strcmp(words[1], "-r") == 0 ? RB_AUTOBOOT : RB_POWER_OFF);
    return complain("reboot");
}
