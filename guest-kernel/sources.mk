# SPDX-License-Identifier: MIT
#
# The guest kernel's files in reading order. machine/machine.h comes first: it is what the two halves agree on.

# The file half of the kernel: nodes and names, open files, what they can be, and the system calls.
guest-kernel-files := \
	guest-kernel/kernel/file.c \
	guest-kernel/kernel/descriptor.c \
	guest-kernel/kernel/tree.c \
	guest-kernel/kernel/path.c \
	guest-kernel/kernel/regular.c \
	guest-kernel/kernel/directory.c \
	guest-kernel/kernel/pipe.c \
	guest-kernel/kernel/tty.c \
	guest-kernel/kernel/device.c \
	guest-kernel/kernel/peer.c \
	guest-kernel/kernel/proc_files.c \
	guest-kernel/kernel/ramdisk.c \
	guest-kernel/kernel/call_file.c \
	guest-kernel/kernel/call_name.c

guest-kernel-sources := \
	guest-kernel/kernel/main.c \
	guest-kernel/kernel/trap.c \
	guest-kernel/kernel/syscall.c \
	guest-kernel/kernel/process.c \
	guest-kernel/kernel/schedule.c \
	guest-kernel/kernel/lock.c \
	guest-kernel/kernel/memory.c \
	guest-kernel/kernel/pages.c \
	guest-kernel/kernel/heap.c \
	guest-kernel/kernel/exec.c \
	guest-kernel/kernel/elf.c \
	guest-kernel/kernel/signal.c \
	guest-kernel/kernel/user_memory.c \
	guest-kernel/kernel/call_process.c \
	guest-kernel/kernel/call_signal.c \
	guest-kernel/kernel/call_memory.c \
	guest-kernel/kernel/call_time.c \
	guest-kernel/kernel/panic.c \
	guest-kernel/kernel/symbols.c \
	$(guest-kernel-files) \
	guest-kernel/tour/tour.c \
	guest-kernel/tour/trap.c \
	guest-kernel/tour/clock.c \
	guest-kernel/tour/memory.c \
	guest-kernel/tour/user.c \
	guest-kernel/tour/echo.c \
	guest-kernel/machine/traps.c \
	guest-kernel/machine/threads.c \
	guest-kernel/machine/tables.c \
	guest-kernel/lib/string.c \
	guest-kernel/lib/print.c

# What is written for one width.
guest-kernel-sources-64 := \
	guest-kernel/tour/hello64.S \
	guest-kernel/machine/context64.S

guest-kernel-sources-32 := \
	guest-kernel/tour/hello32.S \
	guest-kernel/machine/context32.S \
	guest-kernel/lib/divide.c

# The same names in machine/native/ and machine/pv/.
machine-files := setup.c console.c traps.c interrupts.c timer.c mmu.c space.c cpus.c user.c peer.c describe.c power.c
machine-files-64 := start64.S entry64.S traps64.c
machine-files-32 := start32.S entry32.S traps32.c

# What only the bare machine has: nobody else wants segments.
machine-files-native := segments.c

# What only a guest has: other domains.
machine-files-pv := grant.c event.c

# $(call machine-sources,MACHINE,WIDTH)
machine-sources = $(addprefix guest-kernel/machine/$(1)/,$(machine-files) $(machine-files-$(2)) $(machine-files-$(1)))

guest-kernel-sources-pv64 := $(guest-kernel-sources-64) $(call machine-sources,pv,64)
guest-kernel-sources-pv32 := $(guest-kernel-sources-32) $(call machine-sources,pv,32)
guest-kernel-sources-native64 := $(guest-kernel-sources-64) $(call machine-sources,native,64)
guest-kernel-sources-native32 := $(guest-kernel-sources-32) $(call machine-sources,native,32)
