/* SPDX-License-Identifier: MIT */
/* free: memory in KiB. */
#include "user/lib/proc.h"
#include "user/lib/tool.h"

int main(void)
{
    unsigned long total, unused;

    tool_name = "free";
    proc_memory(&total, &unused);
    printf("total %lu KiB, used %lu KiB, free %lu KiB\n", total, total - unused, unused);
    return 0;
}
