/* SPDX-License-Identifier: MIT */
/* date [+FORMAT]: the time, as strftime writes it; there is only UTC. */
#include <time.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    const char *format =
        count > 1 && words[1][0] == '+' ? words[1] + 1 : "%a %b %e %H:%M:%S UTC %Y";
    time_t now = time(NULL);
    char text[256];

    tool_name = "date";
    if (strftime(text, sizeof(text), format, gmtime(&now)) == 0 && format[0] != '\0')
        return usage("[+FORMAT]");
    puts(text);
    return 0;
}
