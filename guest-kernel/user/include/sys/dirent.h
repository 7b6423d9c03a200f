/* SPDX-License-Identifier: MIT */
/* What <dirent.h> of newlib leaves to the system: an entry, and a directory that is being read. */
#ifndef _SYS_DIRENT_H
#define _SYS_DIRENT_H

#include <sys/types.h>

/* As the kernel's struct api_dirent. */
struct dirent {
    unsigned int d_ino;
    char d_name[60];
};

typedef struct {
    int descriptor;
    int next, count; /* of those read ahead */
    struct dirent entries[16];
} DIR;

#endif
