/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUESTS_HANDLE_PRODUCT_WIDTH_H
#define TESTS_GUESTS_HANDLE_PRODUCT_WIDTH_H

#include <stdbool.h>

#define FIXED_ADDRESSES 13
#define COUNTS          7

/* width64.c, width32.c: addresses that are no good at this width, and numbers of elements. */
extern const unsigned long fixed_addresses[FIXED_ADDRESSES];
extern const unsigned long counts[COUNTS];

/* Whether so many bytes from there on reach to where no guest can have memory. */
bool leaves_guest(unsigned long address, unsigned long long size);

#endif
