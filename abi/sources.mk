# SPDX-License-Identifier: MIT
# The contract, in reading order. Nothing here is compiled by itself.
abi-headers := \
	abi/xen.h \
	abi/width.h \
	abi/constants.h \
	abi/hypercalls.def \
	abi/mmuext.def \
	abi/memory.def \
	abi/evtchn.def \
	abi/virq.def \
	abi/sched.def \
	abi/shutdown.def \
	abi/vcpu.def \
	abi/callback.def \
	abi/vm_assist.def \
	abi/xen_version.def \
	abi/features.def \
	abi/elfnotes.def \
	abi/physdev.def \
	abi/privilege.def \
	abi/privilege.h \
	abi/grant.def \
	abi/errno.def \
	abi/rules.def \
	abi/rules.h \
	abi/layout.h \
	abi/numbers.h \
	abi/grant_numbers.h \
	abi/structs.h \
	abi/struct_same_shared.h \
	abi/struct_same_calls.h \
	abi/struct_same_grant.h \
	abi/struct_width.h \
	abi/struct_width_regs.h \
	abi/struct_width_start.h \
	abi/struct_width_context.h \
	abi/struct_width_memory.h \
	abi/struct_width_calls.h \
	abi/struct_width_grant.h \
	abi/asm.h
