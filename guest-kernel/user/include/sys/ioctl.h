/* SPDX-License-Identifier: MIT */
/* The one request there is: how large the terminal is. */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H

#define TIOCGWINSZ 1

struct winsize {
    unsigned short ws_row, ws_col;
};

int ioctl(int descriptor, unsigned long request, ...);

#endif
