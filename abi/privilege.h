/* SPDX-License-Identifier: MIT */
/*
 * Numbers for the entries of privilege.def.
 */
#ifndef ABI_PRIVILEGE_H
#define ABI_PRIVILEGE_H

#include "abi/constants.h"

/* Whatever the operation. */
#define ABI_PRIVILEGE_ANY 0xffffffffU

/* How many entries there are. */
enum {
    ABI_PRIVILEGES = 0
#define PRIVILEGE(call, operation, who) +1
#include "abi/privilege.def"
};

#endif
