/* SPDX-License-Identifier: MIT */
/* uname [-a] [-s] [-n] [-r] [-v] [-m]: the names of system, node, release, version, machine. */
#include <sys/utsname.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    struct utsname names;
    const struct {
        char option;
        const char *text;
    } all[] = {
        { 's', names.sysname }, { 'n', names.nodename }, { 'r', names.release },
        { 'v', names.version }, { 'm', names.machine },
    };
    unsigned wanted = 0;
    const char *blank = "";
    int option;

    tool_begin(count, words, "uname", "[-a] [-s] [-n] [-r] [-v] [-m]");
    if (uname(&names) == -1)
        return complain("uname");
    while ((option = getopt(count, words, "asnrvm")) != -1) {
        if (option == '?')
            return usage();
        for (int i = 0; i < 5; i++)
            if (option == 'a' || option == all[i].option)
                wanted |= 1u << i;
    }
    for (int i = 0; i < 5; i++)
        if ((wanted == 0 ? 1u : wanted) & 1u << i) {
            printf("%s%s", blank, all[i].text);
            blank = " ";
        }
    putchar('\n');
    return 0;
}
