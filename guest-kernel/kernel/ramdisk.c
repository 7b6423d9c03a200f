/* SPDX-License-Identifier: MIT */
/*
 * The ramdisk: a cpio archive of the kind "newc", whose files are copied into the tree at start.
 *
 * An archive is a row of members, each a header of text (a magic number and 13 numbers of 8 hex
 * digits), a name, and the contents; name and contents each end at a multiple of 4. The member
 * TRAILER!!! ends it. Directories and regular files are taken, in this order for each path; others
 * are left out. Whoever made the archive is trusted with what the files are called, but not with
 * the sizes: those are checked against the archive's end.
 */
#include "kernel/tree.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/machine.h"

#define MAGIC       "070701"
#define MAGIC_SIZE  6
#define DIGITS      8
#define HEADER_SIZE (MAGIC_SIZE + 13 * DIGITS)
#define TRAILER     "TRAILER!!!"

/* Which of the 13 numbers. */
enum { FIELD_MODE = 1, FIELD_MODIFIED = 5, FIELD_SIZE = 6, FIELD_NAME_SIZE = 11 };

struct archive {
    const char *bytes;
    uint64_t size, at; /* at <= size */
};

struct member {
    const char *name; /* in the archive, with its zero */
    const char *data;
    size_t size;
    uint32_t mode;
    uint32_t modified;
};

/* ---- Reading the archive ---- */

/* -1: not a digit. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool read_field(const char *header, unsigned field, uint32_t *value)
{
    const char *digits = header + MAGIC_SIZE + field * DIGITS;

    *value = 0;
    for (unsigned i = 0; i < DIGITS; i++) {
        int digit = digit_value(digits[i]);

        if (digit < 0)
            return false;
        *value = *value << 4 | (uint32_t)digit;
    }
    return true;
}

/* The next `size` bytes, and behind them up to a multiple of 4. NULL: the archive ends before. Sums
 * of 64 bits: no size of 32 bits makes them wrap. */
static const char *take(struct archive *archive, uint64_t size)
{
    const char *bytes = archive->bytes + archive->at;

    if (size > archive->size - archive->at)
        return NULL;
    archive->at = (archive->at + size + 3) & ~3ull;
    if (archive->at > archive->size)
        archive->at = archive->size;
    return bytes;
}

/* False: no member is there. */
static bool read_member(struct archive *archive, struct member *member)
{
    const char *header = archive->bytes + archive->at;
    uint32_t size, name_size;

    if (archive->size - archive->at < HEADER_SIZE || memcmp(header, MAGIC, MAGIC_SIZE) != 0)
        return false;
    if (!read_field(header, FIELD_MODE, &member->mode) ||
        !read_field(header, FIELD_MODIFIED, &member->modified) ||
        !read_field(header, FIELD_SIZE, &size) || !read_field(header, FIELD_NAME_SIZE, &name_size))
        return false;

    header = take(archive, (uint64_t)HEADER_SIZE + name_size);
    if (!header || name_size == 0)
        return false;
    member->name = header + HEADER_SIZE;
    if (member->name[name_size - 1] != '\0')
        return false;
    member->size = size;
    member->data = take(archive, size);
    return member->data != NULL;
}

/* ---- Writing the tree ---- */

static long write_all(struct file *file, const struct member *member)
{
    long count;

    for (size_t done = 0; done < member->size; done += (size_t)count) {
        count = file->operations->write(file, member->data + done, member->size - done);
        if (count <= 0)
            return count < 0 ? count : -API_EIO;
    }
    return 0;
}

static long add_file(const struct member *member)
{
    struct file *file;
    long error = file_open(node_root(), member->name, API_O_WRONLY | API_O_CREAT | API_O_TRUNC,
                           (int)member->mode, &file);

    if (error)
        return error;
    error = write_all(file, member);
    lock_take(&tree_lock);
    file->node->modified = member->modified;
    lock_release(&tree_lock);
    file_close(file);
    return error;
}

static long add_member(const struct member *member)
{
    long error;

    switch (member->mode & MODE_KIND) {
    case API_S_DIRECTORY:
        error = tree_make_directory(node_root(), member->name);
        return error == -API_EEXIST ? 0 : error;
    case API_S_REGULAR: return add_file(member);
    default: print("ramdisk: %s is no file and no directory: left out\n", member->name); return 0;
    }
}

bool ramdisk_load(const void *start, size_t size)
{
    struct archive archive = { .bytes = start, .size = size };
    struct member member;
    long error;

    while (read_member(&archive, &member)) {
        if (strlen(member.name) == strlen(TRAILER) &&
            !memcmp(member.name, TRAILER, strlen(TRAILER)))
            return true;
        error = add_member(&member);
        if (error) {
            print("ramdisk: %s: error %ld\n", member.name, -error);
            return false;
        }
    }
    print("ramdisk: no cpio archive (newc), or broken at byte %llu\n",
          (unsigned long long)archive.at);
    return false;
}

bool tree_init(void)
{
    const struct machine_facts *facts = machine_facts();

    if (!devices_init() || !proc_files_init()) {
        print("ramdisk: no memory for /dev and /proc\n");
        return false;
    }
    return ramdisk_load(facts->ramdisk, facts->ramdisk_size);
}
