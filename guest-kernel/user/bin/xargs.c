/* SPDX-License-Identifier: MIT */
/* xargs COMMAND [WORD...]: runs the command with the words of the input behind its own. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

#define WORDS 512

int main(int count, char *words[])
{
    char *all[WORDS + 1], *line, *word;
    int total = count - 1;

    tool_begin(count, words, "xargs", "COMMAND [WORD...]");
    if (count < 2 || count > WORDS / 2)
        return usage();
    memcpy(all, words + 1, total * sizeof(char *));
    while ((line = next_line(stdin)) != NULL)
        for (word = strtok(strdup(line), " \t"); word != NULL; word = strtok(NULL, " \t")) {
            if (total == WORDS)
                return complain_of(word, "is a word too many");
            all[total++] = word;
        }
    all[total] = NULL;
    execvp(all[0], all);
    return complain(all[0]);
}
