/* SPDX-License-Identifier: MIT */
/*
 * The constants that assembler sources need: hypercall numbers, sub-operations that a boot stub may
 * call, note numbers as assembler symbols, and the plain numbers as #defines.
 */
#ifndef ABI_ASM_H
#define ABI_ASM_H

#include "abi/layout.h"
#include "abi/numbers.h"

#define HYPERCALL(number, name, ...) .set __HYPERVISOR_##name, number
#include "abi/hypercalls.def"

#define ELFNOTE(number, name, kind) .set XEN_ELFNOTE_##name, number
#include "abi/elfnotes.def"

#define XENFEAT(number, name) .set XENFEAT_##name, number
#include "abi/features.def"

#define SCHEDOP(number, name) .set SCHEDOP_##name, number
#include "abi/sched.def"

#define SHUTDOWN(number, name) .set SHUTDOWN_##name, number
#include "abi/shutdown.def"

#define MMUEXT(number, name) .set MMUEXT_##name, number
#include "abi/mmuext.def"

#endif
