# SPDX-License-Identifier: MIT
# What every test guest is linked with. A test itself is a folder here with a main.c.

test-guest-ldscript := tests/guests/guest.lds.S

guest-support-sources := \
	tests/guests/support/verdict.c \
	tests/guests/support/trap.c \
	tests/guests/support/memory.c \
	tests/guests/support/msr.c \
	tests/guests/support/event.c \
	tests/guests/support/fifo.c \
	tests/guests/support/vcpu.c \
	tests/guests/support/grant.c \
	guest-kernel/lib/string.c \
	guest-kernel/lib/print.c

# What is written for one width.
guest-support-sources-pv64 := \
	tests/guests/support/head64.S \
	tests/guests/support/entry64.S \
	tests/guests/support/width64.c \
	tests/guests/support/compat64.c

guest-support-sources-pv32 := \
	tests/guests/support/head32.S \
	tests/guests/support/entry32.S \
	tests/guests/support/width32.c \
	tests/guests/support/raw_entry32.S \
	tests/guests/support/raw32.c \
	guest-kernel/lib/divide.c
