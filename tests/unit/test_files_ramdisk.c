/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: ramdisk.c. Archives as cpio makes them, and broken ones: each cut short at
 * every byte, and with every byte changed.
 */
#include "guest_files.h"

static char archive[4096];
static size_t archive_size;

static void pad(void)
{
    while (archive_size % 4)
        archive[archive_size++] = '\0';
}

static void add(const char *name, uint32_t mode, const char *text)
{
    archive_size += (size_t)sprintf(
        archive + archive_size, "070701%08x%08x%08x%08x%08x%08x%08zX%08x%08x%08x%08x%08zx%08x", 1,
        mode, 0, 0, 1, 1234567890, strlen(text), 8, 1, 0, 0, strlen(name) + 1, 0);
    strcpy(archive + archive_size, name);
    archive_size += strlen(name) + 1;
    pad();
    memcpy(archive + archive_size, text, strlen(text));
    archive_size += strlen(text);
    pad();
}

static void make_archive(void)
{
    kernel_reset();
    archive_size = 0;
    add(".", 0040755, "");
    add("bin", 0040755, "");
    add("bin/sh", 0100755, "a program");
    add("./etc", 0040755, "");
    add("./etc/motd", 0100644, "Hello.");
    add("etc/link", 0120777, "motd");
    add("empty", 0100600, "");
    add("TRAILER!!!", 0, "");
}

/* A copy of exactly its size, so that one byte too far is seen. */
static bool load(void)
{
    char *copy = malloc(archive_size + 1);
    bool good;

    memcpy(copy, archive, archive_size);
    copy = realloc(copy, archive_size ? archive_size : 1);
    good = ramdisk_load(copy, archive_size);
    free(copy);
    return good;
}

static void test_good(void **state)
{
    struct api_stat stat;

    (void)state;
    make_archive();
    check("loaded", load());
    check_string("sh", contents("/bin/sh"), "a program");
    check_string("motd", contents("/etc/motd"), "Hello.");
    check_string("empty", contents("/empty"), "");
    check_string("left out", contents("/etc/link"), "(none)");
    check_string("said so", kernel.shown,
                 "ramdisk: etc/link is no file and no directory: left out\n");
    CALL(stat, "/bin/sh", &stat);
    check_number("mode", stat.mode, API_S_REGULAR | 0755);
    check_number("time", stat.modified, 1234567890);
    CALL(stat, "/empty", &stat);
    check_number("read-write for all", stat.mode, API_S_REGULAR | 0644);
    check("again over the same", load());

    kernel.facts.ramdisk = archive;
    kernel.facts.ramdisk_size = archive_size;
    check("at start, when there is /dev already", !tree_init());
}

static void test_broken(void **state)
{
    size_t whole, last_start;

    (void)state;
    make_archive();
    whole = archive_size;
    last_start = whole - 124; /* the trailer: header, name, padding */
    for (archive_size = 0; archive_size < whole; archive_size++) {
        kernel.shown_length = 0;
        check_number("cut short", load(), archive_size >= last_start + 110 + 11);
    }

    /* Only that nothing is touched that is not the archive's. */
    for (size_t i = 0; i < whole; i++) {
        make_archive();
        archive[i] ^= 1;
        load();
        make_archive();
        archive[i] = 'f';
        load();
    }

    make_archive();
    archive_size = 0;
    add("a", 0100644, "");
    archive[archive_size - 1] = 'b'; /* the name's zero, and the last byte of all */
    check("a name without an end", !load());

    make_archive();
    archive_size = 0;
    add("none/file", 0100644, "x");
    check("no directory for it", !load());
    check_string("said so", kernel.shown, "ramdisk: none/file: error 2\n");
}

static void test_too_large(void **state)
{
    (void)state;
    make_archive();
    kernel.pages_limit = kernel.pages;
    check("no memory", !load());
    check_string("said so", kernel.shown, "ramdisk: bin: error 28\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_too_large),
    };

    return RUN_TESTS(tests);
}
