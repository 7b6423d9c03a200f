/* SPDX-License-Identifier: MIT */
/* free: memory in KiB. */
#include "user/lib/proc.h"
#include "user/lib/tool.h"

int main(int count, char *words[])
{
    unsigned long total, unused;

    tool_begin(count, words, "free", "");
    no_operands(count, words);
    proc_memory(&total, &unused);
    printf("total %lu KiB, used %lu KiB, free %lu KiB\n", total, total - unused, unused);
    return 0;
}
