# SPDX-License-Identifier: MIT
# Level 2, in reading order: the rules as pure functions.
core-sources := \
	xen-lite/core/rules.c \
	xen-lite/core/buddy.c \
	xen-lite/core/slab.c \
	xen-lite/core/timescale.c \
	xen-lite/core/heap.c \
	xen-lite/core/pte.c \
	xen-lite/core/frame_type.c \
	xen-lite/core/pte_format.c \
	xen-lite/core/descriptor.c \
	xen-lite/core/decode.c \
	xen-lite/core/alu.c \
	xen-lite/core/runqueue.c \
	xen-lite/core/cap.c \
	xen-lite/core/struct_forms.c \
	xen-lite/core/evtchn.c \
	xen-lite/core/evtchn_2l.c \
	xen-lite/core/evtchn_fifo.c \
	xen-lite/core/life.c \
	xen-lite/core/grant_entry.c \
	xen-lite/core/bootargs.c \
	xen-lite/core/bootargs_module.c \
	xen-lite/core/guest_timer.c \
	xen-lite/core/token_bucket.c \
	xen-lite/core/console_line.c \
	xen-lite/core/text_screen.c \
	xen-lite/core/framebuffer.c
