/* SPDX-License-Identifier: MIT */
/* kill [-SIGNAL] PID...: sends a signal, given by number or name; -l lists them. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "user/lib/signal_names.h"
#include "user/lib/tool.h"

int main(int count, char *words[])
{
    int number = SIGTERM, first = 1, status = 0;

    tool_begin(count, words, "kill", "[-SIGNAL] PID..., or -l");
    if (count > 1 && strcmp(words[1], "-l") == 0) {
        signal_list();
        return 0;
    }
    if (count > 1 && words[1][0] == '-')
        number = signal_number(words[first++] + 1);
    if (number == -1 || first == count)
        return usage();
    for (int i = first; i < count; i++)
        if (kill(number_of(words[i]), number) == -1)
            status = complain(words[i]);
    return status;
}
