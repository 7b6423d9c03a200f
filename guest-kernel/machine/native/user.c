/* SPDX-License-Identifier: MIT */
/*
 * The way to user mode and back: IRET with selectors of ring 3. Whatever leaves user mode arrives
 * on the stack that the TSS names; SYSCALL changes no stack, so its entry does.
 */
#include "machine/native/native.h"

void *native_stack_top;

void machine_kernel_stack(void *stack_top)
{
    native_stack_top = stack_top;
    native_kernel_stack(stack_top);
}

void machine_user_save(struct user_state *state)
{
    user_save(frame_of_program(native_stack_top), state);
}

void machine_user_load(const struct user_state *state)
{
    user_load(frame_of_program(native_stack_top), state);
}

_Noreturn void machine_user_enter(const struct user_state *state)
{
    struct trap_frame frame = native_user_frame();

    machine_map_flush();
    user_load(&frame, state);
    native_frame_enter(&frame);
}
