/* SPDX-License-Identifier: MIT */
/*
 * Calling the hypervisor: a call is a jump into the hypercall page, with the number choosing one of
 * its 32-byte entries and arguments in registers: width.h says which. The result comes back in rax
 * or eax: negative is -errno.
 */
#ifndef GUEST_KERNEL_PV_HYPERCALL_H
#define GUEST_KERNEL_PV_HYPERCALL_H

#include <stddef.h>

#include "abi/xen.h"
#include "machine/pv/width.h"

/* One function for each call that the kernel makes, so that the compiler checks the arguments. All
 * return what the hypervisor did: 0 or a number, or -errno; abi/hypercalls.def tells each. */
static inline long hypercall_set_trap_table(const struct trap_info *table)
{
    return hypercall(__HYPERVISOR_set_trap_table, (unsigned long)table, 0, 0, 0);
}

/* The entry points for events and for faults on the way into the kernel are set in one call. */
static inline long hypercall_callback(unsigned operation, const void *argument)
{
    return hypercall(__HYPERVISOR_callback_op, operation, (unsigned long)argument, 0, 0);
}

static inline long hypercall_mmu_update(const struct mmu_update *updates, unsigned count)
{
    return hypercall(__HYPERVISOR_mmu_update, (unsigned long)updates, count, 0, DOMID_SELF);
}

static inline long hypercall_mmuext(const struct mmuext_op *operations, unsigned count)
{
    return hypercall(__HYPERVISOR_mmuext_op, (unsigned long)operations, count, 0, DOMID_SELF);
}

static inline long hypercall_stack_switch(unsigned long ss, uintptr_t stack)
{
    return hypercall(__HYPERVISOR_stack_switch, ss, stack, 0, 0);
}

static inline long hypercall_xen_version(unsigned operation, void *argument)
{
    return hypercall(__HYPERVISOR_xen_version, operation, (unsigned long)argument, 0, 0);
}

static inline long hypercall_console(unsigned operation, size_t length, const char *text)
{
    return hypercall(__HYPERVISOR_console_io, operation, length, (unsigned long)text, 0);
}

static inline long hypercall_sched(unsigned operation, const void *argument)
{
    return hypercall(__HYPERVISOR_sched_op, operation, (unsigned long)argument, 0, 0);
}

static inline long hypercall_event_channel(unsigned operation, void *argument)
{
    return hypercall(__HYPERVISOR_event_channel_op, operation, (unsigned long)argument, 0, 0);
}

static inline long hypercall_grant_table(unsigned operation, void *one)
{
    return hypercall(__HYPERVISOR_grant_table_op, operation, (unsigned long)one, 1, 0);
}

#endif
