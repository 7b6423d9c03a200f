/* SPDX-License-Identifier: MIT */
/* The device files in /dev. */
#include "kernel/tree.h"
#include "lib/string.h"

static long null_read(struct file *file, void *buffer, size_t size)
{
    (void)file;
    (void)buffer;
    (void)size;
    return 0;
}

static long zero_read(struct file *file, void *buffer, size_t size)
{
    (void)file;
    memset(buffer, 0, size);
    return (long)size;
}

static long write_nowhere(struct file *file, const void *buffer, size_t size)
{
    (void)file;
    (void)buffer;
    return (long)size;
}

static const struct file_operations null_operations = {
    .read = null_read,
    .write = write_nowhere,
    .can_seek = true,
};

static const struct file_operations zero_operations = {
    .read = zero_read,
    .write = write_nowhere,
    .can_seek = true,
};

/* There is one terminal, so the console is also every process's own. */
static const struct {
    const char *path;
    uint32_t number;
    const struct file_operations *operations;
} devices[] = {
    { "/dev/console", 1, &tty_operations },
    { "/dev/tty", 1, &tty_operations },
    { "/dev/null", 2, &null_operations },
    { "/dev/zero", 3, &zero_operations },
};

static bool add(const char *path, uint32_t number, const struct file_operations *operations)
{
    struct node *node = tree_add_fixed(path, API_S_CHARACTER | 0666, operations);

    if (node)
        node->device = number;
    return node != NULL;
}

bool devices_init(void)
{
    if (!tree_add_fixed("/dev", API_S_DIRECTORY | 0755, &directory_operations))
        return false;
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        if (!add(devices[i].path, devices[i].number, devices[i].operations))
            return false;
    }
    return !peer_init() || add("/dev/peer", 4, &peer_operations);
}
