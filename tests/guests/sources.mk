# SPDX-License-Identifier: MIT
# What every test guest is linked with. A test itself is a folder here with a main.c.

test-guest-ldscript := tests/guests/guest.lds.S

guest-support-sources := \
	tests/guests/support/verdict.c \
	tests/guests/support/trap.c \
	tests/guests/support/memory.c \
	tests/guests/support/msr.c \
	tests/guests/support/event.c \
	tests/guests/support/vcpu.c \
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

# Still to be compiled for 32 bits.
claims-not-yet-pv32 := \
	abandoned-calls absent-descriptors bad-handles callbacks control-registers crash-bad-stack \
	crash-hypervisor-stack crash-iret-stack debug-registers debug-status delayed-breakpoints descriptor-stores \
	descriptor-sweep emulation-edges entry-bits entry-read-back exceptions extended-state foreign-domains \
	forged-continuations fpu handle-product hypercall-storm hypercall-unknown invalid-opcodes io-levels \
	io-ports io-privilege iret-bad-frames iret ldt-faults ldt-segments long-calls m2p-update memory-exchange \
	memory-extents memory-op-others mmu-foreign multicall-iret nmi-segment nmi port-breakpoints port-memory \
	port-pci-address privileged-instructions random-calls random-stores run-state single-step smp-descriptors \
	smp-double-fetch smp-freed-frame smp-stale-translations smp-type-race software-interrupts \
	stale-translations start-memory start-ramdisk start-registers start-tsc trap-flags trapped-table-writes \
	trapped-write-widths update-va-mapping user-faults user-mode vcpu-areas vcpu-contexts vcpu-debug-registers \
	vcpu-initialise vcpu-registers
