/* SPDX-License-Identifier: MIT */
/* Stopping the machine. */
#ifndef _SYS_REBOOT_H
#define _SYS_REBOOT_H

#define RB_POWER_OFF 0
#define RB_AUTOBOOT  1

int reboot(int how);

#endif
