/* SPDX-License-Identifier: MIT */
/* chmod MODE FILE...: MODE is octal, or like +x, u-w: what counts is whether a file may be run. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "user/lib/tool.h"

/* The bits of [ugoa]*(+|-)[rwx]* for all three; -1: that is no such mode. There is one user, so
 * whose bits they are makes no difference. */
static int change_of(const char *mode, bool *adds)
{
    static const char letters[] = "xwr";
    int bits = 0;

    mode += strspn(mode, "ugoa");
    if (*mode != '+' && *mode != '-')
        return -1;
    *adds = *mode++ == '+';
    for (; *mode != '\0'; mode++) {
        const char *letter = strchr(letters, *mode);

        if (letter == NULL)
            return -1;
        bits |= 0111 << (letter - letters);
    }
    return bits;
}

static int change(const char *mode, const char *path)
{
    struct stat facts;
    bool adds;
    int bits;

    if (isdigit((unsigned char)mode[0]))
        return chmod(path, strtoul(mode, NULL, 8));
    bits = change_of(mode, &adds);
    if (stat(path, &facts) == -1)
        return -1;
    return chmod(path, (adds ? facts.st_mode | bits : facts.st_mode & ~bits) & 0777);
}

int main(int count, char *words[])
{
    int status = 0;
    bool adds;

    tool_begin(count, words, "chmod", "MODE FILE...: MODE is octal, or like +x");
    if (count < 3)
        return usage();
    if (words[1][strspn(words[1], "01234567")] != '\0' && change_of(words[1], &adds) == -1)
        return complain_of(words[1], "not a mode: octal, or like +x") + 1;
    for (int i = 2; i < count; i++)
        if (change(words[1], words[i]) == -1)
            status = complain(words[i]);
    return status;
}
