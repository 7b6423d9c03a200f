/* SPDX-License-Identifier: MIT */
/* What <termios.h> of newlib leaves to the system. Only what the kernel's terminal can do. */
#ifndef _SYS_TERMIOS_H
#define _SYS_TERMIOS_H

#include <sys/types.h>

typedef unsigned int tcflag_t;
typedef unsigned char cc_t;

#define ICRNL  0x1 /* c_iflag: Enter's \r is read as \n */
#define OPOST  0x1 /* c_oflag: \n is written as \r\n */
#define CS8    0x1 /* c_cflag: always */
#define ICANON 0x1 /* c_lflag: input comes in lines */
#define ECHO   0x2 /* c_lflag: input is shown */
#define ISIG   0x4 /* c_lflag: Ctrl-C is a signal */

#define VMIN  0 /* c_cc without ICANON: a read waits for so many bytes */
#define VTIME 1 /* c_cc without ICANON: or for so many tenths of a second */
#define NCCS  2

struct termios {
    tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
    cc_t c_cc[NCCS];
};

#define TCSANOW   0
#define TCSADRAIN 1
#define TCSAFLUSH 2

int tcgetattr(int descriptor, struct termios *out);
int tcsetattr(int descriptor, int when, const struct termios *in);

#endif
