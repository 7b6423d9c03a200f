/* SPDX-License-Identifier: MIT */
/*
 * The terminal: termios as POSIX has it, of the few things that the kernel's terminal can do.
 */
#include <stdarg.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "user/lib/result.h"
#include "user/lib/stubs.h"

int tcgetattr(int descriptor, struct termios *out)
{
    struct api_tty tty;

    if (result(sys_tty(descriptor, API_TTY_GET, &tty)) == -1)
        return -1;
    out->c_iflag = tty.mode & API_TTY_CR_NL ? ICRNL : 0;
    out->c_oflag = OPOST;
    out->c_cflag = CS8;
    out->c_lflag = (tty.mode & API_TTY_LINES ? ICANON : 0) | (tty.mode & API_TTY_ECHO ? ECHO : 0) |
                   (tty.mode & API_TTY_SIGNALS ? ISIG : 0);
    out->c_cc[VMIN] = tty.minimum;
    out->c_cc[VTIME] = tty.tenths;
    return 0;
}

int tcsetattr(int descriptor, int when, const struct termios *in)
{
    struct api_tty tty;

    (void)when; /* output is never buffered */
    if (result(sys_tty(descriptor, API_TTY_GET, &tty)) == -1)
        return -1;
    tty.mode &= ~(API_TTY_LINES | API_TTY_ECHO | API_TTY_SIGNALS | API_TTY_CR_NL);
    tty.mode |=
        (in->c_lflag & ICANON ? API_TTY_LINES : 0) | (in->c_lflag & ECHO ? API_TTY_ECHO : 0) |
        (in->c_lflag & ISIG ? API_TTY_SIGNALS : 0) | (in->c_iflag & ICRNL ? API_TTY_CR_NL : 0);
    tty.minimum = in->c_cc[VMIN];
    tty.tenths = in->c_cc[VTIME];
    return result(sys_tty(descriptor, API_TTY_SET, &tty));
}

int ioctl(int descriptor, unsigned long request, ...)
{
    struct api_tty tty;
    struct winsize *size;
    va_list rest;

    if (request != TIOCGWINSZ)
        return result(-EINVAL);
    va_start(rest, request);
    size = va_arg(rest, struct winsize *);
    va_end(rest);
    if (result(sys_tty(descriptor, API_TTY_GET, &tty)) == -1)
        return -1;
    size->ws_row = tty.rows;
    size->ws_col = tty.columns;
    return 0;
}

int isatty(int descriptor)
{
    struct api_tty tty;

    return result(sys_tty(descriptor, API_TTY_GET, &tty)) == 0;
}

pid_t tcgetpgrp(int descriptor)
{
    int32_t group;

    return result(sys_tty(descriptor, API_TTY_GET_GROUP, &group)) == -1 ? -1 : group;
}

int tcsetpgrp(int descriptor, pid_t group)
{
    int32_t number = group;

    return result(sys_tty(descriptor, API_TTY_SET_GROUP, &number));
}
