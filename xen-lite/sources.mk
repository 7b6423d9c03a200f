# SPDX-License-Identifier: MIT
# The hypervisor's parts in the order of its layers, and the top one.
include xen-lite/lib/sources.mk
include xen-lite/core/sources.mk
include xen-lite/x86/sources.mk
include xen-lite/hv/sources.mk
include xen-lite/domain/sources.mk
include xen-lite/pv/sources.mk
include xen-lite/hypercall/sources.mk

top-sources := xen-lite/trap.c xen-lite/main.c

hypervisor-cflags := -include xen-lite/hidden.h
