/* SPDX-License-Identifier: MIT */
/*
 * The terminal. Ctrl-C is the one key that a guest does not get: "Ctrl-C ends the run" must hold
 * whatever the guest does. Ctrl-Z goes to the guest, because a stopped xlite would leave the
 * terminal in this state.
 */
#include "terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios terminal_before;

/* Registered with exit(), and so run however the tool ends, SIGKILL excepted. */
static void terminal_restore(void)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

void terminal_raw(void)
{
    struct termios raw;

    /* In the background the terminal is not ours to change. */
    if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
        tcgetattr(STDIN_FILENO, &terminal_before) != 0) {
        return;
    }
    atexit(terminal_restore);
    raw = terminal_before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}
