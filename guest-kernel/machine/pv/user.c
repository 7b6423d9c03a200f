/* SPDX-License-Identifier: MIT */
/*
 * Threads and user mode.
 *
 * A 64-bit PV kernel runs in ring 3, like its programs: what protects it is that Xen switches page
 * tables between the two. The iret hypercall with a ring-3 code selector means "to user mode"; Xen
 * then loads the user half's own top-level table (mmu.c). Whatever leaves user mode arrives on the
 * stack named by stack_switch.
 */
#include "machine/pv/hypercall.h"
#include "machine/pv/pv.h"

#define RFLAGS_IF (1ul << 9)

void pv_context_begin(void);

/* What machine_context_switch (entry.S) pops, lowest address first. */
struct context {
    uint64_t r15, r14, r13, r12, rbx, rbp;
    uint64_t return_address;
    uint64_t end_of_backtrace; /* also makes the stack of pv_context_begin aligned to 16 */
};

struct context *machine_context_create(void *stack_top, void (*entry)(void *), void *argument)
{
    struct context *context = (struct context *)stack_top - 1;

    *context = (struct context){
        .r12 = (uintptr_t)entry,
        .r13 = (uintptr_t)argument,
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
    struct trap_frame frame = {
        .rip = pc,
        .cs = FLAT_USER_CS,
        .rflags = RFLAGS_IF,
        .rsp = sp,
        .ss = FLAT_USER_SS,
    };

    pv_frame_enter(&frame);
}
