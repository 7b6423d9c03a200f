/* SPDX-License-Identifier: MIT */
/* Directories and names: mkdir, rmdir, link, unlink, rename, chdir, getcwd, readdir, chmod. */
#include <string.h>

#include "check.h"

static char long_name[API_PATH_MAX + 100];

static long mkdir_at(void *path)
{
    return sys_mkdir(path);
}

static long rmdir_at(void *path)
{
    return sys_rmdir(path);
}

static long unlink_at(void *path)
{
    return sys_unlink(path);
}

static long chdir_to(void *path)
{
    return sys_chdir(path);
}

static long chmod_at(void *path)
{
    return sys_chmod(path, 0777);
}

static long rename_from(void *path)
{
    return sys_rename(path, "/tmp/x");
}

static long rename_to(void *path)
{
    return sys_rename("/tmp/t/file", path);
}

static long link_to(void *path)
{
    return sys_link("/tmp/t/file", path);
}

static long cwd_to(void *path)
{
    return sys_getcwd(path, 100);
}

static long entries_to(void *buffer)
{
    long directory = sys_open("/tmp/t", API_O_RDONLY, 0);
    long result = sys_readdir(directory, buffer, 1);

    sys_close(directory);
    return result;
}

static void make_file(const char *path)
{
    sys_close(sys_open(path, API_O_WRONLY | API_O_CREAT, 0666));
}

static bool exists(const char *path)
{
    struct api_stat facts;

    return sys_stat(path, &facts) == 0;
}

static void test_directories(void)
{
    check_result("mkdir", sys_mkdir("/tmp/t"), 0);
    check_result("mkdir: there already", sys_mkdir("/tmp/t"), -API_EEXIST);
    check_result("mkdir: no such parent", sys_mkdir("/none/t"), -API_ENOENT);
    check_result("mkdir: an empty path", sys_mkdir(""), -API_ENOENT);
    check_result("mkdir: the root", sys_mkdir("/"), -API_EEXIST);
    make_file("/tmp/t/file");
    check_result("mkdir: below a file", sys_mkdir("/tmp/t/file/x"), -API_ENOTDIR);
    check_result("rmdir: not empty", sys_rmdir("/tmp/t"), -API_ENOTEMPTY);
    check_result("rmdir: a file", sys_rmdir("/tmp/t/file"), -API_ENOTDIR);
    check_result("rmdir: the root", sys_rmdir("/"), -API_EBUSY);
    check("rmdir: the directory itself", sys_rmdir("/tmp/t/.") < 0);
    check_result("rmdir: not there", sys_rmdir("/tmp/none"), -API_ENOENT);
    check("unlink: a directory", sys_unlink("/tmp/t") < 0 && exists("/tmp/t"));
    check_result("unlink: not there", sys_unlink("/tmp/none"), -API_ENOENT);
    check("unlink: a device", sys_unlink("/dev/null") < 0 && exists("/dev/null"));
}

static void test_long_names(void)
{
    memset(long_name, 'n', sizeof(long_name) - 1);
    check_result("open: a path that is too long", sys_open(long_name, API_O_RDONLY, 0),
                 -API_ENAMETOOLONG);
    memcpy(long_name, "/tmp/", 5);
    long_name[5 + API_NAME_MAX + 1] = '\0';
    check_result("mkdir: a name that is too long", mkdir_at(long_name), -API_ENAMETOOLONG);
    long_name[5 + API_NAME_MAX] = '\0';
    check_result("mkdir: the longest name", mkdir_at(long_name), 0);
    check_result("rmdir: the longest name", rmdir_at(long_name), 0);
    check("a path with many slashes", exists("//tmp///t//"));
    check("a path with dots", exists("/tmp/../tmp/./t/../t/file") && exists("/../../tmp"));
}

static void test_links(void)
{
    struct api_stat a, b;

    check_result("link", sys_link("/tmp/t/file", "/tmp/t/other"), 0);
    sys_stat("/tmp/t/file", &a);
    sys_stat("/tmp/t/other", &b);
    check("link: one file", a.inode == b.inode && a.links == 2);
    check_result("link: there already", sys_link("/tmp/t/file", "/tmp/t/other"), -API_EEXIST);
    check_result("link: a directory", sys_link("/tmp/t", "/tmp/t2"), -API_EPERM);
    check_result("link: not there", sys_link("/tmp/none", "/tmp/t2"), -API_ENOENT);
    check_result("unlink: one name", sys_unlink("/tmp/t/other"), 0);
    check("unlink: the other stays", sys_stat("/tmp/t/file", &a) == 0 && a.links == 1);
}

static void test_rename(void)
{
    check_result("rename", sys_rename("/tmp/t/file", "/tmp/t/new"), 0);
    check("rename: the old name is gone", !exists("/tmp/t/file") && exists("/tmp/t/new"));
    make_file("/tmp/t/file");
    check_result("rename: over a file", sys_rename("/tmp/t/new", "/tmp/t/file"), 0);
    check_result("rename: not there", sys_rename("/tmp/t/new", "/tmp/t/x"), -API_ENOENT);
    check_result("rename: to itself", sys_rename("/tmp/t/file", "/tmp/t/file"), 0);
    sys_mkdir("/tmp/t/d");
    check_result("rename: into itself", sys_rename("/tmp/t/d", "/tmp/t/d/e"), -API_EINVAL);
    check("rename: above itself", sys_rename("/tmp/t/d", "/tmp/t/d/e/f") < 0);
    check("rename: a file over a directory", sys_rename("/tmp/t/file", "/tmp/t/d") < 0);
    check("rename: a directory over a file", sys_rename("/tmp/t/d", "/tmp/t/file") < 0);
    check("rename: the root", sys_rename("/", "/tmp/t/root") < 0);
    check_result("rename: a directory", sys_rename("/tmp/t/d", "/tmp/t/e"), 0);
    check_result("rmdir: what was renamed", sys_rmdir("/tmp/t/e"), 0);
}

static void test_current(void)
{
    char path[64];

    check_result("chdir", sys_chdir("/tmp/t"), 0);
    check_result("getcwd: its length", sys_getcwd(path, sizeof(path)), 7);
    check("getcwd", strcmp(path, "/tmp/t") == 0);
    check_result("getcwd: too small", sys_getcwd(path, 6), -API_ERANGE);
    check("a path from here", exists("file") && exists("../t/./file"));
    check_result("chdir: a file", sys_chdir("file"), -API_ENOTDIR);
    check_result("chdir: not there", sys_chdir("none"), -API_ENOENT);
    sys_mkdir("gone");
    sys_chdir("gone");
    check("rmdir: where one is", sys_rmdir("/tmp/t/gone") == 0 || exists("."));
    check("open: in a directory that is gone",
          exists("/tmp/t/gone") || sys_open("x", API_O_WRONLY | API_O_CREAT, 0) < 0);
    check_result("chdir: back", sys_chdir("/tmp"), 0);
    sys_rmdir("/tmp/t/gone");
}

static void test_entries(void)
{
    long directory = sys_open("/tmp/t", API_O_RDONLY, 0), file = sys_open("/tmp/t/file", 0, 0);
    struct api_dirent entries[8];
    long count = sys_readdir(directory, entries, 8);
    bool found = false;

    for (long i = 0; i < count; i++)
        found = found || strcmp(entries[i].name, "file") == 0;
    check("readdir: the file", found);
    check_result("readdir: the end", sys_readdir(directory, entries, 8), 0);
    check_result("readdir: a file", sys_readdir(file, entries, 8), -API_ENOTDIR);
    check("readdir: a count that wraps", sys_readdir(directory, entries, -1ul / 8) <= 0);
    sys_unlink("/tmp/t/file");
    check_result("a file without a name can be read", sys_read(file, entries, 1), 0);
    sys_close(file);
    sys_close(directory);
}

void test_names(void)
{
    test_directories();
    test_long_names();
    test_links();
    test_rename();
    test_current();
    check_unreadable("mkdir", mkdir_at);
    check_unreadable("rmdir", rmdir_at);
    check_unreadable("unlink", unlink_at);
    check_unreadable("chdir", chdir_to);
    check_unreadable("chmod", chmod_at);
    check_unreadable("rename, from", rename_from);
    check_unreadable("rename, to", rename_to);
    check_unreadable("link, to", link_to);
    check_unwritable("getcwd", cwd_to);
    check_unwritable("readdir", entries_to);
    test_entries();
    check_result("rmdir: the end of it", sys_rmdir("/tmp/t"), 0);
}
