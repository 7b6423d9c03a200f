/* SPDX-License-Identifier: MIT */
/*
 * The run's private directory. It is flat (no sub-directories), so removal is one loop.
 *
 * A SIGKILL leaves no chance to clean up. Therefore QEMU gets its files as open descriptors, and
 * the directory is gone before QEMU starts: the files live as long as QEMU does, and nobody has to
 * remove them.
 */
#include "tempdir.h"

#include "report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *tempdir;
static bool tempdir_exists;

/* $TMPDIR counts only if it is an absolute path, because QEMU and the tools get these names, too,
 * and if it needs no quoting in QEMU's options. */
static void tempdir_name(void)
{
    const char *base = getenv("TMPDIR");

    if (tempdir == NULL) {
        bool usable = base != NULL && *base == '/' && strpbrk(base, ", ") == NULL;

        tempdir = text_format("%s/xlite-XXXXXX", usable ? base : "/tmp");
    }
}

void tempdir_create(void)
{
    tempdir_name();
    if (mkdtemp(tempdir) == NULL) {
        fail("cannot make a temporary directory %s: %s", tempdir, strerror(errno));
    }
    tempdir_exists = true;
    atexit(tempdir_remove);
}

char *tempdir_path(const char *name)
{
    tempdir_name();
    return text_format("%s/%s", tempdir, name);
}

/* Opens a file of the directory for a child: not close-on-exec, and out of the way of the
 * descriptors that child_start() gives out. */
static int open_for_child(const char *path)
{
    int low = open(path, O_RDWR | O_CLOEXEC);
    int fd = low >= 0 ? fcntl(low, F_DUPFD, 10) : -1;

    if (fd < 0) {
        fail("%s: %s", path, strerror(errno));
    }
    close(low);
    return fd;
}

void tempdir_hand_over(struct words *words)
{
    DIR *directory = opendir(tempdir);
    struct dirent *entry;

    if (directory == NULL) {
        fail("%s: %s", tempdir, strerror(errno));
    }
    while ((entry = readdir(directory)) != NULL) {
        char *path = tempdir_path(entry->d_name);

        if (words_contain(words, path)) {
            words_replace(words, path, text_format("/dev/fd/%d", open_for_child(path)));
        }
        free(path);
    }
    closedir(directory);
    tempdir_remove();
}

void tempdir_remove(void)
{
    DIR *directory;
    struct dirent *entry;

    if (!tempdir_exists) {
        return;
    }
    tempdir_exists = false;
    directory = opendir(tempdir);
    if (directory == NULL) {
        return;
    }
    while ((entry = readdir(directory)) != NULL) {
        /* "." and ".." fail here, which is fine. */
        unlinkat(dirfd(directory), entry->d_name, 0);
    }
    closedir(directory);
    rmdir(tempdir);
}
