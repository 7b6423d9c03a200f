# SPDX-License-Identifier: MIT
# Level 3, the machine, in reading order.
x86-sources := \
	xen-lite/x86/boot.S \
	xen-lite/x86/multiboot.c \
	xen-lite/x86/feature.c \
	xen-lite/x86/cpu_setup.c \
	xen-lite/x86/gdt.c \
	xen-lite/x86/idt.c \
	xen-lite/x86/entry.S \
	xen-lite/x86/ex_table.c \
	xen-lite/x86/boot_memory.c \
	xen-lite/x86/paging.c \
	xen-lite/x86/tlb.c \
	xen-lite/x86/guest_copy.c \
	xen-lite/x86/smap_init.c \
	xen-lite/x86/smap_probe.S \
	xen-lite/x86/fpu.c \
	xen-lite/x86/acpi_info.c \
	xen-lite/x86/apic.c \
	xen-lite/x86/ioapic.c \
	xen-lite/x86/interrupt.c \
	xen-lite/x86/calibrate.c \
	xen-lite/x86/cmos.c \
	xen-lite/x86/clock.c \
	xen-lite/x86/smp.c \
	xen-lite/x86/trampoline.S \
	xen-lite/x86/uart.c \
	xen-lite/x86/screen.c \
	xen-lite/x86/vga.c \
	xen-lite/x86/graphics.c
