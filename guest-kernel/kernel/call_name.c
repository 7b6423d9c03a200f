/* SPDX-License-Identifier: MIT */
/* The system calls on names. Each copies its paths first; the tree does the rest in one step. */
#include "kernel/call.h"
#include "kernel/process.h"
#include "kernel/tree.h"
#include "kernel/user_memory.h"

static long path_read(char path[API_PATH_MAX], unsigned long from)
{
    long length = user_string(path, from, API_PATH_MAX);

    return length < 0 ? length : 0;
}

long call_open(const unsigned long arguments[4])
{
    int flags = (int)arguments[1];
    char path[API_PATH_MAX];
    struct file *file;
    long error = path_read(path, arguments[0]);

    if (error)
        return error;
    /* Before anything is made or cut. */
    if (!descriptor_is_free())
        return -API_EMFILE;
    error = file_open(current()->directory, path, flags, (int)arguments[2], &file);
    return error ? error : descriptor_new(file, 0, flags & API_O_CLOEXEC);
}

long call_stat(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    struct api_stat stat;
    struct node *node;
    long error = path_read(path, arguments[0]);

    if (!error)
        error = node_find(current()->directory, path, &node);
    if (error)
        return error;
    lock_take(&tree_lock);
    node_stat(node, &stat);
    lock_release(&tree_lock);
    node_put(node);
    return user_write(arguments[1], &stat, sizeof(stat));
}

long call_mkdir(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    long error = path_read(path, arguments[0]);

    return error ? error : tree_make_directory(current()->directory, path);
}

long call_rmdir(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    long error = path_read(path, arguments[0]);

    return error ? error : tree_remove(current()->directory, path, true);
}

long call_unlink(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    long error = path_read(path, arguments[0]);

    return error ? error : tree_remove(current()->directory, path, false);
}

long call_chmod(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    long error = path_read(path, arguments[0]);

    return error ? error : tree_change_mode(current()->directory, path, (uint32_t)arguments[1]);
}

/* link and rename: two paths. */
static long with_two_paths(const unsigned long arguments[4],
                           long (*change)(struct node *from, const char *old, const char *name))
{
    char old[API_PATH_MAX], name[API_PATH_MAX];
    long error = path_read(old, arguments[0]);

    if (!error)
        error = path_read(name, arguments[1]);
    return error ? error : change(current()->directory, old, name);
}

long call_link(const unsigned long arguments[4])
{
    return with_two_paths(arguments, tree_link);
}

long call_rename(const unsigned long arguments[4])
{
    return with_two_paths(arguments, tree_rename);
}

long call_chdir(const unsigned long arguments[4])
{
    char path[API_PATH_MAX];
    struct node *node;
    long error = path_read(path, arguments[0]);

    if (!error)
        error = node_find(current()->directory, path, &node);
    if (error)
        return error;
    if ((node_mode(node) & MODE_KIND) != API_S_DIRECTORY) {
        node_put(node);
        return -API_ENOTDIR;
    }
    node_put(current()->directory);
    current()->directory = node;
    return 0;
}

long call_getcwd(const unsigned long arguments[4])
{
    size_t size = arguments[1] < API_PATH_MAX ? arguments[1] : API_PATH_MAX;
    char path[API_PATH_MAX];
    long length, error;

    lock_take(&tree_lock);
    length = path_of(current()->directory, path, size);
    lock_release(&tree_lock);
    if (length < 0)
        return length;
    error = user_write(arguments[0], path, (size_t)length);
    return error ? error : length;
}
