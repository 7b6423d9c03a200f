/* SPDX-License-Identifier: MIT */
/*
 * The whole Xen PV ABI for C: include this one.
 */
#ifndef ABI_XEN_H
#define ABI_XEN_H

#include "abi/constants.h"
#include "abi/structs.h"

#endif
