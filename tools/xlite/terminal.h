/* SPDX-License-Identifier: MIT */
/*
 * The user's terminal as the console of a domain.
 */
#ifndef XLITE_TERMINAL_H
#define XLITE_TERMINAL_H

/* If stdin is a terminal, passes keys on one by one and unchanged, without echo: the domain echoes.
 * Ctrl-C and Ctrl-\ still end the tool. exit() restores the terminal. */
void terminal_raw(void);

#endif
