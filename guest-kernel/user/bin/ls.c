/* SPDX-License-Identifier: MIT */
/* ls [-l] [-a] [-d] [FILE...]: lists directories and files, by name; with -l kind, links, size and
 * time; with -a also those whose name begins with a dot; with -d directories like files. */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "user/lib/tool.h"

static bool with_details, with_hidden, as_files;

static char kind_of(mode_t mode)
{
    return S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : S_ISFIFO(mode) ? 'p' : '-';
}

static int show(const char *path, const char *name)
{
    struct stat facts;
    char when[20];
    time_t modified;

    if (!with_details) {
        puts(name);
        return 0;
    }
    if (stat(path, &facts) == -1)
        return complain(path);
    modified = facts.st_mtime;
    strftime(when, sizeof(when), "%Y-%m-%d %H:%M", gmtime(&modified));
    printf("%c%s %3d %8ld %s %s\n", kind_of(facts.st_mode), facts.st_mode & 0111 ? "rwx" : "rw-",
           (int)facts.st_nlink, (long)facts.st_size, when, name);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a directory; how many. */
static size_t names_in(DIR *directory, char ***names)
{
    size_t count = 0;
    struct dirent *entry;

    *names = NULL;
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] == '.' && !with_hidden)
            continue;
        *names = realloc(*names, (count + 1) * sizeof(char *));
        if (*names == NULL || ((*names)[count] = strdup(entry->d_name)) == NULL)
            exit(complain("names"));
        count++;
    }
    if (count > 1)
        qsort(*names, count, sizeof(char *), by_name);
    return count;
}

static int list(const char *path)
{
    DIR *directory = opendir(path);
    char **names, below[PATH_MAX];
    size_t count;
    int status = 0;

    if (directory == NULL)
        return complain(path);
    count = names_in(directory, &names);
    closedir(directory);
    for (size_t i = 0; i < count; i++)
        status |= join_path(below, sizeof(below), path, names[i]) ? show(below, names[i]) : 1;
    return status;
}

int main(int count, char *words[])
{
    int option, status = 0;
    struct stat facts;

    tool_begin(count, words, "ls", "[-l] [-a] [-d] [FILE...]");
    while ((option = getopt(count, words, "lad1")) != -1) {
        with_details = with_details || option == 'l';
        with_hidden = with_hidden || option == 'a';
        as_files = as_files || option == 'd';
        if (option == '?')
            return usage();
    }
    if (optind == count)
        return as_files ? show(".", ".") : list(".");
    for (int i = optind; i < count; i++) {
        if (stat(words[i], &facts) == -1)
            status = complain(words[i]);
        else if (as_files || !S_ISDIR(facts.st_mode))
            status |= show(words[i], words[i]);
    }
    for (int i = optind; i < count; i++) {
        if (as_files || stat(words[i], &facts) == -1 || !S_ISDIR(facts.st_mode))
            continue;
        if (count - optind > 1)
            printf("%s:\n", words[i]);
        status |= list(words[i]);
    }
    return status;
}
