/* SPDX-License-Identifier: MIT */
/* Devices, the terminal's requests, clocks, nanosleep, uname. */
#include <string.h>

#include "check.h"

static long console;

static long tty_to(void *pointer)
{
    return sys_tty(console, API_TTY_GET, pointer);
}

static long tty_from(void *pointer)
{
    return sys_tty(console, API_TTY_SET, pointer);
}

static long time_to(void *pointer)
{
    return sys_gettime(1, pointer);
}

static long uname_to(void *pointer)
{
    return sys_uname(pointer);
}

static long sleep_from(void *pointer)
{
    return sys_nanosleep(pointer, NULL);
}

static void test_terminal(void)
{
    struct api_tty tty, again;
    int32_t group = 0;
    long null = sys_open("/dev/null", API_O_RDWR, 0);

    console = sys_open("/dev/console", API_O_RDWR, 0);
    check("open: the console", console >= 0);
    check_result("tty: get", sys_tty(console, API_TTY_GET, &tty), 0);
    check_result("tty: set", sys_tty(console, API_TTY_SET, &tty), 0);
    sys_tty(console, API_TTY_GET, &again);
    check("tty: what was set", memcmp(&tty, &again, sizeof(tty)) == 0);
    check_result("tty: the group", sys_tty(console, API_TTY_GET_GROUP, &group), 0);
    check("tty: no such request", sys_tty(console, 99, &tty) < 0);
    check_result("tty: not a terminal", sys_tty(null, API_TTY_GET, &tty), -API_ENOTTY);
    check_unwritable("tty, get", tty_to);
    check_unreadable("tty, set", tty_from);
    check_result("lseek: the console", sys_lseek(console, 0, 0), -API_ESPIPE);
    sys_close(console);
    sys_close(null);
}

static void test_devices(void)
{
    long null = sys_open("/dev/null", API_O_RDWR, 0), zero = sys_open("/dev/zero", API_O_RDWR, 0);
    char bytes[4] = "abc";

    check_result("read: /dev/null", sys_read(null, bytes, 4), 0);
    check_result("write: /dev/null", sys_write(null, bytes, 4), 4);
    check("read: /dev/zero", sys_read(zero, bytes, 4) == 4 && memcmp(bytes, "\0\0\0", 4) == 0);
    check("open: /proc for writing", sys_open("/proc/memory", API_O_RDWR, 0) < 0);
    check_result("open: a new file in /proc", sys_open("/proc/new", API_O_RDWR | API_O_CREAT, 0),
                 -API_EACCES);
    check_result("mkdir: in /proc", sys_mkdir("/proc/new"), -API_EACCES);
    sys_close(null);
    sys_close(zero);
}

static void test_time(void)
{
    struct api_time begin, end, length = { 0, 20000000 };
    long long passed;

    check_result("gettime", sys_gettime(1, &begin), 0);
    check_result("nanosleep: 20 ms", sys_nanosleep(&length, NULL), 0);
    sys_gettime(1, &end);
    passed = (end.seconds - begin.seconds) * 1000000000ll + end.nanoseconds - begin.nanoseconds;
    check("nanosleep: not too short", passed >= 20000000);
    check_result("gettime: since 1970", sys_gettime(0, &begin), 0);
    check("gettime: after 2020", begin.seconds > 1577836800);
    check_result("gettime: of the processor", sys_gettime(2, &begin), 0);
    check_result("gettime: no such clock", sys_gettime(3, &begin), -API_EINVAL);
    length.nanoseconds = 1000000000;
    check_result("nanosleep: too many nanoseconds", sys_nanosleep(&length, NULL), -API_EINVAL);
    length.nanoseconds = -1;
    check_result("nanosleep: below 0", sys_nanosleep(&length, NULL), -API_EINVAL);
    length.seconds = -1;
    length.nanoseconds = 0;
    check_result("nanosleep: seconds below 0", sys_nanosleep(&length, NULL), -API_EINVAL);
    check_unwritable("gettime", time_to);
    check_unreadable("nanosleep", sleep_from);
}

static void sleeps_long(void)
{
    struct api_time length = { 0x7fffffffffffffff, 999999999 };

    sys_alarm(30);
    sys_nanosleep(&length, NULL);
    sys_exit(3);
}

void test_console_and_time(void)
{
    struct api_uname names;

    test_terminal();
    test_devices();
    test_time();
    check_result("nanosleep: for ever", in_child(sleeps_long), API_SIGALRM);
    check("uname", sys_uname(&names) == 0 && names.system[0] != '\0' && names.machine[0] != '\0');
    check_unwritable("uname", uname_to);
    check("reboot: no such way", sys_reboot(7) < 0);
}
