# SPDX-License-Identifier: MIT
# Level 5, in reading order: what a domain is, how it comes and goes, who runs, time, events, console.
domain-sources := \
	xen-lite/domain/list.c \
	xen-lite/domain/create.c \
	xen-lite/domain/boot.c \
	xen-lite/domain/life.c \
	xen-lite/domain/memory.c \
	xen-lite/domain/guest_struct.c \
	xen-lite/domain/grant.c \
	xen-lite/domain/grant_pin.c \
	xen-lite/domain/grant_track.c \
	xen-lite/domain/sched.c \
	xen-lite/domain/sched_state.c \
	xen-lite/domain/sched_balance.c \
	xen-lite/domain/sched_cap.c \
	xen-lite/domain/time.c \
	xen-lite/domain/timers.c \
	xen-lite/domain/evtchn.c \
	xen-lite/domain/evtchn_ports.c \
	xen-lite/domain/evtchn_deliver.c \
	xen-lite/domain/evtchn_fifo.c \
	xen-lite/domain/evtchn_print.c \
	xen-lite/domain/console_ring.c \
	xen-lite/domain/console_input.c \
	xen-lite/domain/refuse.c \
	xen-lite/domain/crash.c \
	xen-lite/domain/destroy.c \
	xen-lite/domain/kill.c
