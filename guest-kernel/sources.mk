# SPDX-License-Identifier: MIT
#
# The guest kernel's files in reading order. machine/machine.h comes first: it is what the two halves agree on.

guest-ldscript := guest-kernel/machine/pv/pv.lds.S

guest-kernel-sources := \
	guest-kernel/kernel/main.c \
	guest-kernel/kernel/pages.c \
	guest-kernel/tour/tour.c \
	guest-kernel/tour/trap.c \
	guest-kernel/tour/clock.c \
	guest-kernel/tour/memory.c \
	guest-kernel/tour/user.c \
	guest-kernel/tour/echo.c \
	guest-kernel/machine/threads.c \
	guest-kernel/machine/pv/setup.c \
	guest-kernel/machine/pv/console.c \
	guest-kernel/machine/pv/traps.c \
	guest-kernel/machine/pv/interrupts.c \
	guest-kernel/machine/pv/timer.c \
	guest-kernel/machine/pv/mmu.c \
	guest-kernel/machine/pv/user.c \
	guest-kernel/machine/pv/power.c \
	guest-kernel/lib/string.c \
	guest-kernel/lib/print.c

# What is written for one width: beside width64.h and width32.h.
guest-kernel-sources-pv64 := \
	guest-kernel/tour/hello64.S \
	guest-kernel/machine/context64.S \
	guest-kernel/machine/pv/start64.S \
	guest-kernel/machine/pv/entry64.S \
	guest-kernel/machine/pv/traps64.c \
	guest-kernel/machine/pv/space64.c

guest-kernel-sources-pv32 := \
	guest-kernel/tour/hello32.S \
	guest-kernel/machine/context32.S \
	guest-kernel/machine/pv/start32.S \
	guest-kernel/machine/pv/entry32.S \
	guest-kernel/machine/pv/traps32.c \
	guest-kernel/machine/pv/space32.c \
	guest-kernel/lib/divide.c
