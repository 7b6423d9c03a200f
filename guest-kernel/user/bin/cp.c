/* SPDX-License-Identifier: MIT */
/* cp [-r] FILE TARGET, or cp [-r] FILE... DIRECTORY: copies files; with -r directories with all
 * that is in them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool recursive;

static int copy_any(const char *from, const char *to);

static int copy_open_file(int in, const char *from, const char *to, mode_t mode)
{
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode), status = 0;

    if (out == -1)
        return complain(to);
    if (copy_bytes(in, out) == -1)
        status = complain(from);
    close(out);
    return status;
}

static int copy_file(const char *from, const char *to, mode_t mode)
{
    int in = open(from, O_RDONLY), status;

    if (in == -1)
        return complain(from);
    status = copy_open_file(in, from, to, mode);
    close(in);
    return status;
}

/* Whether path, or a directory above it, is the directory: such a copy would have no end. */
static bool is_within(const char *path, const struct stat *directory)
{
    char above[PATH_MAX];
    struct stat facts;
    ino_t last = 0;

    if (strlen(path) + 4 > sizeof(above))
        return false; /* nor can it be made */
    strcpy(above, path);
    if (stat(above, &facts) == -1) { /* it will be made in this one */
        char *slash = strrchr(above, '/');

        strcpy(slash == NULL ? above : slash, slash == NULL ? "." : "/.");
    }
    while (stat(above, &facts) == 0 && facts.st_ino != last) {
        if (facts.st_ino == directory->st_ino)
            return true;
        last = facts.st_ino;
        if (strlen(above) + 4 > sizeof(above))
            return true;
        strcat(above, "/..");
    }
    return false;
}

static int copy_directory(const char *from, const char *to)
{
    char source[PATH_MAX], target[PATH_MAX];
    DIR *directory = opendir(from);
    struct dirent *entry;
    int status = 0;

    if (directory == NULL)
        return complain(from);
    if (mkdir(to, 0777) == -1 && errno != EEXIST)
        status = complain(to);
    while (status == 0 && (entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (join_path(source, sizeof(source), from, entry->d_name) &&
            join_path(target, sizeof(target), to, entry->d_name))
            status |= copy_any(source, target);
        else
            status = 1;
    }
    closedir(directory);
    return status;
}

static int copy_any(const char *from, const char *to)
{
    struct stat facts, target;

    if (stat(from, &facts) == -1)
        return complain(from);
    if (stat(to, &target) == 0 && target.st_ino == facts.st_ino)
        return complain_of(to, "is the same file");
    if (!S_ISDIR(facts.st_mode))
        return copy_file(from, to, facts.st_mode & 0777);
    if (!recursive)
        return complain_of(from, "is a directory (cp -r copies it)");
    if (is_within(to, &facts))
        return complain_of(to, "is inside of what is copied");
    return copy_directory(from, to);
}

int main(int count, char *words[])
{
    const char *target = words[count - 1];
    struct stat facts;
    char path[PATH_MAX];
    int status = 0, option;

    tool_begin(count, words, "cp", "[-r] FILE TARGET, or [-r] FILE... DIRECTORY");
    while ((option = getopt(count, words, "r")) != -1) {
        if (option == '?')
            return usage();
        recursive = true;
    }
    if (count - optind < 2)
        return usage();
    if (stat(target, &facts) == -1 || !S_ISDIR(facts.st_mode)) {
        if (count - optind > 2)
            return complain_of(target, "is not a directory");
        return copy_any(words[optind], target);
    }
    for (int i = optind; i < count - 1; i++)
        status |= join_path(path, sizeof(path), target, last_part(words[i]))
                      ? copy_any(words[i], path)
                      : 1;
    return status;
}
