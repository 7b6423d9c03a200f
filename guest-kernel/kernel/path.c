/* SPDX-License-Identifier: MIT */
/*
 * From a path to a node and back. "." is the directory itself, ".." its parent (the root's is the
 * root); several slashes are one. Symbolic links do not exist, so a walk takes as many steps as
 * the path has parts, of which API_PATH_MAX allows some five hundred.
 *
 * Weak spot: a step looks through the whole directory. Fine for hundreds of files; for thousands,
 * hash the names.
 */
#include "lib/string.h"
#include "kernel/tree.h"

struct entry **directory_slot(struct node *directory, const char *name, size_t length)
{
    struct entry **slot = &directory->directory.entries;

    while (*slot && !(strlen((*slot)->name) == length && !memcmp((*slot)->name, name, length)))
        slot = &(*slot)->next;
    return slot;
}

static bool is_up(const struct place *place)
{
    return place->length == 2 && place->name[0] == '.' && place->name[1] == '.';
}

static bool is_here(const struct place *place)
{
    return place->length == 0 || (place->length == 1 && place->name[0] == '.');
}

bool place_is_special(const struct place *place)
{
    return is_here(place) || is_up(place);
}

struct node *place_node(const struct place *place)
{
    struct entry *entry;

    if (is_here(place))
        return place->directory;
    if (is_up(place))
        return place->directory->directory.parent;
    entry = *directory_slot(place->directory, place->name, place->length);
    return entry ? entry->node : NULL;
}

static const char *skip_slashes(const char *path)
{
    while (*path == '/')
        path++;
    return path;
}

/* ENOENT: the path is empty, or a part of it but the last one is not there. ENOTDIR: a part but the
 * last one is no directory. ENAMETOOLONG: one of its parts. */
long path_place(struct node *from, const char *path, struct place *place)
{
    const char *rest;
    struct node *next;

    if (*path == '\0')
        return -API_ENOENT;
    place->directory = *path == '/' ? node_root() : from;
    for (;;) {
        place->name = skip_slashes(path);
        for (rest = place->name; *rest && *rest != '/'; rest++)
            ;
        place->length = (size_t)(rest - place->name);
        if (place->length > API_NAME_MAX)
            return -API_ENAMETOOLONG;
        place->slash = *rest == '/';
        path = skip_slashes(rest);
        if (*path == '\0')
            return 0;

        next = place_node(place);
        if (!next)
            return -API_ENOENT;
        if (!node_is(next, API_S_DIRECTORY))
            return -API_ENOTDIR;
        place->directory = next;
    }
}

long path_find(struct node *from, const char *path, struct node **node)
{
    struct place place;
    long error = path_place(from, path, &place);

    if (error)
        return error;
    *node = place_node(&place);
    if (!*node)
        return -API_ENOENT;
    return place.slash && !node_is(*node, API_S_DIRECTORY) ? -API_ENOTDIR : 0;
}

/* By its node: the directory itself does not know its name. */
static const char *name_in_parent(const struct node *directory)
{
    const struct entry *entry = directory->directory.parent->directory.entries;

    while (entry->node != directory)
        entry = entry->next;
    return entry->name;
}

/* From the last part to the first, so it is written from the end of the buffer and then moved to
 * its start. */
long path_of(const struct node *directory, char *buffer, size_t size)
{
    size_t at = size, length;
    const char *name;

    if (size < 2)
        return -API_ERANGE;
    buffer[--at] = '\0';
    for (; directory != node_root(); directory = directory->directory.parent) {
        if (!directory->directory.parent)
            return -API_ENOENT;
        name = name_in_parent(directory);
        length = strlen(name);
        if (at < length + 1)
            return -API_ERANGE;
        at -= length;
        memcpy(buffer + at, name, length);
        buffer[--at] = '/';
    }
    if (buffer[at] == '\0')
        buffer[--at] = '/';
    for (size_t i = at; i < size; i++)
        buffer[i - at] = buffer[i];
    return (long)(size - at);
}
