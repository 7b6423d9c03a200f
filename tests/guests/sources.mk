# SPDX-License-Identifier: MIT
# What every test guest is linked with. A test itself is a folder here with a main.c.

test-guest-ldscript := tests/guests/guest.lds.S

guest-support-sources := \
	tests/guests/support/head.S \
	tests/guests/support/verdict.c \
	tests/guests/support/entry.S \
	tests/guests/support/trap.c \
	tests/guests/support/memory.c \
	tests/guests/support/msr.c \
	tests/guests/support/event.c \
	tests/guests/support/vcpu.c \
	tests/guests/support/compat.c \
	guest-kernel/lib/string.c \
	guest-kernel/lib/print.c
