/* SPDX-License-Identifier: MIT */
/*
 * The terminal. Ctrl-\ is the one key that a guest never gets: it ends the run whatever the guest
 * does; so does Ctrl-C unless it is asked for. Ctrl-Z goes to the guest, because a stopped xlite
 * would leave the terminal in this state.
 */
#include "terminal.h"

#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios terminal_before;

/* Registered with exit(), and so run however the tool ends, SIGKILL excepted. */
static void terminal_restore(void)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

void terminal_raw(bool pass_ctrl_c)
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
    if (pass_ctrl_c) {
        raw.c_cc[VINTR] = _POSIX_VDISABLE;
    }
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}
