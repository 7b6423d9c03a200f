/* SPDX-License-Identifier: MIT */
/* Open files: a node, or the end of a pipe, with a place in it and a count of the descriptors that
 * mean it. */
#include "kernel/file.h"

#include "kernel/pages.h"
#include "kernel/tree.h"

#define FLAGS_KEPT (API_O_ACCMODE | API_O_APPEND | API_O_NONBLOCK)

struct file *file_new(const struct file_operations *operations, int flags)
{
    struct file *file = heap_get(sizeof(*file));

    if (!file)
        return NULL;
    file->operations = operations;
    file->flags = flags & FLAGS_KEPT;
    file->users = 1;
    return file;
}

/* Beside node_open's errors: EINVAL, flags that make no sense; ENFILE, memory is out. The node
 * comes last, as it may be made or cut. */
long file_open(struct node *from, const char *path, int flags, int mode, struct file **out)
{
    struct file *file;
    long error;

    if ((flags & API_O_ACCMODE) == API_O_ACCMODE ||
        ((flags & API_O_CREAT) && (flags & API_O_DIRECTORY)))
        return -API_EINVAL;

    file = file_new(NULL, flags);
    if (!file)
        return -API_ENFILE;
    error = node_open(from, path, flags, mode, &file->node);
    if (error) {
        heap_put(file);
        return error;
    }
    file->operations = file->node->operations;
    *out = file;
    return 0;
}

void file_share(struct file *file)
{
    lock_take(&tree_lock);
    file->users++;
    lock_release(&tree_lock);
}

void file_close(struct file *file)
{
    bool last;

    lock_take(&tree_lock);
    last = --file->users == 0;
    lock_release(&tree_lock);
    if (!last)
        return;

    /* Nobody else knows it any more. */
    if (file->operations->release)
        file->operations->release(file);
    if (file->node)
        node_put(file->node);
    heap_put(file);
}
