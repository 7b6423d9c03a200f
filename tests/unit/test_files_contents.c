/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: what open, read, write, lseek, ftruncate and descriptors do with regular
 * files (regular.c), devices and the texts of /proc; and the ramdisk.
 */
#include "guest_files.h"

#define RDWR (API_O_RDWR | API_O_CREAT)

static void test_open(void **state)
{
    static const struct {
        const char *path;
        int flags;
        long expect; /* the error, or 0 */
    } cases[] = {
        { "/file", API_O_RDONLY, 0 },
        { "/file", API_O_ACCMODE, API_EINVAL },
        { "/file", API_O_RDWR | API_O_CREAT, 0 },
        { "/file", API_O_RDWR | API_O_CREAT | API_O_EXCL, API_EEXIST },
        { "/file", API_O_DIRECTORY, API_ENOTDIR },
        { "/file/", API_O_RDONLY, API_ENOTDIR },
        { "/none", API_O_RDWR, API_ENOENT },
        { "/none", API_O_RDWR | API_O_CREAT | API_O_DIRECTORY, API_EINVAL },
        { "/dir", API_O_RDONLY, 0 },
        { "/dir", API_O_RDONLY | API_O_DIRECTORY, 0 },
        { "/dir", API_O_WRONLY, API_EISDIR },
        { "/dir", API_O_RDONLY | API_O_TRUNC, API_EISDIR },
        { "/", API_O_RDWR, API_EISDIR },
        { "/locked", API_O_RDONLY, API_EACCES },
        { "/locked", API_O_WRONLY, API_EACCES },
        { "/proc/memory", API_O_RDONLY, 0 },
        { "/proc/memory", API_O_WRONLY, API_EACCES },
        { "/proc/memory", API_O_RDONLY | API_O_TRUNC, API_EACCES },
        { "/dev/null", API_O_RDWR | API_O_TRUNC | API_O_CREAT, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        long result;

        kernel_reset();
        make_file("/file", "text");
        make_file("/locked", "text");
        CALL(chmod, "/locked", 0);
        CALL(mkdir, "/dir");
        result = CALL(open, cases[i].path, cases[i].flags, 0);
        check_number(cases[i].path, result, -cases[i].expect); /* the first descriptor is 0 */
    }
}

static void test_modes(void **state)
{
    struct api_stat stat;

    (void)state;
    kernel_reset();
    kernel.time = 5000000000;
    CALL(open, "/file", RDWR, 0777);
    check_number("stat", CALL(stat, "/file", &stat), 0);
    check_number("run bits only", stat.mode, API_S_REGULAR | 0755);
    check_number("time", stat.modified, 1000005);
    check_number("chmod", CALL(chmod, "/file", 0177777), 0);
    CALL(fstat, 0, &stat);
    check_number("bits only", stat.mode, API_S_REGULAR | 0777);
    check_number("bad address", CALL(stat, "/file", BAD_ADDRESS), -API_EFAULT);
    check_number("bad address", CALL(fstat, 0, BAD_ADDRESS), -API_EFAULT);
    CALL(stat, "/dev/null", &stat);
    check_number("a device", stat.mode, API_S_CHARACTER | 0666);
    check_number("a device", stat.device, 2);
}

/* A long file, written in pieces of odd sizes, is what was written. */
static void test_read_what_was_written(void **state)
{
    static char written[100000], got[100001];
    size_t done = 0;

    (void)state;
    kernel_reset();
    for (size_t i = 0; i < sizeof(written); i++)
        written[i] = (char)(i * 7 + i / 4096);
    CALL(open, "/file", RDWR);
    for (size_t part = 1; done < sizeof(written); part = part * 3 % 9001 + 1) {
        if (part > sizeof(written) - done)
            part = sizeof(written) - done;
        check_number("write", CALL(write, 0, written + done, part), part);
        done += part;
    }
    check_number("at the end", CALL(read, 0, got, 10), 0);
    CALL(lseek, 0, 0, 0);
    check_number("read", CALL(read, 0, got, sizeof(got)), sizeof(written));
    assert_memory_equal(got, written, sizeof(written));
    check_number("node_read", node_read(node_root(), 0, got, 1), -API_EACCES);
}

static void test_places(void **state)
{
    static const struct {
        long offset;
        int from;
        long expect;
    } cases[] = {
        { 0, 0, 0 },
        { 3, 0, 3 },
        { 1, 1, 6 },
        { -5, 1, 0 },
        { -6, 1, -API_EINVAL },
        { 0, 2, 10 },
        { 5, 2, 15 },
        { -10, 2, 0 },
        { -11, 2, -API_EINVAL },
        { 0, 3, -API_EINVAL },
        { 0, -1, -API_EINVAL },
        { -1, 0, -API_EINVAL },
        { 1L << 30, 0, 1L << 30 },
        { (1L << 30) + 1, 0, -API_EINVAL },
        { INT64_MAX, 2, -API_EINVAL },
        { INT64_MIN, 1, -API_EINVAL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char name[32];

        snprintf(name, sizeof(name), "case %zu", i);
        kernel_reset();
        make_file("/file", "0123456789");
        CALL(open, "/file", API_O_RDWR);
        CALL(lseek, 0, 5, 0);
        check_number(name, CALL(lseek, 0, cases[i].offset, cases[i].from), cases[i].expect);
    }
}

/* Places that were never written take no pages and are zero; so is what comes back after a cut. */
static void test_holes_and_cuts(void **state)
{
    static const long sizes[] = { 0, 1, 100, 4095, 4096, 4097, 2097152, 2097153, 1L << 30 };
    unsigned long pages;
    char got[4];

    (void)state;
    kernel_reset();
    pages = kernel.pages;
    CALL(open, "/file", RDWR);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        check_number("grow", CALL(ftruncate, 0, 1L << 30), 0);
        CALL(lseek, 0, (1L << 30) - 2, 0);
        check_number("write at the end", CALL(write, 0, "xyz", 3), 2);
        check_number("beyond", CALL(write, 0, "z", 1), -API_EFBIG);
        check("few pages", kernel.pages <= pages + 8);
        for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
            CALL(lseek, 0, sizes[j] > 1 ? sizes[j] - 2 : 0, 0);
            check_number("write", CALL(write, 0, "ab", 2), 2);
        }
        check_number("cut", CALL(ftruncate, 0, sizes[i]), 0);
        check_number("size", CALL(lseek, 0, 0, 2), sizes[i]);
        if (sizes[i] == 1L << 30)
            continue;
        CALL(ftruncate, 0, sizes[i] + 4);
        CALL(lseek, 0, sizes[i], 0);
        check_number("read", CALL(read, 0, got, 4), 4);
        check("zero behind the cut", memcmp(got, "\0\0\0\0", 4) == 0);
        CALL(ftruncate, 0, 0);
        check_number("all back", kernel.pages, pages);
        CALL(lseek, 0, 0, 0);
        CALL(write, 0, "x", 1);
        check_number("a small file again", kernel.pages, pages + 1);
    }
    check_number("too large", CALL(ftruncate, 0, (1L << 30) + 1), -API_EFBIG);
    check_number("negative", CALL(ftruncate, 0, -1L), -API_EINVAL);
}

static void test_append_and_trunc(void **state)
{
    (void)state;
    kernel_reset();
    make_file("/file", "12345");
    CALL(open, "/file", API_O_WRONLY | API_O_APPEND);
    CALL(open, "/file", API_O_WRONLY);
    check_number("write", CALL(write, 1, "ab", 2), 2);
    check_number("append", CALL(write, 0, "xy", 2), 2);
    check_string("both", contents("/file"), "ab345xy");
    check_number("flags", CALL(setflags, 1, API_O_APPEND, 1), API_O_WRONLY | API_O_APPEND);
    CALL(write, 1, "z", 1);
    check_string("now at the end", contents("/file"), "ab345xyz");
    make_file("/file", "new");
    check_string("cut at open", contents("/file"), "new");
    CALL(write, 0, "!", 1);
    check_string("appended to the new end", contents("/file"), "new!");
}

/* Memory runs out while a file is written: as much as went in is there, and it can be removed. */
static void test_full(void **state)
{
    static char much[65536];
    unsigned long pages;
    long result;

    (void)state;
    kernel_reset();
    CALL(open, "/file", RDWR);
    pages = kernel.pages;
    kernel.pages_limit = pages + 16;
    result = CALL(write, 0, much, sizeof(much));
    check("some", result > 0 && result % 4096 == 0 && result < 16 * 4096);
    check_number("no more", CALL(write, 0, much, 1), -API_ENOSPC);
    check_number("size", CALL(lseek, 0, 0, 2), result);
    check("the reserve is left", kernel.pages < kernel.pages_limit);
    CALL(ftruncate, 0, 0);
    check_number("all back", kernel.pages, pages);

    for (long fail_at = 0; fail_at < 3; fail_at++) {
        CALL(lseek, 0, 1 << 22, 0);
        kernel.fail_at = fail_at;
        check_number("no page of pointers", CALL(write, 0, "x", 1), -API_ENOSPC);
        kernel.fail_at = -1;
        CALL(ftruncate, 0, 0);
        check_number("all back", kernel.pages, pages);
    }
}

static void test_descriptors(void **state)
{
    static const long bad[] = { -1, 3, 32, 1000, INT32_MAX, INT32_MIN };
    struct process other = { 0 };
    char text[4];

    (void)state;
    kernel_reset();
    make_file("/file", "12345");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_number("close", CALL(close, bad[i]), -API_EBADF);
        check_number("read", CALL(read, bad[i], text, 1), -API_EBADF);
        check_number("write", CALL(write, bad[i], text, 1), -API_EBADF);
        check_number("lseek", CALL(lseek, bad[i], 0, 0), -API_EBADF);
        check_number("dup", CALL(dup, bad[i]), -API_EBADF);
        check_number("dup2", CALL(dup2, bad[i], 1), -API_EBADF);
        check_number("fstat", CALL(fstat, bad[i], text), -API_EBADF);
        check_number("readdir", CALL(readdir, bad[i], text, 1), -API_EBADF);
        check_number("ftruncate", CALL(ftruncate, bad[i], 1), -API_EBADF);
        check_number("setflags", CALL(setflags, bad[i], 0, 1), -API_EBADF);
        check_number("tty", CALL(tty, bad[i], 0, text), -API_EBADF);
    }

    check_number("the lowest", CALL(open, "/file", API_O_RDONLY), 0);
    check_number("the next", CALL(dup, 0), 1);
    check_number("one place", CALL(read, 0, text, 2), 2);
    CALL(read, 1, text, 1);
    check_number("one place", text[0], '3');
    check_number("wrong direction", CALL(write, 0, text, 1), -API_EBADF);
    check_number("wrong direction", CALL(ftruncate, 0, 0), -API_EBADF);
    check_number("onto itself", CALL(dup2, 1, 1), 1);
    check_number("far", CALL(dup2, 1, 31), 31);
    check_number("too far", CALL(dup2, 1, 32), -API_EBADF);
    check_number("negative", CALL(dup2, 1, -1), -API_EBADF);
    check_number("over an open one", CALL(dup2, 31, 0), 0);
    check_number("only the int counts", CALL(read, 0x100000001, text, 1), 1);
    check_number("only the int counts", CALL(setflags, 0x100000001, 0, 0), 0);
    check_number("only the int counts", CALL(close, 0x100000001), 0);
    check_number("it is free again", CALL(open, "/file", API_O_RDONLY), 1);
    check_number("close on exec", CALL(setflags, 1, API_O_CLOEXEC, 1), API_O_CLOEXEC);
    check_number("what is no flag", CALL(setflags, 1, API_O_CREAT, 1), -API_EINVAL);

    descriptors_share(&other);
    check("shared", other.descriptors[1].file == descriptor_file(1));
    check_number("users", descriptor_file(0)->users, 4);
    descriptors_close(&other, true);
    check("only that one", !other.descriptors[1].file && other.descriptors[0].file);
    descriptors_close(&other, false);
    check_number("users", descriptor_file(0)->users, 2);

    while (CALL(dup, 0) >= 0)
        ;
    check_number("all in use", CALL(dup, 0), -API_EMFILE);
    check_number("all in use", CALL(open, "/new", RDWR), -API_EMFILE);
    CALL(close, 5);
    check_string("nothing was made", contents("/new"), "(none)");
}

static void test_bad_buffers(void **state)
{
    char text[8];

    (void)state;
    kernel_reset();
    make_file("/file", "12345");
    CALL(open, "/file", API_O_RDWR);
    check_number("read", CALL(read, 0, BAD_ADDRESS, 3), -API_EFAULT);
    check_number("write", CALL(write, 0, BAD_ADDRESS, 3), -API_EFAULT);
    check_number("huge", CALL(read, 0, ~0ul - 100, ~0ul), -API_EFAULT);
    check_number("nothing moved", CALL(read, 0, text, 8), 5);
    check_number("none of nothing", CALL(read, 0, BAD_ADDRESS, 0), 0);
    check_string("nothing changed", contents("/file"), "12345");
    check_number("open", CALL(open, BAD_ADDRESS, 0), -API_EFAULT);
}

static void test_devices(void **state)
{
    char text[5000];

    (void)state;
    kernel_reset();
    check_number("null", CALL(open, "/dev/null", API_O_RDWR), 0);
    check_number("null", CALL(read, 0, text, 8), 0);
    check_number("null", CALL(write, 0, text, sizeof(text)), sizeof(text));
    check_number("zero", CALL(open, "/dev/zero", API_O_RDWR), 1);
    memset(text, 1, sizeof(text));
    check_number("zero", CALL(read, 1, text, sizeof(text)), sizeof(text));
    check("zero", text[0] == 0 && memcmp(text, text + 1, sizeof(text) - 1) == 0);
    check_number("no terminal", CALL(tty, 0, API_TTY_GET, text), -API_ENOTTY);
    check_number("not to be cut", CALL(ftruncate, 1, 0), -API_EINVAL);
}

/* The texts of /proc; read in small pieces they show one state. */
static void test_proc(void **state)
{
    char text[256];
    size_t length = 0;
    long count;

    (void)state;
    kernel_reset();
    kernel.facts.kind = "64-bit test";
    kernel.facts.command_line = "words";
    strcpy(kernel.process.name, "shell");
    kernel.process.ran = 5000000;
    kernel.time = 61005000000;
    check_string("uptime", contents("/proc/uptime"), "61.005\n");
    check_string("memory", contents("/proc/memory"), "total: 16384\nfree: 16380\n");
    check("hypervisor", strstr(contents("/proc/hypervisor"), "machine: 64-bit test\n") != NULL);

    CALL(open, "/proc/processes", API_O_RDONLY);
    while ((count = CALL(read, 0, text + length, 3)) > 0) {
        length += (size_t)count;
        kernel.process.group = (long)length;
    }
    text[length] = '\0';
    check_string("processes", text, "7 0 7 R 0 5 shell\n9 7 0 Z 0 0 \n");
    CALL(lseek, 0, 0, 0);
    kernel.process.group = 8;
    CALL(read, 0, text, 5);
    check("made anew", memcmp(text, "7 0 8", 5) == 0);
    kernel.fail_at = 1; /* of the two allocations at opening and reading */
    CALL(open, "/proc/uptime", API_O_RDONLY);
    check_number("no memory", CALL(read, 1, text, 5), -API_ENOMEM);
}

/* More processes than a page has room for: the last line is whole. */
static void test_many_processes(void **state)
{
    struct process *table = process_table();
    const char *text;

    (void)state;
    kernel_reset();
    for (unsigned i = 8; i < PROCESSES; i++) {
        table[i] = (struct process){ .state = PROCESS_WAITING, .pid = 1000000000 + i };
        table[i].group = table[i].ran = INT64_MAX;
        memset(table[i].name, 'n', NAME_LENGTH - 1);
    }
    text = contents("/proc/processes");
    check("nearly a page", strlen(text) > 4000 && strlen(text) < 4096);
    check_string("the end", text + strlen(text) - 4, "nnn\n");
    memset(table + 8, 0, (PROCESSES - 8) * sizeof(*table));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_read_what_was_written),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_holes_and_cuts),
        cmocka_unit_test(test_append_and_trunc),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_bad_buffers),
        cmocka_unit_test(test_devices),
        cmocka_unit_test(test_proc),
        cmocka_unit_test(test_many_processes),
    };

    return RUN_TESTS(tests);
}
