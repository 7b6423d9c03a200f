/* SPDX-License-Identifier: MIT */
/*
 * The contents of a regular file: pages that hang in a tree of pages of pointers.
 *
 *     height 0: the file has one page, and root is it
 *     height 1: root is a page of pointers to pages
 *     height 2: root is a page of pointers to pages of pointers to pages: FILE_SIZE_MAX and more
 *
 * The tree grows at its root when a larger page number comes. A pointer may be NULL: then these
 * pages are all zero, and take no memory. Behind the file's end its last page is always zero, so a
 * file grows by a larger size alone.
 */
#include "kernel/pages.h"
#include "kernel/process.h"
#include "kernel/tree.h"
#include "lib/string.h"

#define POINTERS (PAGE_SIZE / sizeof(void *))

/* How many pages of the file a tree of this height has room for. */
static size_t reach(unsigned height)
{
    size_t count = 1;

    while (height--)
        count *= POINTERS;
    return count;
}

/* One more page of pointers above the root. */
static bool grow_tree(struct node *node)
{
    void **top;

    if (node->regular.root) {
        top = page_get();
        if (!top)
            return false;
        top[0] = node->regular.root;
        node->regular.root = top;
    }
    node->regular.height++;
    return true;
}

/* Where the pointer to a page of the file is; made where it is missing when `make`. NULL: it is
 * missing, or memory is out. */
static void **page_slot(struct node *node, size_t number, bool make)
{
    void **slot = &node->regular.root;

    while (number >= reach(node->regular.height)) {
        if (!make || !grow_tree(node))
            return NULL;
    }
    for (unsigned height = node->regular.height; height; height--) {
        if (!*slot && make)
            *slot = page_get();
        if (!*slot)
            return NULL;
        slot = (void **)*slot + number / reach(height - 1);
        number %= reach(height - 1);
    }
    return slot;
}

static void *page_of(struct node *node, size_t number)
{
    void **slot = page_slot(node, number, false);

    return slot ? *slot : NULL;
}

static void *page_made(struct node *node, size_t number)
{
    void **slot = page_slot(node, number, true);

    if (slot && !*slot)
        *slot = page_get();
    return slot ? *slot : NULL;
}

/* Gives back what hangs in slot, from its page number `keep` on. Calls itself twice at most. */
static void cut(void **slot, unsigned height, size_t keep)
{
    size_t part;

    if (!*slot || keep >= reach(height))
        return;
    for (size_t i = 0; height && i < POINTERS; i++) {
        part = i * reach(height - 1);
        cut((void **)*slot + i, height - 1, keep > part ? keep - part : 0);
    }
    if (keep == 0) {
        page_put(*slot);
        *slot = NULL;
    }
}

long regular_resize(struct node *node, uint64_t size)
{
    size_t rest = size % PAGE_SIZE;
    char *last;

    if (size > FILE_SIZE_MAX)
        return -API_EFBIG;
    /* Also at the same size: a write that found no memory may have left pages of pointers. */
    if (size <= node->regular.size) {
        cut(&node->regular.root, node->regular.height, (size + PAGE_SIZE - 1) / PAGE_SIZE);
        last = rest ? page_of(node, size / PAGE_SIZE) : NULL;
        if (last)
            memset(last + rest, 0, PAGE_SIZE - rest);
    }
    if (size == 0)
        node->regular.height = 0;
    node->regular.size = size;
    node->modified = time_since_1970();
    return 0;
}

/* How much of [place, place + left) lies in one page. */
static size_t in_one_page(uint64_t place, size_t left)
{
    size_t room = PAGE_SIZE - place % PAGE_SIZE;

    return left < room ? left : room;
}

static size_t copy_out(struct node *node, uint64_t place, char *buffer, size_t size)
{
    size_t done = 0, part;
    const char *page;

    if (place >= node->regular.size)
        return 0;
    if (size > node->regular.size - place)
        size = node->regular.size - place;
    for (; done < size; done += part, place += part) {
        part = in_one_page(place, size - done);
        page = page_of(node, place / PAGE_SIZE);
        if (page)
            memcpy(buffer + done, page + place % PAGE_SIZE, part);
        else
            memset(buffer + done, 0, part);
    }
    return done;
}

/* Less than size where memory, or what files may have of it, is out. */
static size_t copy_in(struct node *node, uint64_t place, const char *buffer, size_t size)
{
    size_t done = 0, part;
    char *page;

    for (; done < size; done += part, place += part) {
        part = in_one_page(place, size - done);
        page = page_of(node, place / PAGE_SIZE);
        if (!page && tree_has_room())
            page = page_made(node, place / PAGE_SIZE);
        if (!page)
            break;
        memcpy(page + place % PAGE_SIZE, buffer + done, part);
    }
    return done;
}

long node_read(struct node *node, uint64_t place, void *buffer, size_t size)
{
    long count = -API_EACCES;

    lock_take(&tree_lock);
    if (node->operations == &regular_operations)
        count = (long)copy_out(node, place, buffer, size);
    lock_release(&tree_lock);
    return count;
}

static long regular_read(struct file *file, void *buffer, size_t size)
{
    size_t count;

    lock_take(&tree_lock);
    count = copy_out(file->node, file->place, buffer, size);
    file->place += count;
    lock_release(&tree_lock);
    return (long)count;
}

static long write_locked(struct file *file, const char *buffer, size_t size)
{
    struct node *node = file->node;
    size_t count;

    if (file->flags & API_O_APPEND)
        file->place = node->regular.size;
    if (file->place >= FILE_SIZE_MAX)
        return -API_EFBIG;
    if (size > FILE_SIZE_MAX - file->place)
        size = FILE_SIZE_MAX - file->place;
    count = copy_in(node, file->place, buffer, size);
    if (count == 0)
        return -API_ENOSPC;
    file->place += count;
    if (file->place > node->regular.size)
        node->regular.size = file->place;
    node->modified = time_since_1970();
    return (long)count;
}

static long regular_write(struct file *file, const void *buffer, size_t size)
{
    long count;

    if (size == 0)
        return 0;
    lock_take(&tree_lock);
    count = write_locked(file, buffer, size);
    lock_release(&tree_lock);
    return count;
}

const struct file_operations regular_operations = {
    .read = regular_read,
    .write = regular_write,
    .can_seek = true,
};
