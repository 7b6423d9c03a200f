/* SPDX-License-Identifier: MIT */
/* Which newlib it is: Debian 12's. */
#ifndef _NEWLIB_VERSION_H
#define _NEWLIB_VERSION_H

#define _NEWLIB_VERSION       "3.3.0"
#define __NEWLIB__            3
#define __NEWLIB_MINOR__      3
#define __NEWLIB_PATCHLEVEL__ 0

#endif
