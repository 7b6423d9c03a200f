/* SPDX-License-Identifier: MIT */
/* mkdir [-p] DIRECTORY...: makes directories; with -p those above them as well. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

/* Leaves errno alone: it is why mkdir failed. */
static bool is_directory(const char *path)
{
    int saved = errno;
    struct stat facts;
    bool found = stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);

    errno = saved;
    return found;
}

int main(int count, char *words[])
{
    int status = 0, option;
    bool parents = false;

    tool_begin(count, words, "mkdir", "[-p] DIRECTORY...");
    while ((option = getopt(count, words, "p")) != -1) {
        if (option == '?')
            return usage();
        parents = true;
    }
    if (optind == count)
        return usage();
    for (int i = optind; i < count; i++) {
        if (parents)
            make_parents(words[i]);
        if (mkdir(words[i], 0777) == -1 && !(parents && errno == EEXIST && is_directory(words[i])))
            status = complain(words[i]);
    }
    return status;
}
