/* SPDX-License-Identifier: MIT */
/*
 * The way to user mode and back.
 *
 * A 64-bit PV kernel runs in ring 3, like its programs: what protects it is that Xen switches page
 * tables between the two. A 32-bit one runs in ring 1, and its programs in ring 3 on the same
 * tables. The iret hypercall with a ring-3 code selector means "to user mode" (at 64 bits Xen then
 * loads the user half's own top-level table, space.c). Whatever leaves user mode arrives on the
 * stack named by stack_switch.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

void machine_kernel_stack(void *stack)
{
    stack_end(stack)->cpu = machine_cpu();
    pv_must(hypercall_stack_switch(FLAT_KERNEL_SS, (uintptr_t)machine_stack_top(stack)));
}

/* Whether the kernel may touch programs' pages at other times, too, is for Xen to say: SMAP, if it
 * is on, is for ring 0. */
bool machine_copy(void *to, const void *from, size_t size)
{
    return copy_bytes(to, from, size);
}

_Noreturn void machine_user_enter(const struct user_state *state)
{
    struct trap_frame frame = pv_user_frame();

    machine_map_flush();
    user_load(&frame, state);
    pv_frame_enter(&frame);
}
