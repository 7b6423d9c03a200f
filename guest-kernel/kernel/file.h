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
struct process;

/* A regular file ends here: EFBIG. */
#define FILE_SIZE_MAX (1ull << 30)

/* A write of so many bytes to a pipe is done whole, and not mixed with others. */
#define PIPE_ATOMIC 2048

struct file_operations {
    /* At file->place, which they move. Only called for a file that was opened for it. A kind that
     * can seek does not wait. */
    long (*read)(struct file *file, void *buffer, size_t size);
    long (*write)(struct file *file, const void *buffer, size_t size);
    /* The last user has closed it. NULL: nothing to do. */
    void (*release)(struct file *file);
    /* Requests of the tty call; NULL: ENOTTY. argument is a kernel copy of what the request takes
     * or gives. */
    long (*tty)(struct file *file, int request, void *argument);
    bool can_seek;
};

/* Keys: c = set at creation; t = tree lock; o = its operations'. */
struct file {
    const struct file_operations *operations; /* c */
    struct node *node;                        /* c; NULL: a pipe */
    void *data;                               /* o */
    uint64_t place;                           /* t */
    int flags;                                /* t; O_ACCMODE, O_APPEND, O_NONBLOCK */
    unsigned users;                           /* t; descriptors */
};

/* ---- Open files (file.c) ---- */

/* Opens path, seen from directory `from`, as the open call says; *file then has one user. */
long file_open(struct node *from, const char *path, int flags, int mode, struct file **file);
void file_share(struct file *file);
void file_close(struct file *file);

/* Two ends of a pipe, each with one user (pipe.c). */
long pipe_new(struct file **reader, struct file **writer);

/* An open file of no kind yet, with one user. NULL: memory is out. */
struct file *file_new(const struct file_operations *operations, int flags);

/* For exec: size bytes at place, fewer at the end. EACCES: not a regular file. */
long node_read(struct node *node, uint64_t place, void *buffer, size_t size);

/* ---- Descriptors (descriptor.c); and see process.h ---- */

/* Whether the current process has one left. */
bool descriptor_is_free(void);

/* child has the same as the current process. */
void descriptors_share(struct process *child);

/* The process ends, or gets another program. */
void descriptors_close(struct process *process, bool only_close_on_exec);

/* ---- Nodes and names (tree.c, path.c) ---- */

/* The node that path names, with one user more; -API_E... otherwise. */
long node_find(struct node *from, const char *path, struct node **node);
void node_share(struct node *node);
void node_put(struct node *node);
struct node *node_root(void);
uint32_t node_mode(const struct node *node);

/* ---- The terminal (tty.c) ---- */

/* Takes what was typed. Upon the console's interrupt, and with each tick for consoles that do not
 * announce input. */
void tty_input(void);

/* ---- At start ---- */

/* Makes the tree: /dev, /proc, and everything in the ramdisk (a cpio archive, "newc"), which is not
 * needed any more then. False, with a line on the console, if there is none or it is broken. */
bool tree_init(void);

#endif
