/* SPDX-License-Identifier: MIT */
/* What the files of machine/native/ know of each other. The kernel does not include this. */
#ifndef GUEST_KERNEL_NATIVE_NATIVE_H
#define GUEST_KERNEL_NATIVE_NATIVE_H

#include "machine/frame.h"
#include "machine/layout.h"
#include "machine/native/vectors.h"
#include "machine/native/width.h"
#include "machine/vectors.h"

/* setup.c, called by start64.S or start32.S: what GRUB left in eax and ebx. */
_Noreturn void native_start(uint32_t magic, uint32_t info);

/* console.c */
void native_console_init(void);
void native_console_bind(void (*handler)(void));

/* segments.c: GDT and TSS; which kernel stack the processor uses when it leaves user mode. */
void native_segments_init(void);
void native_task_stack(void *stack_top);

/* traps.c: the gate of a vector, which programs may use by `int n` if ring is 3. */
void native_gate_set(unsigned vector, unsigned ring, const char *entry);
void native_traps_init(void);

/* traps64.c, traps32.c: where system calls come in. */
void native_system_calls_init(void);

/* user.c: where the kernel's stack begins when a program is left; what keeps the two apart. */
extern void *native_stack_top[MACHINE_CPUS_MAX];
void native_user_init(void);

/* interrupts.c: the interrupt controllers. */
void native_interrupts_init(void);
void native_line_bind(unsigned line, void (*handler)(void));

/* cpus.c: the controller that each CPU has of its own. */
void native_cpu_bind(void (*handler)(void));
void native_cpu_interrupted(unsigned line);

/* timer.c */
void native_timer_init(void);
void native_timer_bind(void (*handler)(void));

/* mmu.c: takes the pages of the physical addresses [start, end) for the kernel's. */
void native_mmu_init(struct machine_facts *facts, uintptr_t start, uintptr_t end);

/* entry64.S, entry32.S */
extern char native_entries[], native_entry_system_call[];
void native_load_segments(const void *gdt_pointer, unsigned task_selector);
_Noreturn void native_frame_enter(struct trap_frame *frame);

/* The kernel's linear addresses: physical ones, moved. */
static inline void *linear(uint64_t physical)
{
    return (void *)(VIRT_BASE + (uintptr_t)physical);
}

static inline uintptr_t physical(const void *page)
{
    return (uintptr_t)page - VIRT_BASE;
}

#endif
