/* SPDX-License-Identifier: MIT */
/*
 * What kernel and programs agree on: numbers and structures of the system calls. Names carry API_
 * or api_ so that they never meet those of the C library, which user/lib/calls.c translates to.
 * Structures have the same layout at 32 and 64 bits.
 */
#ifndef GUEST_KERNEL_API_H
#define GUEST_KERNEL_API_H

#include <stddef.h>
#include <stdint.h>

enum {
#define SYSCALL(number, name, ...) SYS_##name = number,
#include "api/syscalls.def"
#undef SYSCALL
};

enum {
#define ERRNO(name, number) API_##name = number,
#include "api/errno.def"
#undef ERRNO
};

/* How a file is opened; as newlib has them. */
enum {
    API_O_RDONLY = 0,
    API_O_WRONLY = 1,
    API_O_RDWR = 2,
    API_O_ACCMODE = 3,
    API_O_APPEND = 0x0008,
    API_O_CREAT = 0x0200,
    API_O_TRUNC = 0x0400,
    API_O_EXCL = 0x0800,
    API_O_NONBLOCK = 0x4000,
    API_O_CLOEXEC = 0x40000,
    API_O_DIRECTORY = 0x200000,
};

/* Kinds of files, as in the mode of struct stat; with the permission bits 0777 below. */
enum {
    API_S_FIFO = 0010000,
    API_S_CHARACTER = 0020000,
    API_S_DIRECTORY = 0040000,
    API_S_REGULAR = 0100000,
};

struct api_stat {
    uint32_t inode;
    uint32_t mode;
    uint32_t links;
    uint32_t device; /* which one, of a device file */
    uint64_t size;
    int64_t modified; /* seconds since 1970 */
};

#define API_NAME_MAX 59
#define API_PATH_MAX 1024

struct api_dirent {
    uint32_t inode;
    char name[API_NAME_MAX + 1];
};

struct api_time {
    int64_t seconds;
    int64_t nanoseconds; /* 0 to 999999999 */
};

struct api_uname {
    char system[32], node[32], release[32], version[64], machine[32];
};

/* ---- Signals: newlib's numbers ---- */

enum {
    API_SIGHUP = 1,
    API_SIGINT = 2,
    API_SIGQUIT = 3,
    API_SIGILL = 4,
    API_SIGTRAP = 5,
    API_SIGABRT = 6,
    API_SIGFPE = 8,
    API_SIGKILL = 9,
    API_SIGBUS = 10,
    API_SIGSEGV = 11,
    API_SIGPIPE = 13,
    API_SIGALRM = 14,
    API_SIGTERM = 15,
    API_SIGCHLD = 20,
    API_SIGNALS = 32, /* how many there are: 1 to 31 */
};

enum { API_SIG_DFL = 0, API_SIG_IGN = 1 };
enum { API_SIG_SETMASK = 0, API_SIG_BLOCK = 1, API_SIG_UNBLOCK = 2 };
enum { API_WNOHANG = 1 };
enum { API_PROT_READ = 1, API_PROT_WRITE = 2, API_PROT_EXEC = 4 };

/* ---- The terminal ---- */

enum api_tty_request {
    API_TTY_GET = 0,       /* struct api_tty */
    API_TTY_SET = 1,       /* struct api_tty */
    API_TTY_GET_GROUP = 2, /* int32_t: the process group that Ctrl-C is for */
    API_TTY_SET_GROUP = 3,
};

/* Bits of struct api_tty.mode. All off is raw mode. Output has no mode: \n is always shown as \r\n,
 * as Xen's console leaves no choice. */
enum {
    API_TTY_LINES = 1,   /* input comes in lines, that can be edited until Enter */
    API_TTY_ECHO = 2,    /* input is shown */
    API_TTY_SIGNALS = 4, /* Ctrl-C and Ctrl-\ are signals */
    API_TTY_CR_NL = 8,   /* Enter's \r is read as \n */
};

struct api_tty {
    uint32_t mode;
    uint16_t rows, columns;
    /* Without API_TTY_LINES: a read waits for `minimum` bytes, or until `tenths` of a second passed
     * since the last one (0: for ever). With a minimum of 0 it waits so long for the first byte. */
    uint8_t minimum, tenths;
    uint8_t reserved[2];
};

#endif
