/* SPDX-License-Identifier: MIT */
/*
 * Opening and closing the window to user pages (SMAP).
 *
 * STAC and CLAC are undefined instructions on a CPU without SMAP, so each place is built as a NOP
 * of the same three bytes and listed in section .smap_sites; where SMAP is used, boot code writes
 * the real instruction over each (smap_init.c), before the text becomes read-only.
 */
#ifndef XEN_LITE_X86_SMAP_H
#define XEN_LITE_X86_SMAP_H

/* Last byte of the instruction: 0f 01 cb is STAC, 0f 01 ca is CLAC. */
#define SMAP_STAC 0xcb
#define SMAP_CLAC 0xca

#ifdef __ASSEMBLER__

/* clang-format off */
.macro smap_site last_byte
9771:
    .byte 0x0f, 0x1f, 0x00
    .pushsection .smap_sites, "a"
    .long 9771b - ., \last_byte
    .popsection
.endm
/* clang-format on */
#define STAC smap_site SMAP_STAC
#define CLAC smap_site SMAP_CLAC

#else

#define SMAP_SITE(last_byte)            \
    "9771: .byte 0x0f, 0x1f, 0x00\n"    \
    ".pushsection .smap_sites, \"a\"\n" \
    ".long 9771b - ., " #last_byte "\n" \
    ".popsection\n"

static inline void stac(void)
{
    __asm__ volatile(SMAP_SITE(0xcb)::: "memory");
}

static inline void clac(void)
{
    __asm__ volatile(SMAP_SITE(0xca)::: "memory");
}

#endif
#endif
