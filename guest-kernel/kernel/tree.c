/* SPDX-License-Identifier: MIT */
/*
 * Nodes, and their names: making, removing, linking, renaming.
 *
 * Each call finds its places, checks all that could be wrong, and then changes names without a way
 * to fail; all of it with the tree lock, so nobody ever sees half of it.
 */
#include "kernel/tree.h"

#include "kernel/pages.h"
#include "kernel/process.h"
#include "lib/string.h"

#define RESERVE_PART 16 /* of the memory is not for files */

struct lock tree_lock = LOCK(RANK_TREE);

static struct node root = {
    .inode = 1,
    .mode = API_S_DIRECTORY | 0755,
    .links = 1,
    .users = 1,
    .fixed = true,
    .operations = &directory_operations,
    .directory.parent = &root,
};

static uint32_t last_inode = 1;

struct node *node_root(void)
{
    return &root;
}

bool tree_has_room(void)
{
    return pages_free() > pages_in_all() / RESERVE_PART;
}

/* ---- Nodes ---- */

bool node_is(const struct node *node, uint32_t kind)
{
    return (node->mode & MODE_KIND) == kind;
}

uint32_t node_mode(const struct node *node)
{
    return node->mode;
}

void node_stat(const struct node *node, struct api_stat *out)
{
    *out = (struct api_stat){
        .inode = node->inode,
        .mode = node->mode,
        .links = node->links,
        .device = node_is(node, API_S_CHARACTER) ? node->device : 0,
        .size = node->operations == &regular_operations ? node->regular.size : 0,
        .modified = node->modified,
    };
}

void node_share(struct node *node)
{
    lock_take(&tree_lock);
    node->users++;
    lock_release(&tree_lock);
}

static void node_free_if_unused(struct node *node)
{
    if (node->users || node->links)
        return;
    if (node->operations == &regular_operations)
        regular_resize(node, 0);
    heap_put(node);
}

void node_put(struct node *node)
{
    lock_take(&tree_lock);
    node->users--;
    node_free_if_unused(node);
    lock_release(&tree_lock);
}

/* ---- Names ---- */

/* A directory without leave to write keeps its names: /proc, whose files nobody else can make. */
static bool keeps_names(const struct node *directory)
{
    return !(directory->mode & 0200);
}

/* Whether a node of this kind can be made at the place. */
static long check_new(const struct place *place, uint32_t kind)
{
    if (place_node(place))
        return -API_EEXIST;
    if (place_is_special(place) || !place->directory->directory.parent)
        return -API_ENOENT; /* in a directory that was removed */
    if (place->slash && kind != API_S_DIRECTORY)
        return -API_ENOTDIR;
    if (keeps_names(place->directory))
        return -API_EACCES;
    return tree_has_room() ? 0 : -API_ENOSPC;
}

static void entry_append(struct entry *entry, const struct place *place)
{
    struct node *directory = place->directory;

    memcpy(entry->name, place->name, place->length);
    entry->name[place->length] = '\0';
    entry->serial = ++directory->directory.last_serial;
    entry->next = NULL;
    *directory_slot(directory, place->name, place->length) = entry;
    directory->modified = time_since_1970();
    if (node_is(entry->node, API_S_DIRECTORY))
        entry->node->directory.parent = directory;
}

/* Takes the entry that the slot leads to away, and one name from its node. */
static void entry_drop(struct node *directory, struct entry **slot)
{
    struct entry *entry = *slot;
    struct node *node = entry->node;

    *slot = entry->next;
    heap_put(entry);
    directory->modified = time_since_1970();
    node->links--;
    if (node_is(node, API_S_DIRECTORY))
        node->directory.parent = NULL;
    node_free_if_unused(node);
}

/* Gives node another name. -API_ENOSPC. */
static long name_add(const struct place *place, struct node *node)
{
    struct entry *entry = heap_get(sizeof(*entry));

    if (!entry)
        return -API_ENOSPC;
    entry->node = node;
    node->links++;
    entry_append(entry, place);
    return 0;
}

/* A new node with its first name. The caller has checked the place. */
static long node_make(const struct place *place, uint32_t mode,
                      const struct file_operations *operations, struct node **out)
{
    struct node *node = heap_get(sizeof(*node));

    if (!node)
        return -API_ENOSPC;
    node->inode = ++last_inode;
    node->mode = mode;
    node->operations = operations;
    node->modified = time_since_1970();
    if (name_add(place, node)) {
        heap_put(node);
        return -API_ENOSPC;
    }
    *out = node;
    return 0;
}

struct node *tree_add_fixed(const char *path, uint32_t mode,
                            const struct file_operations *operations)
{
    struct node *node = NULL;
    struct place place;

    lock_take(&tree_lock);
    if (path_place(&root, path, &place) == 0 && check_new(&place, mode & MODE_KIND) == 0 &&
        node_make(&place, mode, operations, &node) == 0)
        node->fixed = true;
    lock_release(&tree_lock);
    return node;
}

/* ---- Finding and opening ---- */

long node_find(struct node *from, const char *path, struct node **node)
{
    long error;

    lock_take(&tree_lock);
    error = path_find(from, path, node);
    if (!error)
        (*node)->users++;
    lock_release(&tree_lock);
    return error;
}

static long check_open(const struct node *node, int flags)
{
    bool reads = (flags & API_O_ACCMODE) != API_O_WRONLY;
    bool writes = (flags & API_O_ACCMODE) != API_O_RDONLY || (flags & API_O_TRUNC);

    if (node_is(node, API_S_DIRECTORY))
        return writes ? -API_EISDIR : 0;
    if (flags & API_O_DIRECTORY)
        return -API_ENOTDIR;
    if ((reads && !(node->mode & 0400)) || (writes && !(node->mode & 0200)))
        return -API_EACCES;
    return 0;
}

static long place_open(const struct place *place, int flags, int mode, struct node **node)
{
    long error;

    *node = place_node(place);
    if (!*node && (flags & API_O_CREAT)) {
        error = check_new(place, API_S_REGULAR);
        if (error)
            return error;
        return node_make(place, API_S_REGULAR | 0644 | ((uint32_t)mode & 0111), &regular_operations,
                         node);
    }
    if (!*node)
        return -API_ENOENT;
    if ((flags & API_O_CREAT) && (flags & API_O_EXCL))
        return -API_EEXIST;
    if (place->slash && !node_is(*node, API_S_DIRECTORY))
        return -API_ENOTDIR;
    error = check_open(*node, flags);
    if (!error && (flags & API_O_TRUNC) && (*node)->operations == &regular_operations)
        regular_resize(*node, 0);
    return error;
}

long node_open(struct node *from, const char *path, int flags, int mode, struct node **node)
{
    struct place place;
    long error;

    lock_take(&tree_lock);
    error = path_place(from, path, &place);
    if (!error)
        error = place_open(&place, flags, mode, node);
    if (!error)
        (*node)->users++;
    lock_release(&tree_lock);
    return error;
}

/* ---- Changes ---- */

long tree_make_directory(struct node *from, const char *path)
{
    struct node *node;
    struct place place;
    long error;

    lock_take(&tree_lock);
    error = path_place(from, path, &place);
    if (!error)
        error = check_new(&place, API_S_DIRECTORY);
    if (!error)
        error = node_make(&place, API_S_DIRECTORY | 0755, &directory_operations, &node);
    lock_release(&tree_lock);
    return error;
}

static long check_remove(const struct place *place, bool directory)
{
    const struct node *node = place_node(place);
    bool is_directory = node && node_is(node, API_S_DIRECTORY);

    if (!node)
        return -API_ENOENT;
    if (!directory && is_directory)
        return -API_EISDIR;
    if ((directory || place->slash) && !is_directory)
        return -API_ENOTDIR;
    if (node->fixed)
        return -API_EBUSY;
    if (place_is_special(place))
        return -API_EINVAL;
    if (keeps_names(place->directory))
        return -API_EACCES;
    return is_directory && node->directory.entries ? -API_ENOTEMPTY : 0;
}

long tree_remove(struct node *from, const char *path, bool directory)
{
    struct place place;
    long error;

    lock_take(&tree_lock);
    error = path_place(from, path, &place);
    if (!error)
        error = check_remove(&place, directory);
    if (!error)
        entry_drop(place.directory, directory_slot(place.directory, place.name, place.length));
    lock_release(&tree_lock);
    return error;
}

long tree_link(struct node *from, const char *old, const char *name)
{
    struct node *node = NULL;
    struct place place;
    long error;

    lock_take(&tree_lock);
    error = path_find(from, old, &node);
    if (!error && node_is(node, API_S_DIRECTORY))
        error = -API_EPERM;
    if (!error && node->fixed)
        error = -API_EBUSY;
    if (!error)
        error = path_place(from, name, &place);
    if (!error)
        error = check_new(&place, API_S_REGULAR);
    if (!error)
        error = name_add(&place, node);
    lock_release(&tree_lock);
    return error;
}

long tree_change_mode(struct node *from, const char *path, uint32_t bits)
{
    struct node *node = NULL;
    long error;

    lock_take(&tree_lock);
    error = path_find(from, path, &node);
    if (!error && node->fixed)
        error = -API_EBUSY;
    if (!error)
        node->mode = (node->mode & MODE_KIND) | (bits & MODE_BITS);
    lock_release(&tree_lock);
    return error;
}

/* ---- Renaming ---- */

static bool is_in(const struct node *directory, const struct node *ancestor)
{
    for (; directory && directory != &root; directory = directory->directory.parent) {
        if (directory == ancestor)
            return true;
    }
    return false;
}

/* What would be replaced. It may be an ancestor of what moves, but then it is not empty. */
static long check_replaced(const struct node *node, const struct node *other)
{
    bool is_directory = node_is(node, API_S_DIRECTORY);

    if (other->fixed)
        return -API_EBUSY;
    if (node_is(other, API_S_DIRECTORY) != is_directory)
        return is_directory ? -API_ENOTDIR : -API_EISDIR;
    return is_directory && other->directory.entries ? -API_ENOTEMPTY : 0;
}

static long check_rename(const struct place *from, const struct place *to)
{
    const struct node *node = place_node(from), *other = place_node(to);
    bool is_directory = node && node_is(node, API_S_DIRECTORY);

    if (!node)
        return -API_ENOENT;
    if ((from->slash || to->slash) && !is_directory)
        return -API_ENOTDIR;
    if (node->fixed)
        return -API_EBUSY;
    if (place_is_special(from) || place_is_special(to))
        return -API_EINVAL;
    if (is_directory && is_in(to->directory, node))
        return -API_EINVAL;
    if (!to->directory->directory.parent)
        return -API_ENOENT;
    if (keeps_names(from->directory) || keeps_names(to->directory))
        return -API_EACCES;
    return other && other != node ? check_replaced(node, other) : 0;
}

/* Cannot fail: it was checked, and it needs no memory. */
static void rename_place(const struct place *from, const struct place *to)
{
    struct entry **slot = directory_slot(from->directory, from->name, from->length);
    struct entry *entry = *slot;
    struct entry *other = *directory_slot(to->directory, to->name, to->length);
    struct node *replaced;

    if (!other) {
        *slot = entry->next;
        from->directory->modified = time_since_1970();
        entry_append(entry, to);
        return;
    }

    /* The two entries change nodes; then the old name goes, with what was replaced. */
    replaced = other->node;
    other->node = entry->node;
    entry->node = replaced;
    to->directory->modified = time_since_1970();
    if (node_is(other->node, API_S_DIRECTORY))
        other->node->directory.parent = to->directory;
    entry_drop(from->directory, slot);
}

long tree_rename(struct node *from, const char *old, const char *name)
{
    struct place here, there;
    long error;

    lock_take(&tree_lock);
    error = path_place(from, old, &here);
    if (!error)
        error = path_place(from, name, &there);
    if (!error)
        error = check_rename(&here, &there);

    /* Two names of one file, or twice the same name: nothing is to be done. */
    if (!error && place_node(&here) != place_node(&there))
        rename_place(&here, &there);
    lock_release(&tree_lock);
    return error;
}
