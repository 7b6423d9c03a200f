/* SPDX-License-Identifier: MIT */
/*
 * core/life.c: what becomes of a domain by its actions and its end, and when it comes again.
 */
#include "unit.h"

#include "abi/xen.h"
#include "core/life.h"

static void ends(void **state)
{
    static const struct life_actions actions = {
        .on_poweroff = ACTION_PRESERVE,
        .on_reboot = ACTION_RESTART,
        .on_crash = ACTION_COREDUMP_DESTROY,
        .on_watchdog = ACTION_COREDUMP_RESTART,
    };
    static const struct {
        const char *name;
        unsigned int reason;
        enum life_end expect;
    } cases[] = {
        { "poweroff", SHUTDOWN_poweroff, LIFE_PRESERVE },
        { "reboot", SHUTDOWN_reboot, LIFE_RESTART },
        { "suspend", SHUTDOWN_suspend, LIFE_DESTROY },
        { "crash", SHUTDOWN_crash, LIFE_DESTROY },
        { "watchdog", SHUTDOWN_watchdog, LIFE_RESTART },
        { "soft reset", SHUTDOWN_soft_reset, LIFE_DESTROY },
        { "a number that means nothing", 255, LIFE_DESTROY },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, life_end_of(&actions, cases[i].reason), cases[i].expect);
}

static void each_action(void **state)
{
    static const struct {
        const char *name;
        enum module_action action;
        enum life_end expect;
        const char *not_done;
    } cases[] = {
        { "destroy", ACTION_DESTROY, LIFE_DESTROY, "" },
        { "restart", ACTION_RESTART, LIFE_RESTART, "" },
        { "preserve", ACTION_PRESERVE, LIFE_PRESERVE, "" },
        { "rename-restart", ACTION_RENAME_RESTART, LIFE_RESTART,
          "acts as restart: the old domain is not kept" },
        { "coredump-destroy", ACTION_COREDUMP_DESTROY, LIFE_DESTROY,
          "acts as destroy: there is nowhere to write a dump" },
        { "coredump-restart", ACTION_COREDUMP_RESTART, LIFE_RESTART,
          "acts as restart: there is nowhere to write a dump" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct life_actions actions = { .on_crash = cases[i].action };
        const char *not_done = life_not_done(cases[i].action);

        check_number(cases[i].name, life_end_of(&actions, SHUTDOWN_crash), cases[i].expect);
        check_string(cases[i].name, not_done != NULL ? not_done : "", cases[i].not_done);
    }
}

static void next_start(void **state)
{
    static const struct {
        const char *name;
        uint64_t started, now, gap, expect;
    } cases[] = {
        { "it has lived long", 100, 5000, 2000, 5000 },
        { "it has not", 100, 101, 2000, 2100 },
        { "just so long", 100, 2100, 2000, 2100 },
        { "without a gap", 100, 100, 0, 100 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        check_number(cases[i].name, life_next_start(cases[i].started, cases[i].now, cases[i].gap),
                     cases[i].expect);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends),
        cmocka_unit_test(each_action),
        cmocka_unit_test(next_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
