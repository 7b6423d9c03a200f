/* SPDX-License-Identifier: MIT */
/* find [PATH...] [-name PATTERN] [-type f|d]: all that is below the paths. */
#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "user/lib/tool.h"

static const char *pattern;
static char type;

/* * is any characters, ? any one. */
static bool matches(const char *p, const char *name)
{
    if (*p == '*')
        return matches(p + 1, name) || (*name != '\0' && matches(p, name + 1));
    if (*p == '\0' || *name == '\0')
        return *p == *name;
    return (*p == '?' || *p == *name) && matches(p + 1, name + 1);
}

static int walk(const char *path)
{
    char below[PATH_MAX];
    struct dirent *entry;
    struct stat facts;
    DIR *directory;
    int status = 0;
    bool is_directory;

    if (stat(path, &facts) == -1)
        return complain(path);
    is_directory = S_ISDIR(facts.st_mode);
    if ((pattern == NULL || matches(pattern, last_part(path))) &&
        (type == '\0' || (type == 'd') == is_directory))
        puts(path);
    if (!is_directory)
        return 0;
    directory = opendir(path);
    if (directory == NULL)
        return complain(path);
    while ((entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            join_path(below, sizeof(below), path, entry->d_name))
            status |= walk(below);
    closedir(directory);
    return status;
}

int main(int count, char *words[])
{
    int paths = 1, status = 0;

    tool_begin(count, words, "find", "[PATH...] [-name PATTERN] [-type f|d]");
    while (paths < count && words[paths][0] != '-')
        paths++;
    for (int i = paths; i < count; i += 2) {
        if (i + 1 == count)
            return usage();
        if (strcmp(words[i], "-name") == 0)
            pattern = words[i + 1];
        else if (strcmp(words[i], "-type") == 0 &&
                 (strcmp(words[i + 1], "f") == 0 || strcmp(words[i + 1], "d") == 0))
            type = words[i + 1][0];
        else
            return usage();
    }
    if (paths == 1)
        return walk(".");
    for (int i = 1; i < paths; i++)
        status |= walk(words[i]);
    return status;
}
