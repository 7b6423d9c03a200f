/* SPDX-License-Identifier: MIT */
/* cp FILE TARGET, or cp FILE... DIRECTORY: copies files. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/lib/tool.h"

static int copy_file(const char *from, const char *to)
{
    struct stat facts, target;
    int in = open(from, O_RDONLY), out, status = 0;

    if (in == -1 || fstat(in, &facts) == -1)
        return complain(from);
    if (S_ISDIR(facts.st_mode)) {
        errno = EISDIR;
        return complain(from);
    }
    if (stat(to, &target) == 0 && target.st_ino == facts.st_ino && target.st_dev == facts.st_dev) {
        errno = EEXIST;
        return complain(to);
    }
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC, facts.st_mode & 0777);
    if (out == -1)
        return complain(to);
    if (copy_bytes(in, out) == -1)
        status = complain(to);
    close(in);
    close(out);
    return status;
}

int main(int count, char *words[])
{
    const char *target = words[count - 1];
    struct stat facts;
    char path[PATH_MAX];
    int status = 0;

    tool_name = "cp";
    if (count < 3)
        return usage("FILE TARGET, or FILE... DIRECTORY");
    if (stat(target, &facts) == -1 || !S_ISDIR(facts.st_mode))
        return count == 3 ? copy_file(words[1], target) : usage("FILE... DIRECTORY");
    for (int i = 1; i < count - 1; i++)
        if (join_path(path, sizeof(path), target, last_part(words[i])))
            status |= copy_file(words[i], path);
    return status;
}
