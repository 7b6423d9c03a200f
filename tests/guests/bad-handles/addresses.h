/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUESTS_BAD_HANDLES_ADDRESSES_H
#define TESTS_GUESTS_BAD_HANDLES_ADDRESSES_H

#define BAD_ADDRESSES 6

/* width64.c, width32.c: the addresses that are no good at this width, and what they are called. */
extern const struct bad_address {
    unsigned long address;
    const char *name;
} bad_addresses[BAD_ADDRESSES];

/* The first address behind what a guest may use, and what becomes of an empty list there. */
extern const unsigned long end_of_guest;
extern const long empty_list_there;

#endif
