/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine. The hypervisor is told why; what happens then (nothing, or another start)
 * is for whoever made the domain to say. A crash leaves a report with registers and a backtrace.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

static _Noreturn void shut_down(unsigned reason)
{
    struct sched_shutdown shutdown = { .reason = reason };

    /* Does not return on a working hypervisor; asking again is all that is left. */
    for (;;)
        hypercall_sched(SCHEDOP_shutdown, &shutdown);
}

_Noreturn void machine_power_off(void)
{
    shut_down(SHUTDOWN_poweroff);
}

_Noreturn void machine_restart(void)
{
    shut_down(SHUTDOWN_reboot);
}

_Noreturn void machine_crash(void)
{
    shut_down(SHUTDOWN_crash);
}
