/* SPDX-License-Identifier: MIT */
/*
 * Reading a directory: ".", "..", then the entries in the order in which they were made. The
 * place of the open file is the serial number of the entry that was read last, with 1 and 2 for
 * the two that are no entries; so names may come and go between two reads, and none of the others
 * is left out or given twice.
 */
#include "kernel/process.h"
#include "kernel/tree.h"
#include "lib/string.h"

enum { PLACE_START, PLACE_HERE, PLACE_UP };

static void fill(struct api_dirent *out, const struct node *node, const char *name)
{
    *out = (struct api_dirent){ .inode = node->inode };
    memcpy(out->name, name, strlen(name));
}

static const struct entry *entry_behind(const struct node *directory, uint64_t place)
{
    const struct entry *entry = directory->directory.entries;

    while (entry && entry->serial + PLACE_UP <= place)
        entry = entry->next;
    return entry;
}

static bool next_locked(struct file *file, struct api_dirent *out)
{
    const struct node *directory = file->node, *up = directory->directory.parent;
    const struct entry *entry;

    if (file->place < PLACE_UP) {
        file->place++;
        if (file->place == PLACE_HERE)
            fill(out, directory, ".");
        else
            fill(out, up ? up : directory, "..");
        return true;
    }
    entry = entry_behind(directory, file->place);
    if (!entry)
        return false;
    file->place = entry->serial + PLACE_UP;
    fill(out, entry->node, entry->name);
    return true;
}

bool directory_next(struct file *file, struct api_dirent *out)
{
    bool found;

    lock_take(&tree_lock);
    found = next_locked(file, out);
    lock_release(&tree_lock);
    return found;
}

static long directory_read(struct file *file, void *buffer, size_t size)
{
    (void)file;
    (void)buffer;
    (void)size;
    return -API_EISDIR;
}

/* Seeking is for going back to the start. */
const struct file_operations directory_operations = {
    .read = directory_read,
    .can_seek = true,
};
