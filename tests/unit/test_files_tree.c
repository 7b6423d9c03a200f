/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: tree.c and path.c by way of the system calls on names. Each case of a table
 * begins with the same small tree.
 */
#include "guest_files.h"

#define LONG_NAME "a234567890b234567890c234567890d234567890e234567890f23456789" /* 59 */

static void make_tree(void)
{
    kernel_reset();
    make_file("/file", "one");
    make_file("/other", "two");
    CALL(mkdir, "/empty");
    CALL(mkdir, "/full");
    CALL(mkdir, "/full/sub");
    make_file("/full/file", "three");
}

static void test_walking(void **state)
{
    static const struct {
        const char *directory, *path;
        long expect; /* 0, or the error */
    } cases[] = {
        { "/", "/", 0 },
        { "/", "//", 0 },
        { "/", ".", 0 },
        { "/", "..", 0 },
        { "/", "../../..", 0 },
        { "/", "", API_ENOENT },
        { "/", "file", 0 },
        { "/", "./file", 0 },
        { "/", "///full//file", 0 },
        { "/", "full/../file", 0 },
        { "/", "full/./sub/../file", 0 },
        { "/", "full/sub/", 0 },
        { "/", "full/sub/.", 0 },
        { "/", "file/", API_ENOTDIR },
        { "/", "file/.", API_ENOTDIR },
        { "/", "file/..", API_ENOTDIR },
        { "/", "file/x", API_ENOTDIR },
        { "/", "none", API_ENOENT },
        { "/", "none/", API_ENOENT },
        { "/", "none/x", API_ENOENT },
        { "/", "fil", API_ENOENT },
        { "/", "files", API_ENOENT },
        { "/", LONG_NAME, API_ENOENT },
        { "/", LONG_NAME "x", API_ENAMETOOLONG },
        { "/", "full/" LONG_NAME "x/y", API_ENAMETOOLONG },
        { "/full", "file", 0 },
        { "/full", "../file", 0 },
        { "/full/sub", "../../empty", 0 },
        { "/full", "/file", 0 },
        { "/full", "other", API_ENOENT },
    };
    struct api_stat stat;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_tree();
        check_number(cases[i].path, CALL(chdir, cases[i].directory), 0);
        check_number(cases[i].path, CALL(stat, cases[i].path, &stat), -cases[i].expect);
    }
}

static void test_long_paths(void **state)
{
    char path[2048];

    (void)state;
    make_tree();
    memset(path, '/', sizeof(path));
    path[1023] = '\0';
    check_number("1023 slashes", CALL(chdir, path), 0);
    path[1023] = '/';
    path[1024] = '\0';
    check_number("1024 slashes", CALL(chdir, path), -API_ENAMETOOLONG);
    check_number("a bad pointer", CALL(chdir, BAD_ADDRESS), -API_EFAULT);
    check_number("a name that is just short enough", CALL(mkdir, "/" LONG_NAME), 0);
    check_number("and is found again", CALL(chdir, "/" LONG_NAME), 0);
}

enum operation { MKDIR, RMDIR, UNLINK, LINK, RENAME, CREATE, CHMOD, CHDIR };

static long operate(enum operation operation, const char *a, const char *b)
{
    long descriptor;

    switch (operation) {
    case MKDIR: return CALL(mkdir, a);
    case RMDIR: return CALL(rmdir, a);
    case UNLINK: return CALL(unlink, a);
    case LINK: return CALL(link, a, b);
    case RENAME: return CALL(rename, a, b);
    case CHMOD: return CALL(chmod, a, 0600);
    case CHDIR: return CALL(chdir, a);
    case CREATE: break;
    }
    descriptor = CALL(open, a, API_O_WRONLY | API_O_CREAT | API_O_EXCL, 0);
    return descriptor < 0 ? descriptor : CALL(close, descriptor);
}

static const struct {
    enum operation operation;
    const char *a, *b;
    long expect;
} refused[] = {
    { MKDIR, "/file", 0, API_EEXIST },
    { MKDIR, "/full", 0, API_EEXIST },
    { MKDIR, "/", 0, API_EEXIST },
    { MKDIR, "/full/..", 0, API_EEXIST },
    { MKDIR, "/none/x", 0, API_ENOENT },
    { MKDIR, "/file/x", 0, API_ENOTDIR },
    { MKDIR, "", 0, API_ENOENT },
    { CREATE, "/file", 0, API_EEXIST },
    { CREATE, "/new/", 0, API_ENOTDIR },
    { CREATE, "/none/x", 0, API_ENOENT },
    { RMDIR, "/none", 0, API_ENOENT },
    { RMDIR, "/file", 0, API_ENOTDIR },
    { RMDIR, "/full", 0, API_ENOTEMPTY },
    { RMDIR, "/", 0, API_EBUSY },
    { RMDIR, "/dev", 0, API_EBUSY },
    { RMDIR, "/empty/.", 0, API_EINVAL },
    { RMDIR, "/full/sub/..", 0, API_EINVAL },
    { UNLINK, "/none", 0, API_ENOENT },
    { UNLINK, "/file/", 0, API_ENOTDIR },
    { UNLINK, "/empty", 0, API_EISDIR },
    { UNLINK, "/empty/.", 0, API_EISDIR },
    { UNLINK, "/dev/null", 0, API_EBUSY },
    { UNLINK, "/proc/memory", 0, API_EBUSY },
    { LINK, "/none", "/x", API_ENOENT },
    { LINK, "/empty", "/x", API_EPERM },
    { LINK, "/dev/null", "/x", API_EBUSY },
    { LINK, "/file", "/other", API_EEXIST },
    { LINK, "/file", "/file", API_EEXIST },
    { LINK, "/file", "/x/", API_ENOTDIR },
    { LINK, "/file", "/none/x", API_ENOENT },
    { RENAME, "/none", "/x", API_ENOENT },
    { RENAME, "/file", "/none/x", API_ENOENT },
    { RENAME, "/file", "/other/x", API_ENOTDIR },
    { RENAME, "/file/", "/x", API_ENOTDIR },
    { RENAME, "/file", "/x/", API_ENOTDIR },
    { RENAME, "/file", "/empty", API_EISDIR },
    { RENAME, "/empty", "/file", API_ENOTDIR },
    { RENAME, "/empty", "/full", API_ENOTEMPTY },
    { RENAME, "/full", "/full", 0 },
    { RENAME, "/full", "/full/x", API_EINVAL },
    { RENAME, "/full", "/full/sub/x", API_EINVAL },
    { RENAME, "/full", "/full/sub", API_EINVAL },
    { RENAME, "/full/sub", "/full", API_ENOTEMPTY },
    { RENAME, "/full/.", "/x", API_EINVAL },
    { RENAME, "/full/sub/..", "/x", API_EINVAL },
    { RENAME, "/empty", "/full/..", API_EINVAL },
    { RENAME, "/empty", "/full/.", API_EINVAL },
    { RENAME, "/", "/x", API_EBUSY },
    { RENAME, "/file", "/dev/null", API_EBUSY },
    { RENAME, "/dev/null", "/x", API_EBUSY },
    { RENAME, "/dev", "/x", API_EBUSY },
    { CHMOD, "/none", 0, API_ENOENT },
    { CHMOD, "/dev/null", 0, API_EBUSY },
    { CHMOD, "/", 0, API_EBUSY },
    { CHDIR, "/file", 0, API_ENOTDIR },
    { CHDIR, "/none", 0, API_ENOENT },
};

/* The error, and that nothing has changed. */
static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        unsigned long pieces, pages;

        make_tree();
        pieces = kernel.pieces;
        pages = kernel.pages;
        check_number(refused[i].a, operate(refused[i].operation, refused[i].a, refused[i].b),
                     -refused[i].expect);
        check_number(refused[i].a, kernel.pieces, pieces);
        check_number(refused[i].a, kernel.pages, pages);
        check_string(refused[i].a, contents("/file"), "one");
        check_string(refused[i].a, contents("/full/file"), "three");
    }
}

/* What goes, and where the contents are then. */
static void test_renamed(void **state)
{
    static const struct {
        const char *old, *name;
        const char *path, *text; /* this path then has this text */
    } cases[] = {
        { "/file", "/new", "/new", "one" },
        { "/file", "/other", "/other", "one" },
        { "/file", "/full/file", "/full/file", "one" },
        { "/full/file", "/file", "/file", "three" },
        { "/full", "/new", "/new/file", "three" },
        { "/full/", "/new/", "/new/file", "three" },
        { "/full", "/empty", "/empty/file", "three" },
        { "/full", "/empty/sub", "/empty/sub/file", "three" },
        { "/full/file", "/full/last", "/full/last", "three" }, /* the last one of its list */
        { "/full/sub", "/full/sun", "/full/file", "three" },
        { "/file", "full/sub/../x", "/full/x", "one" },
    };
    struct api_stat stat;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_tree();
        check_number(cases[i].old, CALL(rename, cases[i].old, cases[i].name), 0);
        check_string(cases[i].old, contents(cases[i].path), cases[i].text);
        check_number(cases[i].old, CALL(stat, cases[i].old, &stat), -API_ENOENT);
        check_number(cases[i].old, CALL(stat, cases[i].name, &stat), 0);
        check_number(cases[i].old, stat.links, 1);
    }
}

/* ".." follows a directory that moves. */
static void test_parent_after_rename(void **state)
{
    char path[64];

    (void)state;
    make_tree();
    CALL(chdir, "/full/sub");
    check_number("move", CALL(rename, "/full/sub", "/empty/sup"), 0);
    check_number("getcwd", CALL(getcwd, path, sizeof(path)), 11);
    check_string("getcwd", path, "/empty/sup");
    check_number("..", CALL(chdir, ".."), 0);
    CALL(getcwd, path, sizeof(path));
    check_string("..", path, "/empty");
    check_number("over an empty one", CALL(rename, "/full", "/empty/sup"), 0);
    check_number("into it", CALL(chdir, "/empty/sup"), 0);
    check_string("its file", contents("../sup/file"), "three");
}

static void test_links(void **state)
{
    struct api_stat stat;

    (void)state;
    make_tree();
    check_number("link", CALL(link, "/file", "/empty/again"), 0);
    CALL(stat, "/file", &stat);
    check_number("links", stat.links, 2);
    make_file("/file", "changed");
    check_string("one file", contents("/empty/again"), "changed");
    check_number("onto itself", CALL(rename, "/file", "/empty/again"), 0);
    check_string("both are there", contents("/file"), "changed");
    check_number("unlink", CALL(unlink, "/file"), 0);
    check_string("the other stays", contents("/empty/again"), "changed");
    CALL(stat, "/empty/again", &stat);
    check_number("links", stat.links, 1);
}

/* A file without a name lives on while it is open. */
static void test_unlink_open(void **state)
{
    unsigned long pages;
    char text[8] = "";
    long descriptor;

    (void)state;
    make_tree();
    pages = kernel.pages;
    descriptor = CALL(open, "/file", API_O_RDWR);
    check_number("unlink", CALL(unlink, "/file"), 0);
    check_string("no name", contents("/file"), "(none)");
    check_number("another of this name", operate(CREATE, "/file", NULL), 0);
    check_number("read", CALL(read, descriptor, text, 8), 3);
    check_string("read", text, "one");
    check_number("close", CALL(close, descriptor), 0);
    check_number("its page is back", kernel.pages, pages - 1);
}

/* The current directory was removed. */
static void test_removed_directory(void **state)
{
    char path[64];
    struct api_stat stat;

    (void)state;
    make_tree();
    CALL(chdir, "/empty");
    check_number("rmdir", CALL(rmdir, "/empty"), 0);
    check_number("getcwd", CALL(getcwd, path, sizeof(path)), -API_ENOENT);
    check_number(".", CALL(stat, ".", &stat), 0);
    check_number("..", CALL(stat, "..", &stat), -API_ENOENT);
    check_number("../file", CALL(stat, "../file", &stat), -API_ENOENT);
    check_number("create", operate(CREATE, "x", NULL), -API_ENOENT);
    check_number("create ..", operate(CREATE, "..", NULL), -API_ENOENT);
    check_number("mkdir", CALL(mkdir, "x"), -API_ENOENT);
    check_number("rename into it", CALL(rename, "/file", "x"), -API_ENOENT);
    check_number("link into it", CALL(link, "/file", "x"), -API_ENOENT);
    check_number("once more", CALL(rmdir, "."), -API_EINVAL);
    check_number("away", CALL(chdir, "/"), 0);
}

static void test_current_directory(void **state)
{
    char path[API_PATH_MAX];

    (void)state;
    make_tree();
    check_number("root", CALL(getcwd, path, sizeof(path)), 2);
    check_string("root", path, "/");
    CALL(chdir, "/full/sub");
    check_number("too small", CALL(getcwd, path, 9), -API_ERANGE);
    check_number("1 byte", CALL(getcwd, path, 1), -API_ERANGE);
    check_number("none", CALL(getcwd, path, 0), -API_ERANGE);
    check_number("just enough", CALL(getcwd, path, 10), 10);
    check_string("just enough", path, "/full/sub");
    check_number("bad address", CALL(getcwd, BAD_ADDRESS, 64), -API_EFAULT);

    /* Deeper than a path can tell. */
    for (unsigned i = 0; i < 30; i++) {
        check_number("deeper", CALL(mkdir, LONG_NAME), 0);
        check_number("deeper", CALL(chdir, LONG_NAME), 0);
    }
    check_number("too deep", CALL(getcwd, path, sizeof(path)), -API_ERANGE);
    for (unsigned i = 0; i < 30; i++) {
        check_number("up", CALL(chdir, ".."), 0);
        check_number("up", CALL(rmdir, LONG_NAME), 0);
    }
}

/* Each allocation fails once: the call says so, and nothing is lost or half done. */
static void test_out_of_memory(void **state)
{
    static const struct {
        enum operation operation;
        const char *a, *b;
        long expect;
    } cases[] = {
        { MKDIR, "/new", 0, API_ENOSPC },
        { CREATE, "/new", 0, API_ENOSPC },
        { LINK, "/file", "/new", API_ENOSPC },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        long result = -1, fail_at;

        for (fail_at = 0; result; fail_at++) {
            unsigned long pieces;

            make_tree();
            pieces = kernel.pieces;
            kernel.fail_at = fail_at;
            result = operate(cases[i].operation, cases[i].a, cases[i].b);
            kernel.fail_at = -1;
            if (!result)
                break;
            check(cases[i].a, result == -cases[i].expect || result == -API_ENFILE);
            check_number(cases[i].a, kernel.pieces, pieces);
            check_string(cases[i].a, contents("/new"), "(none)");
        }
        check(cases[i].a, fail_at > 0);
    }

    make_tree();
    kernel.pages_limit = kernel.pages;
    check_number("no page left", CALL(mkdir, "/new"), -API_ENOSPC);
    check_number("room is made", CALL(unlink, "/file"), 0);
    check_number("and used", CALL(mkdir, "/new"), 0);
}

static void test_reading_directories(void **state)
{
    struct api_dirent entries[8];
    long descriptor;

    (void)state;
    make_tree();
    descriptor = CALL(open, "/full", API_O_RDONLY | API_O_DIRECTORY);
    check_number("all", CALL(readdir, descriptor, entries, 8), 4);
    check_string("1", entries[0].name, ".");
    check_string("2", entries[1].name, "..");
    check_string("3", entries[2].name, "sub");
    check_string("4", entries[3].name, "file");
    check("inodes", entries[0].inode != entries[1].inode && entries[3].inode);
    check_number("the end", CALL(readdir, descriptor, entries, 8), 0);
    check_number("back", CALL(lseek, descriptor, 0, 0), 0);

    /* What goes and comes between two reads shifts nothing. */
    check_number("three", CALL(readdir, descriptor, entries, 3), 3);
    CALL(rmdir, "/full/sub");
    operate(CREATE, "/full/new", NULL);
    check_number("the rest", CALL(readdir, descriptor, entries, 8), 2);
    check_string("old", entries[0].name, "file");
    check_string("new", entries[1].name, "new");

    check_number("none asked for", CALL(readdir, descriptor, entries, 0), 0);
    check_number("huge count", CALL(readdir, descriptor, BAD_ADDRESS, ~0ul), -API_EFAULT);
    check_number("read", CALL(read, descriptor, entries, 8), -API_EISDIR);
    check_number("write", CALL(write, descriptor, entries, 8), -API_EBADF);
    CALL(close, descriptor);
    descriptor = CALL(open, "/file", API_O_RDONLY);
    check_number("a file", CALL(readdir, descriptor, entries, 8), -API_ENOTDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walking),
        cmocka_unit_test(test_long_paths),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_parent_after_rename),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_unlink_open),
        cmocka_unit_test(test_removed_directory),
        cmocka_unit_test(test_current_directory),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_reading_directories),
    };

    return RUN_TESTS(tests);
}
