/* SPDX-License-Identifier: MIT */
/*
 * Files as the rest of the kernel sees them.
 *
 * A *node* is a thing in the tree: a regular file, a directory, a device, or a text that the kernel
 * makes when it is read. A *file* is an open node (or the end of a pipe) with a place in it;
 * several descriptors may share it, also of several processes. Each kind has its operations in a
 * table.
 *
 * Buffers are the kernel's. All functions return 0 or a count, or -API_E...
 */
#ifndef GUEST_KERNEL_KERNEL_FILE_H
#define GUEST_KERNEL_KERNEL_FILE_H

#include <stdbool.h>

#include "api/api.h"

struct file;
struct node;

struct file_operations {
    /* At file->place, which they move. */
    long (*read)(struct file *file, void *buffer, size_t size);
    long (*write)(struct file *file, const void *buffer, size_t size);
    /* The last user has closed it. */
    void (*release)(struct file *file);
    /* Requests of the tty call; NULL: ENOTTY. argument is a kernel copy of what the request takes
     * or gives. */
    long (*tty)(struct file *file, int request, void *argument);
    bool can_seek;
};

struct file {
    const struct file_operations *operations;
    struct node *node; /* NULL: a pipe */
    void *data;        /* the operations' own */
    uint64_t place;
    int flags;      /* API_O_ACCMODE, API_O_APPEND, API_O_NONBLOCK */
    unsigned users; /* descriptors, and calls under way */
};

/* ---- Open files (file.c) ---- */

/* Opens path, seen from directory `from`, as the open call says; *file then has one user. */
long file_open(struct node *from, const char *path, int flags, int mode, struct file **file);
void file_share(struct file *file);
void file_close(struct file *file);

/* For exec and ramdisk: size bytes at place, without moving anything. */
long node_read(struct node *node, uint64_t place, void *buffer, size_t size);

/* ---- Nodes and names (tree.c) ---- */

/* The node that path names, with one user more; -API_E... otherwise. */
long node_find(struct node *from, const char *path, struct node **node);
void node_share(struct node *node);
void node_put(struct node *node);
struct node *node_root(void);
uint32_t node_mode(const struct node *node);

/* ---- At start ---- */

/* Makes the tree: /dev, /proc, and everything in the ramdisk (a cpio archive, "newc"). False, with
 * a line on the console, if there is none or it is broken. */
bool tree_init(void);

#endif
