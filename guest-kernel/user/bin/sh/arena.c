/* SPDX-License-Identifier: MIT */
/*
 * Memory for parsed commands and expanded words: pieces in a list, newest first. Whoever needs some
 * for a while remembers the newest piece, and later gives back all that are newer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

struct piece {
    struct piece *older;
};

static struct piece *newest;

void *arena_take(size_t size)
{
    struct piece *piece = calloc(1, sizeof(*piece) + size);

    if (piece == NULL) {
        fprintf(stderr, "sh: out of memory\n");
        exit(2);
    }
    piece->older = newest;
    newest = piece;
    return piece + 1;
}

char *arena_string(const char *text, size_t length)
{
    return memcpy(arena_take(length + 1), text, length);
}

char *arena_join(const char *first, const char *second)
{
    return strcat(strcpy(arena_take(strlen(first) + strlen(second) + 1), first), second);
}

void *arena_larger(const void *old, size_t used, size_t size)
{
    void *larger = arena_take(size);

    return used > 0 ? memcpy(larger, old, used) : larger;
}

void *arena_mark(void)
{
    return newest;
}

void arena_release(void *mark)
{
    while (newest != mark) {
        struct piece *older = newest->older;

        free(newest);
        newest = older;
    }
}
