/* SPDX-License-Identifier: MIT */
/* touch FILE...: makes files that are not there. */
#include <fcntl.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    int status = 0;

    tool_begin(count, words, "touch", "FILE...");
    no_options(count, words);
    if (optind == count)
        return usage();
    for (int i = optind; i < count; i++) {
        int file = open(words[i], O_WRONLY | O_CREAT, 0666);

        if (file == -1)
            status = complain(words[i]);
        else
            close(file);
    }
    return status;
}
