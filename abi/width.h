/* SPDX-License-Identifier: MIT */
/*
 * What "width" means: the size of a guest's registers and pointers, 32 or 64 bits.
 *
 * A guest sees one width, its own, and names without suffix. The hypervisor serves both: it is
 * compiled with -DABI_BOTH_WIDTHS and sees the names of width-dependent things with _32 and _64.
 */
#ifndef ABI_WIDTH_H
#define ABI_WIDTH_H

#if defined(__x86_64__)
#define ABI_NATIVE_WIDTH 64
#elif defined(__i386__)
#define ABI_NATIVE_WIDTH 32
#else
#error "The Xen PV ABI for guests is defined here for x86 only."
#endif

/* Numbers for C and the assembler from one text: the assembler knows no suffixes. */
#ifdef __ASSEMBLER__
#define ABI_UL(number)  number
#define ABI_ULL(number) number
#else
#define ABI_UL(number)  number##UL
#define ABI_ULL(number) number##ULL
#endif

#endif
