/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: thousands of random system calls on files, some with no memory left or with
 * bad addresses. The sanitizers see what is touched that should not be; now and then the whole tree
 * is looked at, and at the end everything must have come back.
 */
#include "guest_files.h"

#define CALLS 40000

static const char *const paths[] = {
    "/a", "/b",    "/d",   "/d/a", "/d/e", "/d/e/f",    "/d/e/g",       "a",
    "b",  "e",     "..",   "../a", ".",    "/d/../d/e", "/d/",          "/d/e/",
    "/",  "/dev/", "/a/b", "",     "/dev", "/dev/zero", "/proc/memory", "/dev/null",
};

static const int open_flags[] = {
    API_O_RDONLY,
    API_O_RDWR,
    API_O_RDWR | API_O_CREAT,
    API_O_WRONLY | API_O_CREAT | API_O_EXCL,
    API_O_RDWR | API_O_TRUNC | API_O_NONBLOCK,
    API_O_WRONLY | API_O_APPEND | API_O_CREAT | API_O_CLOEXEC,
    API_O_RDONLY | API_O_DIRECTORY,
};

static uint64_t seed = 1;

/* 0 to limit - 1, the same in every run. */
static unsigned long pick(unsigned long limit)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % limit;
}

static unsigned long pick_path(void)
{
    if (pick(64) == 0)
        return BAD_ADDRESS;
    return (unsigned long)paths[pick(sizeof(paths) / sizeof(paths[0]))];
}

/* Near the start, near the edges of pages of pointers, near the end. */
static unsigned long pick_place(void)
{
    static const unsigned long bases[] = { 0, 4096, 2097152, 1ul << 30 };

    return bases[pick(4)] + pick(8192) - 4096;
}

static long call_on_name(void)
{
    switch (pick(10)) {
    case 0:
    case 1:
    case 2: return CALL(open, pick_path(), open_flags[pick(7)], pick(01000));
    case 3: return CALL(mkdir, pick_path());
    case 4: return CALL(rmdir, pick_path());
    case 5: return CALL(unlink, pick_path());
    case 6: return CALL(link, pick_path(), pick_path());
    case 7: return CALL(rename, pick_path(), pick_path());
    case 8: return CALL(chdir, pick_path());
    default: return CALL(chmod, pick_path(), pick(4) ? 0755 : pick(01000));
    }
}

static long call_on_descriptor(void)
{
    static char buffer[8192];
    unsigned long at = pick(64) ? (unsigned long)buffer : BAD_ADDRESS;
    unsigned long descriptor = pick(DESCRIPTORS + 2) - 1;

    switch (pick(14)) {
    case 0:
    case 1: return CALL(close, descriptor);
    case 2: return CALL(read, descriptor, at, pick(sizeof(buffer)));
    case 3:
    case 4: return CALL(write, descriptor, at, pick(sizeof(buffer)));
    case 5:
    case 6: return CALL(lseek, descriptor, pick_place(), pick(4));
    case 7: return CALL(ftruncate, descriptor, pick_place());
    case 8: return CALL(dup2, descriptor, pick(DESCRIPTORS + 2) - 1);
    case 9: return CALL(pipe, at);
    case 10: return CALL(setflags, descriptor, API_O_NONBLOCK | API_O_APPEND, pick(2));
    case 11: return CALL(readdir, descriptor, at, pick(100));
    case 12: return CALL(getcwd, at, pick(32));
    default: return CALL(fstat, descriptor, at);
    }
}

/* ---- Looking at the tree ---- */

/* How many names a node has in all of the tree below directory. */
static unsigned names_of(const struct node *directory, const struct node *node)
{
    unsigned count = 0;

    for (const struct entry *entry = directory->directory.entries; entry; entry = entry->next) {
        count += entry->node == node;
        if (node_is(entry->node, API_S_DIRECTORY))
            count += names_of(entry->node, node);
    }
    return count;
}

static void check_tree(const struct node *directory)
{
    uint64_t serial = 0;

    for (const struct entry *entry = directory->directory.entries; entry; entry = entry->next) {
        check_number(entry->name, entry->node->links, names_of(node_root(), entry->node));
        check(entry->name, entry->serial > serial);
        serial = entry->serial;
        if (!node_is(entry->node, API_S_DIRECTORY))
            continue;
        check(entry->name, entry->node->directory.parent == directory);
        check_tree(entry->node);
    }
}

static void test_random(void **state)
{
    unsigned long pages, pieces;
    unsigned good = 0;

    (void)state;
    kernel_reset();
    pages = kernel.pages;
    pieces = kernel.pieces;
    for (unsigned i = 0; i < CALLS; i++) {
        long result;

        kernel.fail_at = pick(8) == 0 ? (long)pick(4) : -1;
        kernel.interrupted = false;
        kernel.pages_limit = pick(16) == 0 ? kernel.pages + 2 : 4096;
        result = pick(3) == 0 ? call_on_name() : call_on_descriptor();
        check("a result or an error", result > -128);
        good += result >= 0;
        if (i % 64 == 0)
            check_tree(node_root());
    }
    check("a fair share of them did something", good > CALLS / 5);

    kernel_reset();
    check_number("pages", kernel.pages, pages);
    check_number("pieces of the heap", kernel.pieces, pieces);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_random) };

    return RUN_TESTS(tests);
}
