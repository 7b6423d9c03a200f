/* SPDX-License-Identifier: MIT */
/* exec: good programs, bad paths, bad lists, and files that are no programs or broken ones. */
#include <string.h>

#include "check.h"

static char *const nothing[] = { NULL };
static char *const true_list[] = { (char *)"true", NULL };
static char image[64 * 1024];
static long image_size;

static void runs_true(void)
{
    sys_exec("/bin/true", true_list, nothing);
    sys_exit(9);
}

static void runs_false(void)
{
    sys_exec("/bin/false", true_list, nothing);
    sys_exit(9);
}

static long exec_path(void *path)
{
    return sys_exec(path, true_list, nothing);
}

static long exec_list(void *list)
{
    return list == NULL ? -API_EFAULT : sys_exec("/bin/true", list, nothing);
}

static long exec_environment(void *list)
{
    return list == NULL ? -API_EFAULT : sys_exec("/bin/true", true_list, list);
}

static long exec_word(void *word)
{
    char *list[] = { (char *)"true", word, NULL };

    return word == NULL ? -API_EFAULT : sys_exec("/bin/true", list, nothing);
}

static long exec_too_much(void)
{
    static char word[70 * 1024];
    char *list[] = { (char *)"true", word, NULL };

    memset(word, 'w', sizeof(word) - 1);
    return sys_exec("/bin/true", list, nothing);
}

static long exec_too_many(void)
{
    static char *list[40001];

    for (int i = 0; i < 40000; i++)
        list[i] = (char *)"x";
    return sys_exec("/bin/true", list, nothing);
}

static void test_refusals(void)
{
    long file = sys_open("/tmp/p", API_O_WRONLY | API_O_CREAT, 0666);

    sys_write(file, "echo no program\n", 16);
    check_result("exec: may not be run", sys_exec("/tmp/p", true_list, nothing), -API_EACCES);
    sys_chmod("/tmp/p", 0777);
    check_result("exec: no ELF file", sys_exec("/tmp/p", true_list, nothing), -API_ENOEXEC);
    sys_ftruncate(file, 0);
    check_result("exec: an empty file", sys_exec("/tmp/p", true_list, nothing), -API_ENOEXEC);
    sys_close(file);
    check_result("exec: not there", sys_exec("/tmp/none", true_list, nothing), -API_ENOENT);
    check_result("exec: a file as directory", sys_exec("/bin/sh/x", true_list, nothing),
                 -API_ENOTDIR);
    check_result("exec: a directory", sys_exec("/bin", true_list, nothing), -API_EACCES);
    check_result("exec: a device", sys_exec("/dev/zero", true_list, nothing), -API_EACCES);
    check_result("exec: too much", exec_too_much(), -API_E2BIG);
    check_result("exec: too many", exec_too_many(), -API_E2BIG);
    check_unreadable("exec, path", exec_path);
    check_unreadable("exec, arguments", exec_list);
    check_unreadable("exec, environment", exec_environment);
    check_unreadable("exec, an argument", exec_word);
}

static void runs_image(void)
{
    sys_exec("/tmp/p", true_list, nothing);
    sys_exit(99);
}

/* How a program ends that is /bin/true with the byte at `at` changed to value: 99: it was refused.
 */
static int run_changed(long at, char value)
{
    long file = sys_open("/tmp/p", API_O_WRONLY | API_O_TRUNC, 0);
    char before = image[at];

    image[at] = value;
    sys_write(file, image, image_size);
    image[at] = before;
    sys_close(file);
    return in_child(runs_image);
}

/* Each byte of the headers, changed: whatever the program does then, or whether it is refused, the
 * kernel lives, and this program too. */
static void test_broken_programs(void)
{
    long file = sys_open("/bin/true", API_O_RDONLY, 0), refused = 0, runs = 0;
    static const char values[] = { 0, 1, 0x7f, (char)0x80, (char)0xff };
    const long headers = sizeof(long) == 8 ? 64 + 2 * 56 : 52 + 2 * 32;

    image_size = sys_read(file, image, sizeof(image));
    sys_close(file);
    check("exec: a program to change", image_size > 200 && image_size < (long)sizeof(image));
    for (long at = 0; at < headers; at++)
        for (size_t i = 0; i < sizeof(values); i++) {
            int status = run_changed(at, values[i]);

            refused += status == ENDED_WITH(99);
            runs += status == 0;
        }
    check("exec: broken programs are refused", refused > 50);
    check("exec: bytes that do not matter do not", runs > 50);
    image_size /= 2;
    check("exec: a program that was cut", run_changed(0, image[0]) != -1);
}

void test_exec(void)
{
    check_result("exec: /bin/true", in_child(runs_true), ENDED_WITH(0));
    check_result("exec: /bin/false", in_child(runs_false), ENDED_WITH(1));
    test_refusals();
    test_broken_programs();
    check_result("unlink: the broken program", sys_unlink("/tmp/p"), 0);
}
