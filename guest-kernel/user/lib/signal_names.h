/* SPDX-License-Identifier: MIT */
/* Signals by name: INT, TERM ... */
#ifndef GUEST_KERNEL_USER_SIGNAL_NAMES_H
#define GUEST_KERNEL_USER_SIGNAL_NAMES_H

/* The signal that word names, by number or by name; -1: none. */
int signal_number(const char *word);

/* Prints all of them, a line each. */
void signal_list(void);

#endif
