/* SPDX-License-Identifier: MIT */
/*
 * The user's terminal as the console of a domain.
 */
#ifndef XLITE_TERMINAL_H
#define XLITE_TERMINAL_H

#include <stdbool.h>

/* If stdin is a terminal, passes keys on one by one and unchanged, without echo: the domain echoes.
 * Ctrl-\ still ends the tool, and so does Ctrl-C unless pass_ctrl_c. exit() restores the terminal.
 */
void terminal_raw(bool pass_ctrl_c);

#endif
