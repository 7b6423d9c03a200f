/* SPDX-License-Identifier: MIT */
/*
 * Patterns of file names: * any characters, ? any one, [a-z] one of these. They never match a
 * slash, nor the dot that a hidden file's name begins with.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sh.h"

/* Whether c is one of the set that begins after "["; *after: behind its "]". NULL there: no set. */
static bool in_set(const char *set, char c, const char **after)
{
    bool negated = *set == '!', found = false;

    set += negated;
    do {
        if (*set == '\0') {
            *after = NULL;
            return false;
        }
        if (set[1] == '-' && set[2] != ']' && set[2] != '\0') {
            found = found || (set[0] <= c && c <= set[2]);
            set += 3;
        } else {
            found = found || *set == c;
            set++;
        }
    } while (*set != ']');
    *after = set + 1;
    return found != negated;
}

static bool matches(const char *pattern, const char *name)
{
    for (; *pattern != '\0'; name++) {
        const char *after = NULL;

        if (*pattern == '*') {
            while (!matches(pattern + 1, name))
                if (*name++ == '\0')
                    return false;
            return true;
        }
        if (*name == '\0')
            return false;
        if (*pattern == '[' && !in_set(pattern + 1, *name, &after) && after != NULL)
            return false;
        if (after != NULL) {
            pattern = after;
            continue;
        }
        if (*pattern == QUOTED)
            pattern++;
        else if (*pattern == '?') {
            pattern++;
            continue;
        }
        if (*pattern++ != *name)
            return false;
    }
    return *name == '\0';
}

char *without_marks(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++)
        if (*from != QUOTED)
            *to++ = *from;
    *to = '\0';
    return text;
}

/* Whether there is a character in the first length ones of text that makes it a pattern. */
static bool is_pattern(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == QUOTED)
            i++;
        else if (text[i] == '*' || text[i] == '?' || text[i] == '[')
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The sorted names in directory that match pattern. */
static size_t names_in(const char *directory, const char *pattern, char ***names)
{
    DIR *dir = opendir(directory[0] != '\0' ? directory : ".");
    struct dirent *entry;
    size_t count = 0, room = 0;

    *names = NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if ((entry->d_name[0] == '.' && pattern[0] != '.') || !matches(pattern, entry->d_name))
            continue;
        if (count == room) {
            room = room * 2 + 16;
            *names = arena_larger(*names, count * sizeof(char *), room * sizeof(char *));
        }
        (*names)[count++] = arena_string(entry->d_name, strlen(entry->d_name));
    }
    if (dir != NULL)
        closedir(dir);
    if (count > 1)
        qsort(*names, count, sizeof(char *), by_name);
    return count;
}

struct walk {
    void (*found)(void *context, char *path);
    void *context;
    size_t count;
};

/* Goes on from the path so far with the rest of the pattern, one part after the other. */
static void walk(struct walk *w, const char *path, const char *pattern)
{
    size_t length = strspn(pattern, "/");
    char *part, *next, **names;
    struct stat facts;
    size_t count;

    if (length > 0) {
        next = arena_take(strlen(path) + length + 1);
        sprintf(next, "%s%.*s", path, (int)length, pattern);
        path = next;
        pattern += length;
    }
    if (*pattern == '\0') {
        if (stat(path, &facts) == 0) {
            w->found(w->context, (char *)path);
            w->count++;
        }
        return;
    }
    length = strcspn(pattern, "/");
    part = arena_string(pattern, length);
    if (is_pattern(part, length)) {
        count = names_in(path, part, &names);
    } else {
        names = arena_take(sizeof(char *));
        names[0] = without_marks(part);
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        next = arena_take(strlen(path) + strlen(names[i]) + 1);
        sprintf(next, "%s%s", path, names[i]);
        walk(w, next, pattern + length);
    }
}

size_t glob_paths(const char *pattern, void (*found)(void *context, char *path), void *context)
{
    struct walk w = { found, context, 0 };

    if (is_pattern(pattern, strlen(pattern)))
        walk(&w, "", pattern);
    return w.count;
}
