/* SPDX-License-Identifier: MIT */
/*
 * Instructions that may fault, and where to go on when they do.
 *
 * Each entry of section __ex_table is two 32-bit offsets, each relative to its own place: the
 * instruction, and its fix-up. The trap handler looks up the faulting RIP (ex_table.c) and
 * continues at the fix-up with all other registers as they were.
 */
#ifndef XEN_LITE_X86_EX_TABLE_H
#define XEN_LITE_X86_EX_TABLE_H

#ifdef __ASSEMBLER__

/* clang-format off */
.macro ex_table instruction fixup
    .pushsection __ex_table, "a"
    .balign 4
    .long \instruction - ., \fixup - .
    .popsection
.endm
/* clang-format on */

#else
#include <stdint.h>

#define EX_TABLE(instruction, fixup)               \
    ".pushsection __ex_table, \"a\"\n"             \
    ".balign 4\n"                                  \
    ".long " #instruction " - ., " #fixup " - .\n" \
    ".popsection\n"

/* The fix-up for a fault at rip, or 0. */
uint64_t ex_table_find(uint64_t rip);

#endif
#endif
