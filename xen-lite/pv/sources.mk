# SPDX-License-Identifier: MIT
# Level 6, in reading order: the two widths, birth, entering and leaving the guest, its faults, its memory, its end.
pv-sources := \
	xen-lite/pv/width64.c \
	xen-lite/pv/width32.c \
	xen-lite/pv/vcpu.c \
	xen-lite/pv/area.c \
	xen-lite/pv/image.c \
	xen-lite/pv/build.c \
	xen-lite/pv/build_image.c \
	xen-lite/pv/build_tables.c \
	xen-lite/pv/build_start.c \
	xen-lite/pv/context.c \
	xen-lite/pv/context32.c \
	xen-lite/pv/switch.c \
	xen-lite/pv/bounce.c \
	xen-lite/pv/bounce32.c \
	xen-lite/pv/iret.c \
	xen-lite/pv/iret32.c \
	xen-lite/pv/traps.c \
	xen-lite/pv/cpuid.c \
	xen-lite/pv/emulate_forced.c \
	xen-lite/pv/emulate.c \
	xen-lite/pv/emulate_io.c \
	xen-lite/pv/emulate_umip.c \
	xen-lite/pv/emulate_msr.c \
	xen-lite/pv/emulate_cr.c \
	xen-lite/pv/debugreg.c \
	xen-lite/pv/report.c \
	xen-lite/pv/mmu.c \
	xen-lite/pv/mmu_table.c \
	xen-lite/pv/mmu_entry.c \
	xen-lite/pv/mmu_grant.c \
	xen-lite/pv/mmu_base.c \
	xen-lite/pv/root64.c \
	xen-lite/pv/root32.c \
	xen-lite/pv/segment.c \
	xen-lite/pv/operands.c \
	xen-lite/pv/write_fault.c \
	xen-lite/pv/stale_fault.c \
	xen-lite/pv/descriptor_tables.c \
	xen-lite/pv/relinquish.c \
	xen-lite/pv/audit.c
