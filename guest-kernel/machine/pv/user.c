/* SPDX-License-Identifier: MIT */
/*
 * Threads and user mode.
 *
 * A 64-bit PV kernel runs in ring 3, like its programs: what protects it is that Xen switches page
 * tables between the two. A 32-bit one runs in ring 1, and its programs in ring 3 on the same
 * tables. The iret hypercall with a ring-3 code selector means "to user mode" (at 64 bits Xen then
 * loads the user half's own top-level table, space64.c). Whatever leaves user mode arrives on the
 * stack named by stack_switch.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

#define FLAGS_IF (1ul << 9)

void pv_context_begin(void);

struct context *machine_context_create(void *stack_top, void (*entry)(void *), void *argument)
{
    struct context *context = (struct context *)stack_top - 1;

    *context = (struct context){
        .CONTEXT_ENTRY = (uintptr_t)entry,
        .CONTEXT_ARGUMENT = (uintptr_t)argument,
        .return_address = (uintptr_t)pv_context_begin,
    };
    return context;
}

void machine_kernel_stack(void *stack_top)
{
    hypercall_stack_switch(FLAT_KERNEL_SS, (uintptr_t)stack_top);
}

_Noreturn void machine_user_enter(uintptr_t pc, uintptr_t sp)
{
    struct trap_frame frame = pv_user_frame(pc, sp, FLAGS_IF);

    pv_frame_enter(&frame);
}
