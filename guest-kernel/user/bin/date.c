/* SPDX-License-Identifier: MIT */
/* date [-u] [+FORMAT]: the time, as strftime writes it; there is only UTC. */
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    const char *format = "%a %b %e %H:%M:%S UTC %Y";
    time_t now = time(NULL);
    char text[256];
    int option;

    tool_begin(count, words, "date", "[-u] [+FORMAT]");
    while ((option = getopt(count, words, "u")) != -1)
        if (option == '?')
            return usage();
    if (optind < count && (optind + 1 < count || words[optind][0] != '+'))
        return usage();
    if (optind < count)
        format = words[optind] + 1;
    if (strftime(text, sizeof(text), format, gmtime(&now)) == 0 && format[0] != '\0')
        return complain_of(format, "more than 255 characters");
    puts(text);
    return 0;
}
