/* SPDX-License-Identifier: MIT */
/* The names of the system. */
#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H

/* As the kernel's struct api_uname. */
struct utsname {
    char sysname[32], nodename[32], release[32], version[64], machine[32];
};

int uname(struct utsname *out);

#endif
