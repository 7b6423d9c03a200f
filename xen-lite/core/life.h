/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a domain that has ended, and when it may be started again.
 */
#ifndef CORE_LIFE_H
#define CORE_LIFE_H

#include "lib/types.h"

/* What is to happen when a domain has ended in a certain way: the words that xl knows. */
enum module_action {
    ACTION_DESTROY,
    ACTION_RESTART,
    ACTION_RENAME_RESTART,
    ACTION_PRESERVE,
    ACTION_COREDUMP_DESTROY,
    ACTION_COREDUMP_RESTART,
};

/* For each way to end what its owner wants. */
struct life_actions {
    enum module_action on_poweroff, on_reboot, on_crash, on_watchdog;
};

/* What is done. */
enum life_end {
    LIFE_DESTROY,
    LIFE_RESTART,
    LIFE_PRESERVE,
};

/* Of a domain that has ended with that SHUTDOWN_ reason. Those that only somebody who can resume a
 * domain could serve, and numbers that mean nothing, destroy it, as xl does with the latter. */
enum life_end life_end_of(const struct life_actions *actions, unsigned int reason);

/* What of the action is not done here, in words; null: all of it is. */
const char *life_not_done(enum module_action action);

/* When a domain that was started at `started` and is gone at `now` may be started again: at least
 * `gap` is between two starts. All in ns. */
uint64_t life_next_start(uint64_t started, uint64_t now, uint64_t gap);

#endif
