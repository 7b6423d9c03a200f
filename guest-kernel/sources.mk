# SPDX-License-Identifier: MIT The guest kernel's files in reading order. machine/machine.h comes
# first: it is what the two halves agree on.

guest-ldscript := guest-kernel/machine/pv/pv64.lds.S

guest-kernel-sources := \
	guest-kernel/kernel/main.c \
	guest-kernel/kernel/trap.c \
	guest-kernel/kernel/clock.c \
	guest-kernel/kernel/pages.c \
	guest-kernel/kernel/memory.c \
	guest-kernel/kernel/process.c \
	guest-kernel/kernel/echo.c \
	guest-kernel/user/hello.S \
	guest-kernel/machine/pv/start.S \
	guest-kernel/machine/pv/setup.c \
	guest-kernel/machine/pv/console.c \
	guest-kernel/machine/pv/entry.S \
	guest-kernel/machine/pv/traps.c \
	guest-kernel/machine/pv/events.c \
	guest-kernel/machine/pv/timer.c \
	guest-kernel/machine/pv/mmu.c \
	guest-kernel/machine/pv/user.c \
	guest-kernel/machine/pv/power.c \
	guest-kernel/lib/string.c \
	guest-kernel/lib/print.c
