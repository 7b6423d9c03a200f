/* SPDX-License-Identifier: MIT */
/*
 * The end of a broken kernel, and backtraces. The compiler keeps rbp (ebp) as frame pointer: it
 * points to the caller's, above which lies the address where the caller goes on. The first of all
 * callers has a frame pointer of zero.
 */
#include "kernel/panic.h"

#include <stdarg.h>

#include "kernel/process.h"
#include "kernel/symbols.h"
#include "kernel/user_memory.h"
#include "lib/print.h"

#define BACKTRACE_MAX 24

struct frame {
    uintptr_t caller;
    uintptr_t returns_to;
};

/* `search` is where the name is looked up: for a return address the call before it, which may be
 * the last instruction of its function. */
static void print_place(struct node *program, uintptr_t address, uintptr_t search)
{
    struct symbol symbol;

    if (program ? symbol_of_program(program, search, &symbol) : symbol_of_kernel(search, &symbol))
        print("  0x%lx %s+0x%lx\n", (unsigned long)address, symbol.name,
              (unsigned long)(symbol.offset + (address - search)));
    else
        print("  0x%lx\n", (unsigned long)address);
}

/* Frames lie one above the other; where that or the memory ends, the backtrace ends. */
static void backtrace(struct node *program, uintptr_t frame)
{
    struct frame here;

    for (unsigned i = 0; i < BACKTRACE_MAX; i++) {
        if (machine_is_user_range(frame, sizeof(here)) != (program != NULL) ||
            !machine_copy(&here, (const void *)frame, sizeof(here)) || here.returns_to == 0)
            return;
        print_place(program, here.returns_to, here.returns_to - 1);
        if (here.caller <= frame)
            return;
        frame = here.caller;
    }
}

void backtrace_program(uintptr_t pc, uintptr_t frame)
{
    print_place(current()->program, pc, pc);
    backtrace(current()->program, frame);
}

static unsigned ending; /* 0, or one more than the CPU that panics */

static _Noreturn void stay(void)
{
    for (;;)
        ;
}

bool kernel_is_ending(void)
{
    unsigned who = __atomic_load_n(&ending, __ATOMIC_RELAXED);

    if (who != 0 && who != machine_cpu() + 1)
        stay();
    return who != 0;
}

static _Noreturn void end(uintptr_t pc, uintptr_t frame, const char *text)
{
    unsigned nobody = 0, here = machine_cpu() + 1;

    if (!__atomic_compare_exchange_n(&ending, &nobody, here, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST)) {
        if (nobody != here)
            stay();      /* another CPU tells of its own */
        machine_crash(); /* a panic on the way to the end of one */
    }

    print("\nkernel panic: %s\n", text);
    if (pc)
        print_place(NULL, pc, pc);
    backtrace(NULL, frame);
    machine_crash();
}

_Noreturn void kernel_panic(const char *format, ...)
{
    char text[160];
    va_list arguments;

    machine_irq_off();
    va_start(arguments, format);
    print_list_to(text, sizeof(text), format, &arguments);
    va_end(arguments);
    end(0, (uintptr_t)__builtin_frame_address(0), text);
}

_Noreturn void kernel_panic_at(uintptr_t pc, uintptr_t frame, const char *format, ...)
{
    char text[160];
    va_list arguments;

    machine_irq_off();
    va_start(arguments, format);
    print_list_to(text, sizeof(text), format, &arguments);
    va_end(arguments);
    end(pc, frame, text);
}
