/* SPDX-License-Identifier: MIT */
/*
 * The constants that assembler sources need: hypercall numbers, sub-operations that a boot stub may
 * call, note numbers as assembler symbols, and the plain numbers as #defines; and the macros for
 * the notes of a guest's image.
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

/* clang-format off */

/* One note: name "Xen", a type, and a descriptor that is a string or a number as wide as the image.
 */
.macro note_string type, text
    .pushsection .note.Xen, "a", @note
    .balign 4
    .long 4, 2f - 1f, \type
    .asciz "Xen"
1:  .asciz "\text"
2:  .balign 4
    .popsection
.endm

.macro note_number type, value
    .pushsection .note.Xen, "a", @note
    .balign 4
    .long 4, 2f - 1f, \type
    .asciz "Xen"
#ifdef __x86_64__
1:  .quad \value
#else
1:  .long \value
#endif
2:  .popsection
.endm

/* clang-format on */

#endif
