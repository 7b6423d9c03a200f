/* SPDX-License-Identifier: MIT */
/* The words of a context that may be bad, at each width. */
#ifndef TESTS_GUESTS_VCPU_INITIALISE_WORDS_H
#define TESTS_GUESTS_VCPU_INITIALISE_WORDS_H

#include "tests/guests/support/support.h"

struct bad_word {
    const char *name;
    unsigned long *word, value;
};

/* Each alone makes the context bad; returns how many they are. */
unsigned bad_words_of_width(struct vcpu_guest_context *context, const struct bad_word **words);

/* A handler at no address is refused at 64 bits. At 32 it is in the context that is good, as is an
 * empty LDT at no address. */
void odd_addresses(struct vcpu_guest_context *context);

#endif
