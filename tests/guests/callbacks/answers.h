/* SPDX-License-Identifier: MIT */
#ifndef TESTS_GUESTS_CALLBACKS_ANSWERS_H
#define TESTS_GUESTS_CALLBACKS_ANSWERS_H

/* What depends on the width: width64.c, width32.c. */
extern const struct answers {
    unsigned long syscall_handler;
    long syscall, syscall_withdrawn;
    long event_nowhere, other_nowhere; /* at no canonical address */
    long operation;                    /* one that does not exist */
} answers;

#endif
