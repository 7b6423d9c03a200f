/* SPDX-License-Identifier: MIT */
/* open, close, read, write, lseek, dup, stat, ftruncate, flags. */
#include <string.h>

#include "check.h"

#define NEW (API_O_RDWR | API_O_CREAT | API_O_TRUNC)

static int file; /* /tmp/file, open for reading and writing */

/* Numbers that are no open descriptor. */
static const int bad_descriptors[] = { -1, 29, 32, 1000, 0x7fffffff, -0x7fffffff };

static long close_it(int descriptor)
{
    return sys_close(descriptor);
}

static long read_it(int descriptor)
{
    char byte;

    return sys_read(descriptor, &byte, 1);
}

static long write_it(int descriptor)
{
    return sys_write(descriptor, "x", 1);
}

static long seek_it(int descriptor)
{
    return sys_lseek(descriptor, 0, 0);
}

static long dup_it(int descriptor)
{
    return sys_dup(descriptor);
}

static long dup2_it(int descriptor)
{
    return sys_dup2(descriptor, 5);
}

static long fstat_it(int descriptor)
{
    struct api_stat facts;

    return sys_fstat(descriptor, &facts);
}

static long readdir_it(int descriptor)
{
    struct api_dirent entry;

    return sys_readdir(descriptor, &entry, 1);
}

static long truncate_it(int descriptor)
{
    return sys_ftruncate(descriptor, 0);
}

static long set_it(int descriptor)
{
    return sys_setflags(descriptor, 0, 1);
}

static long tty_it(int descriptor)
{
    struct api_tty tty;

    return sys_tty(descriptor, API_TTY_GET, &tty);
}

static void test_bad_descriptors(void)
{
    static const struct {
        const char *name;
        long (*call)(int descriptor);
    } calls[] = {
        { "close: no such descriptor", close_it },
        { "read: no such descriptor", read_it },
        { "write: no such descriptor", write_it },
        { "lseek: no such descriptor", seek_it },
        { "dup: no such descriptor", dup_it },
        { "dup2: no such descriptor", dup2_it },
        { "fstat: no such descriptor", fstat_it },
        { "readdir: no such descriptor", readdir_it },
        { "ftruncate: no such descriptor", truncate_it },
        { "setflags: no such descriptor", set_it },
        { "tty: no such descriptor", tty_it },
    };

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        long result = -API_EBADF;

        for (size_t k = 0; k < sizeof(bad_descriptors) / sizeof(int) && result == -API_EBADF; k++)
            result = calls[i].call(bad_descriptors[k]);
        check_result(calls[i].name, result, -API_EBADF);
    }
}

static long read_to(void *pointer)
{
    sys_lseek(file, 0, 0);
    return sys_read(file, pointer, 100);
}

static long write_from(void *pointer)
{
    return sys_write(file, pointer, 100);
}

static long open_path(void *pointer)
{
    return sys_open(pointer, API_O_RDONLY, 0);
}

static long stat_path(void *pointer)
{
    struct api_stat facts;

    return sys_stat(pointer, &facts);
}

static long stat_to(void *pointer)
{
    return sys_stat("/tmp", pointer);
}

static long fstat_to(void *pointer)
{
    return sys_fstat(file, pointer);
}

static void test_pointers(void)
{
    check_unwritable("read", read_to);
    check_unreadable("write", write_from);
    check_unreadable("open", open_path);
    check_unreadable("stat, path", stat_path);
    check_unwritable("stat", stat_to);
    check_unwritable("fstat", fstat_to);
    memcpy(last_bytes, "/tmp", 4); /* without a zero behind it */
    check_result("open: a path without an end", open_path(last_bytes), -API_EFAULT);
    check_result("read: over the end of memory", read_to(last_bytes), -API_EFAULT);
    check_result("write: over the end of memory", write_from(last_bytes), -API_EFAULT);
    check("read: a size that wraps", sys_read(file, last_bytes, -1ul) < 0);
    check("write: a size that wraps", sys_write(file, last_bytes, -1ul) < 0);
}

static void test_contents(void)
{
    struct api_stat facts;
    char bytes[32];

    check_result("write: all", sys_write(file, "0123456789", 10), 10);
    check_result("lseek: where it is", sys_lseek(file, 0, 1), 10);
    check_result("read: at the end", sys_read(file, bytes, 5), 0);
    check_result("lseek: back", sys_lseek(file, -4, 1), 6);
    check_result("read: what is left", sys_read(file, bytes, sizeof(bytes)), 4);
    check("read: what was written", memcmp(bytes, "6789", 4) == 0);
    check_result("lseek: before the start", sys_lseek(file, -1, 0), -API_EINVAL);
    check_result("lseek: no such way", sys_lseek(file, 0, 3), -API_EINVAL);
    check_result("lseek: behind the end", sys_lseek(file, 10000, 2), 10010);
    check_result("write: a hole", sys_write(file, "x", 1), 1);
    check("fstat: the size", sys_fstat(file, &facts) == 0 && facts.size == 10011);
    check_result("lseek: into the hole", sys_lseek(file, 5000, 0), 5000);
    bytes[0] = 1;
    check("read: holes are zero", sys_read(file, bytes, 1) == 1 && bytes[0] == 0);
    check_result("ftruncate: shorter", sys_ftruncate(file, 3), 0);
    check("fstat: the new size", sys_fstat(file, &facts) == 0 && facts.size == 3);
    check_result("ftruncate: longer", sys_ftruncate(file, 8), 0);
    sys_lseek(file, 0, 0);
    check("read: what was cut is zero",
          sys_read(file, bytes, 32) == 8 && memcmp(bytes, "012\0\0\0\0\0", 8) == 0);
    check("ftruncate: below 0", sys_ftruncate(file, -1) < 0);
    check("ftruncate: too long", sys_ftruncate(file, 0x7fffffff) < 0);
    sys_ftruncate(file, 0);
    check_result("lseek: too far", sys_lseek(file, 0x7ffffff0, 0), -API_EINVAL);
    sys_lseek(file, 0, 0);
}

static void test_open(void)
{
    long other = sys_open("/tmp/file", API_O_RDONLY, 0);
    char byte;

    check("open: reading", other >= 0);
    check_result("write: open for reading", sys_write(other, "x", 1), -API_EBADF);
    sys_close(other);
    other = sys_open("/tmp/file", API_O_WRONLY | API_O_APPEND, 0);
    check_result("read: open for writing", sys_read(other, &byte, 1), -API_EBADF);
    sys_write(file, "ab", 2);
    check_result("write: O_APPEND", sys_write(other, "c", 1), 1);
    sys_lseek(file, 0, 0);
    check("read: what was appended", sys_lseek(file, 0, 2) == 3);
    sys_close(other);
    check_result("open: O_EXCL on a file that is there",
                 sys_open("/tmp/file", API_O_RDWR | API_O_CREAT | API_O_EXCL, 0666), -API_EEXIST);
    check_result("open: no such file", sys_open("/tmp/none", API_O_RDWR, 0), -API_ENOENT);
    check_result("open: no such directory", sys_open("/none/x", NEW, 0), -API_ENOENT);
    check_result("open: a file as directory", sys_open("/tmp/file/x", NEW, 0), -API_ENOTDIR);
    check_result("open: a directory for writing", sys_open("/tmp", API_O_RDWR, 0), -API_EISDIR);
    check_result("open: an empty path", sys_open("", API_O_RDONLY, 0), -API_ENOENT);
    check_result("open: O_DIRECTORY on a file",
                 sys_open("/tmp/file", API_O_RDONLY | API_O_DIRECTORY, 0), -API_ENOTDIR);
    check("open: no such access", sys_open("/tmp/file", API_O_ACCMODE, 0) < 0);
    other = sys_open("/tmp", API_O_RDONLY, 0);
    check_result("read: a directory", sys_read(other, &byte, 1), -API_EISDIR);
    check("write: a directory", sys_write(other, "x", 1) < 0);
    sys_close(other);
}

static void test_dup(void)
{
    long other = sys_dup(file), flags;
    char byte = 0;

    check("dup: the lowest that is free", other > file);
    sys_lseek(file, 0, 0);
    sys_write(file, "pq", 2);
    sys_lseek(other, 1, 0);
    check("dup: one place for both", sys_read(file, &byte, 1) == 1 && byte == 'q');
    check_result("dup2: to itself", sys_dup2(file, file), file);
    check_result("dup2: to one that is open", sys_dup2(file, other), other);
    check_result("dup2: below 0", sys_dup2(file, -1), -API_EBADF);
    check_result("dup2: too high", sys_dup2(file, 32), -API_EBADF);
    check_result("close", sys_close(other), 0);
    check_result("close: twice", sys_close(other), -API_EBADF);
    flags = sys_setflags(file, API_O_APPEND, 1);
    check("setflags: O_APPEND", (flags & API_O_APPEND) != 0);
    flags = sys_setflags(file, API_O_APPEND, 0);
    check("setflags: not O_APPEND", flags >= 0 && (flags & API_O_APPEND) == 0);
    check_result("setflags: none that can be set", sys_setflags(file, API_O_CREAT, 1), -API_EINVAL);
}

static void opens_until_none_are_left(void)
{
    long descriptor;

    while ((descriptor = sys_open("/tmp/file", API_O_RDONLY, 0)) >= 0) {
    }
    sys_exit(descriptor == -API_EMFILE && sys_dup(0) == -API_EMFILE ? 3 : 4);
}

void test_files(void)
{
    file = sys_open("/tmp/file", NEW, 0666);
    check("open: a new file", file >= 3);
    test_contents();
    test_open();
    test_dup();
    sys_write(file, "0123456789", 10);
    test_pointers();
    test_bad_descriptors();
    check_result("open: too many", in_child(opens_until_none_are_left), ENDED_WITH(3));
    sys_close(file);
    check_result("unlink: the file", sys_unlink("/tmp/file"), 0);
}
