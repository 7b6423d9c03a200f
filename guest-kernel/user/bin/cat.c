/* SPDX-License-Identifier: MIT */
/* cat [FILE...]: writes the files one after the other. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

int main(int count, char *words[])
{
    int status = 0;

    tool_begin(count, words, "cat", "[FILE...]");
    no_options(count, words);
    if (optind == count && copy_bytes(0, 1) == -1)
        status = complain("input");
    for (int i = optind; i < count; i++) {
        int file = strcmp(words[i], "-") == 0 ? 0 : open(words[i], O_RDONLY);

        if (file == -1 || copy_bytes(file, 1) == -1)
            status = complain(words[i]);
        if (file > 0)
            close(file);
    }
    return status;
}
