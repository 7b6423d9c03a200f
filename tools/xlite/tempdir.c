/* SPDX-License-Identifier: MIT */
/*
 * The run's private directory. It is flat (no sub-directories), so removal is one loop.
 *
 * A SIGKILL leaves no chance to clean up; therefore the console pump removes the directory as soon
 * as QEMU shows that it runs (it holds its files open by then), and exit() only finishes what is
 * left.
 */
#include "tempdir.h"

#include "report.h"
#include "words.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *tempdir;
static bool tempdir_exists;

/* $TMPDIR counts only if it is an absolute path: QEMU and the tools get these names, too. */
static void tempdir_name(void)
{
    const char *base = getenv("TMPDIR");

    if (tempdir == NULL) {
        tempdir = text_format("%s/xlite-XXXXXX", base != NULL && *base == '/' ? base : "/tmp");
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
