/* SPDX-License-Identifier: MIT */
/*
 * Where the machine calls the kernel: exceptions, system calls, and the way back to a program.
 *
 * A page fault may only mean that a page is not there yet, or is shared (memory.c); no matter
 * whether the program touched it or the kernel on its behalf, in machine_copy. Any other exception
 * of a program is a signal to it, and any other one of the kernel is the end.
 *
 * While the tour runs (there are no processes then), it has all this to itself.
 */
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/process.h"
#include "kernel/schedule.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "tour/tour.h"

static const struct {
    const char *name;
    int signal;
} kinds[] = {
    [TRAP_ARITHMETIC] = { "arithmetic error", API_SIGFPE },
    [TRAP_BREAKPOINT] = { "breakpoint", API_SIGTRAP },
    [TRAP_ILLEGAL_INSTRUCTION] = { "illegal instruction", API_SIGILL },
    [TRAP_PROTECTION] = { "protection fault", API_SIGSEGV },
    [TRAP_PAGE_FAULT] = { "page fault", API_SIGSEGV },
    [TRAP_OTHER] = { "unexpected exception", API_SIGBUS },
};

/* The line that says what happened; a page fault also where. */
static void describe(char *text, size_t size, const struct trap *trap)
{
    if (trap->kind == TRAP_PAGE_FAULT)
        print_to(text, size, "page fault: %s 0x%lx", trap->write ? "write to" : "read of",
                 (unsigned long)trap->address);
    else
        print_to(text, size, "%s", kinds[trap->kind].name);
}

static _Noreturn void end_program(const struct trap *trap, int signal)
{
    char text[64];

    describe(text, sizeof(text), trap);
    print("process %ld (%s): %s\n", current()->pid, current()->name, text);
    backtrace_program(trap->pc, trap->frame);
    process_exit(signal);
}

static void program_trap(const struct trap *trap)
{
    int signal = kinds[trap->kind].signal;

    if (trap->kind == TRAP_PAGE_FAULT) {
        switch (memory_fault(current()->memory, trap)) {
        case MEMORY_SERVED: return;
        case MEMORY_REFUSED: break;
        case MEMORY_OUT:
            print("process %ld (%s): memory is out\n", current()->pid, current()->name);
            process_exit(API_SIGKILL);
        }
    }
    if (!signal_catch_fault(signal))
        end_program(trap, signal);
}

/* A page of a program that machine_copy needs. */
static bool serve_kernel(const struct trap *trap)
{
    if (trap->kind != TRAP_PAGE_FAULT || !current() || !machine_is_user_range(trap->address, 1))
        return false;
    if (lock_any_held())
        kernel_panic_at(trap->pc, trap->frame, "a program's memory is used with a lock held");
    return memory_fault(current()->memory, trap) == MEMORY_SERVED;
}

bool kernel_trap(struct trap *trap)
{
    char text[64];

    if (tour_is_running())
        return tour_trap(trap);
    if (trap->user) {
        program_trap(trap);
        return true;
    }
    if (trap->copying)
        return serve_kernel(trap);
    describe(text, sizeof(text), trap);
    kernel_panic_at(trap->pc, trap->frame, "%s", text);
}

long kernel_system_call(unsigned long number, const unsigned long arguments[4])
{
    return tour_is_running() ? tour_system_call(number, arguments) : system_call(number, arguments);
}

void kernel_return_to_user(void)
{
    if (tour_is_running())
        return;
    schedule_if_over();
    signals_deliver();
}
