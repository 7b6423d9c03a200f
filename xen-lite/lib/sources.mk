# SPDX-License-Identifier: MIT
# Level 1, in reading order. lib/string.c is the hypervisor's only: a host build has libc.
lib-sources := \
	xen-lite/lib/string.c \
	xen-lite/lib/span.c \
	xen-lite/lib/text.c \
	xen-lite/lib/format.c \
	xen-lite/lib/bitmap.c \
	xen-lite/lib/problem.c \
	xen-lite/lib/boot_info.c \
	xen-lite/lib/multiboot2.c \
	xen-lite/lib/multiboot1.c \
	xen-lite/lib/elf.c \
	xen-lite/lib/elf_index.c \
	xen-lite/lib/xen_notes.c \
	xen-lite/lib/xen_layout.c \
	xen-lite/lib/acpi.c \
	xen-lite/lib/acpi_power.c

# Of the build that reports undefined behaviour.
ubsan-sources := xen-lite/lib/ubsan.c
