# SPDX-License-Identifier: MIT
# Level 7, in reading order: how a call arrives, then a file for each family.
hypercall-sources := \
	xen-lite/hypercall/dispatch.c \
	xen-lite/hypercall/multicall.c \
	xen-lite/hypercall/trap_table.c \
	xen-lite/hypercall/callback.c \
	xen-lite/hypercall/iret.c \
	xen-lite/hypercall/cpu_state.c \
	xen-lite/hypercall/physdev.c \
	xen-lite/hypercall/evtchn.c \
	xen-lite/hypercall/sched.c \
	xen-lite/hypercall/vcpu.c \
	xen-lite/hypercall/vcpu_areas.c \
	xen-lite/hypercall/timer.c \
	xen-lite/hypercall/version.c \
	xen-lite/hypercall/console.c \
	xen-lite/hypercall/mmu_batch.c \
	xen-lite/hypercall/mmu_update.c \
	xen-lite/hypercall/mmu_foreign.c \
	xen-lite/hypercall/mmuext.c \
	xen-lite/hypercall/update_va.c \
	xen-lite/hypercall/descriptor.c \
	xen-lite/hypercall/grant_table.c \
	xen-lite/hypercall/grant_own.c \
	xen-lite/hypercall/grant_map.c \
	xen-lite/hypercall/grant_copy.c \
	xen-lite/hypercall/grant_transfer.c \
	xen-lite/hypercall/memory.c \
	xen-lite/hypercall/memory_map.c \
	xen-lite/hypercall/memory_others.c \
	xen-lite/hypercall/memory_reservation.c \
	xen-lite/hypercall/memory_exchange.c
