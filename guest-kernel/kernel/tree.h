/* SPDX-License-Identifier: MIT */
/*
 * Nodes and the tree that they form, for the files that make it up: tree.c (names), path.c (walking
 * to one), regular.c (contents), device.c and proc_files.c (what the kernel puts there), ramdisk.c
 * (what it begins with). One lock is for all of it, and functions without another word want it
 * held.
 *
 * A node lives as long as it has names or users: a file that was unlinked while open goes with its
 * last user. A directory has one name at most and knows its parent, so ".." needs no entry; one
 * that was removed while in use is empty, has no parent, and nothing can be made in it.
 *
 * There are no users of the machine to tell apart: of the nine permission bits only the owner's
 * count, for everybody, and only those of files.
 */
#ifndef GUEST_KERNEL_KERNEL_TREE_H
#define GUEST_KERNEL_KERNEL_TREE_H

#include "kernel/file.h"
#include "kernel/lock.h"

#define MODE_KIND 0170000u
#define MODE_BITS 0777u

/* A name in a directory. */
struct entry {
    struct entry *next;
    struct node *node;
    uint64_t serial; /* grows along the list: where a reader of the directory goes on */
    char name[API_NAME_MAX + 1];
};

/* Keys: c = set at creation; t = tree lock. */
struct node {
    uint32_t inode;   /* c */
    uint32_t mode;    /* t; the kind c */
    uint32_t links;   /* t; names that it has */
    uint32_t users;   /* t; open files, current directories, calls under way */
    bool fixed;       /* c; made by the kernel: its name and its mode stay as they are */
    int64_t modified; /* t; seconds since 1970 */
    const struct file_operations *operations; /* c */
    union {
        struct {
            struct entry *entries; /* t; the oldest first */
            uint64_t last_serial;  /* t */
            struct node *parent;   /* t; NULL: it was removed. The root's is itself */
        } directory;
        struct {
            uint64_t size;   /* t */
            void *root;      /* t; see regular.c */
            unsigned height; /* t */
        } regular;
        uint32_t device; /* c; which one */
        /* c; of a text that the kernel makes: fills page, says how long the text is */
        size_t (*make_text)(char *page, size_t size);
    };
};

extern struct lock tree_lock;

/* ---- Nodes (tree.c) ---- */

bool node_is(const struct node *node, uint32_t kind);
void node_stat(const struct node *node, struct api_stat *out);

/* False when only the reserve is left: files leave a sixteenth of the memory alone, so that
 * programs can still run that make room. */
bool tree_has_room(void);

/* Opens or makes what path names, as the open call says; *node gains a user. */
long node_open(struct node *from, const char *path, int flags, int mode, struct node **node);

/* ---- Changes to names (tree.c); these take the lock themselves ---- */

long tree_make_directory(struct node *from, const char *path);
long tree_remove(struct node *from, const char *path, bool directory);
long tree_link(struct node *from, const char *old, const char *name);
long tree_rename(struct node *from, const char *old, const char *name);
long tree_change_mode(struct node *from, const char *path, uint32_t bits);

/* At start: a node of the kernel's own. NULL: memory is out. */
struct node *tree_add_fixed(const char *path, uint32_t mode,
                            const struct file_operations *operations);

/* ---- Paths (path.c) ---- */

/* Where a path leads: the directory of its last part, and that part. */
struct place {
    struct node *directory;
    const char *name; /* without a zero at its end; "" for the root */
    size_t length;
    bool slash; /* one comes behind it: only a directory can be meant */
};

long path_place(struct node *from, const char *path, struct place *place);

/* What the place has; NULL: nothing. */
struct node *place_node(const struct place *place);

/* The last part is "", "." or "..": a directory, but no name that could be given or taken. */
bool place_is_special(const struct place *place);

/* place_node of path_place, where nothing is ENOENT. */
long path_find(struct node *from, const char *path, struct node **node);

/* The path of a directory with its zero. Its length with the zero, -API_ERANGE when that is more
 * than size, -API_ENOENT: it was removed. */
long path_of(const struct node *directory, char *buffer, size_t size);

/* The pointer in the list of a directory that leads to the entry with this name, or the one at the
 * end of the list. */
struct entry **directory_slot(struct node *directory, const char *name, size_t length);

/* ---- Contents (regular.c, directory.c, device.c, peer.c, proc_files.c, tty.c) ---- */

extern const struct file_operations regular_operations;
extern const struct file_operations directory_operations;
extern const struct file_operations text_operations;
extern const struct file_operations tty_operations;
extern const struct file_operations peer_operations;

/* False: there is no other machine, and shall be no such device. */
bool peer_init(void);

/* Cuts the file or lets it grow, by zeroes. */
long regular_resize(struct node *node, uint64_t size);

/* Takes the lock: the next entry of an open directory. False: there are no more. */
bool directory_next(struct file *file, struct api_dirent *out);

/* ---- At start ---- */

bool devices_init(void);
bool proc_files_init(void);

/* The archive's files become the tree's. False, with a line on the console: it is broken, or memory
 * is out. */
bool ramdisk_load(const void *start, size_t size);

#endif
