/* SPDX-License-Identifier: MIT */
/*
 * The way to user mode and back: IRET with selectors of ring 3. Whatever leaves user mode arrives
 * on the stack that the TSS names; SYSCALL changes no stack, so its entry does.
 */
#include "machine/native/instructions.h"
#include "machine/native/native.h"

void *native_stack_top[MACHINE_CPUS_MAX];
static bool smap; /* is on */

/* What the processor can refuse: to execute a program's page in ring 0 (SMEP), and to touch one
 * there (SMAP), which the kernel does in machine_copy only; to tell programs where the kernel's
 * tables lie (UMIP). */
void native_user_init(void)
{
    uint32_t leaf[4];

    cpuid(0, leaf);
    if (leaf[CPUID_EAX] < CPUID_FEATURES)
        return;
    cpuid(CPUID_FEATURES, leaf);
    smap = leaf[CPUID_EBX] & FEATURE_SMAP;
    write_cr4(read_cr4() | (leaf[CPUID_EBX] & FEATURE_SMEP ? CR4_SMEP : 0) | (smap ? CR4_SMAP : 0) |
              (leaf[CPUID_ECX] & FEATURE_UMIP ? CR4_UMIP : 0));
}

void machine_kernel_stack(void *stack)
{
    stack_end(stack)->cpu = machine_cpu();
    native_stack_top[machine_cpu()] = machine_stack_top(stack);
    native_task_stack(machine_stack_top(stack));
}

bool machine_copy(void *to, const void *from, size_t size)
{
    bool done;

    if (smap)
        __asm__ volatile("stac" : : : "memory");
    done = copy_bytes(to, from, size);
    if (smap)
        __asm__ volatile("clac" : : : "memory");
    return done;
}

_Noreturn void machine_user_enter(const struct user_state *state)
{
    struct trap_frame frame = native_user_frame();

    machine_map_flush();
    user_load(&frame, state);
    native_frame_enter(&frame);
}
