/* SPDX-License-Identifier: MIT */
/*
 * The rules of docs/domain-life.md: see life.h.
 */
#include "core/life.h"

#include "abi/xen.h"

static enum module_action action_for(const struct life_actions *actions, unsigned int reason)
{
    switch (reason) {
    case SHUTDOWN_poweroff: return actions->on_poweroff;
    case SHUTDOWN_reboot: return actions->on_reboot;
    case SHUTDOWN_crash: return actions->on_crash;
    case SHUTDOWN_watchdog: return actions->on_watchdog;
    }
    return ACTION_DESTROY;
}

enum life_end life_end_of(const struct life_actions *actions, unsigned int reason)
{
    switch (action_for(actions, reason)) {
    case ACTION_RESTART:
    case ACTION_RENAME_RESTART:
    case ACTION_COREDUMP_RESTART: return LIFE_RESTART;
    case ACTION_PRESERVE: return LIFE_PRESERVE;
    case ACTION_DESTROY:
    case ACTION_COREDUMP_DESTROY: break;
    }
    return LIFE_DESTROY;
}

const char *life_not_done(enum module_action action)
{
    switch (action) {
    case ACTION_RENAME_RESTART: return "acts as restart: the old domain is not kept";
    case ACTION_COREDUMP_DESTROY: return "acts as destroy: there is nowhere to write a dump";
    case ACTION_COREDUMP_RESTART: return "acts as restart: there is nowhere to write a dump";
    case ACTION_DESTROY:
    case ACTION_RESTART:
    case ACTION_PRESERVE: break;
    }
    return NULL;
}

uint64_t life_next_start(uint64_t started, uint64_t now, uint64_t gap)
{
    return max(now, started + gap);
}
