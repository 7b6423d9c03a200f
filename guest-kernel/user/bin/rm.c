/* SPDX-License-Identifier: MIT */
/* rm [-r] [-f] FILE...: removes files; with -r directories with all that is in them; with -f what
 * is not there is no error. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool recursive, force;

static int remove_all(const char *path);

/* Begins anew after each removal: the directory has changed under the reader. */
static int remove_entries(const char *path)
{
    char below[PATH_MAX];
    struct dirent *entry;
    int status = 0;

    do {
        DIR *directory = opendir(path);

        if (directory == NULL)
            return complain(path);
        do
            entry = readdir(directory);
        while (entry != NULL &&
               (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
        if (entry != NULL)
            status = join_path(below, sizeof(below), path, entry->d_name) ? remove_all(below) : 1;
        closedir(directory);
    } while (entry != NULL && status == 0);
    return status;
}

static int remove_all(const char *path)
{
    struct stat facts;

    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        if (!recursive) {
            errno = EISDIR;
            return complain(path);
        }
        if (remove_entries(path) != 0)
            return 1;
        return rmdir(path) == 0 ? 0 : complain(path);
    }
    if (unlink(path) == 0 || (force && errno == ENOENT))
        return 0;
    return complain(path);
}

/* What "rm -r .*" or a variable that is empty would name. */
static bool may_be_removed(const char *path)
{
    const char *name = last_part(path);

    return path[0] == '\0' ||
           (path[strspn(path, "/")] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0);
}

int main(int count, char *words[])
{
    int option, status = 0;

    tool_begin(count, words, "rm", "[-r] [-f] FILE...");
    while ((option = getopt(count, words, "rf")) != -1) {
        recursive = recursive || option == 'r';
        force = force || option == 'f';
        if (option == '?')
            return usage();
    }
    if (optind == count && !force)
        return usage();
    for (int i = optind; i < count; i++)
        status |= may_be_removed(words[i]) ? remove_all(words[i])
                                           : complain_of(words[i], "is never removed");
    return status;
}
