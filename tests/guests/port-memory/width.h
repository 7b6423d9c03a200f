/* SPDX-License-Identifier: MIT */
/* What only 32-bit code has: addresses of 16 bits. */
#ifndef TESTS_GUESTS_PORT_MEMORY_WIDTH_H
#define TESTS_GUESTS_PORT_MEMORY_WIDTH_H

#include <stdint.h>

/* INS and OUTS with them, of a page that is mapped for it, and of what is beside it. */
void short_addresses(volatile uint8_t *page, unsigned port);

#endif
