/* SPDX-License-Identifier: MIT */
/* 32-bit code, which needs a low address. */
#ifndef TESTS_GUESTS_SUPPORT_COMPAT_H
#define TESTS_GUESTS_SUPPORT_COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/guests/support/trap.h"

/* Where the page is mapped, and the end of the stack that its code has there. */
#define LOW_PAGE  0x10000ul
#define LOW_STACK (LOW_PAGE + 0xf00)

/* Maps a page at LOW_PAGE, in reach of programs, too, and copies code there. Returns where the page
 * is mapped in the kernel. Once a test. */
uint8_t *low_page_new(const void *code, size_t size);

/* A frame at LOW_PAGE + offset, in the ABI's flat 32-bit segment, of user mode or of the kernel. */
struct frame low_frame(size_t offset, bool user);

#endif
