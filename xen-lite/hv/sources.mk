# SPDX-License-Identifier: MIT
# Level 4, what every part of the hypervisor uses, in reading order.
hv-sources := \
	xen-lite/hv/options.c \
	xen-lite/hv/lock.c \
	xen-lite/hv/console.c \
	xen-lite/hv/print.c \
	xen-lite/hv/status.c \
	xen-lite/hv/symbols.c \
	xen-lite/hv/panic.c \
	xen-lite/hv/power.c \
	xen-lite/hv/frame.c \
	xen-lite/hv/alloc.c \
	xen-lite/hv/m2p.c \
	xen-lite/hv/work.c \
	xen-lite/hv/world.c \
	xen-lite/hv/timer.c \
	xen-lite/hv/keys.c \
	xen-lite/hv/watchdog.c
