/* SPDX-License-Identifier: MIT */
/*
 * One user program at a time: a space, a kernel stack, and a thread that goes to user mode on it.
 *
 *     show_user --switch--> thread: machine_user_enter -> program -> system call or exception ...
 *               <-switch--  process_end
 *
 * The system calls are few: write(text, size), number 1; end(code), number 2. The program
 * (hello64.S, hello32.S) is linked into the kernel's image and copied to a page of its own.
 */
#include "abi/constants.h" /* XEN_E*: this kernel's errors have the same names and numbers */
#include "tour/tour.h"
#include "lib/string.h"

#define PROGRAM_ADDRESS 0x400000ul
#define STACK_END       0x800000ul
#define STACK_PAGES     4
#define WRITE_MAX       128

enum system_call {
    CALL_WRITE = 1,
    CALL_END = 2,
};

extern const char user_program[], user_program_end[];

/* The one process. Everything is there from show_user() until it has cleared up. */
static struct {
    struct space *space;
    struct context *thread; /* where it begins; once it runs, its state is on its stacks only */
    struct context *parent; /* show_user(), waiting */
} process;

static char kernel_stack[MACHINE_STACK_SIZE] __attribute__((aligned(MACHINE_STACK_SIZE)));

/* ---- The program's memory ---- */

/* A new page at address, beginning with the size bytes at from. False: memory is out, nothing is
 * left behind but perhaps page tables, which go with the space. */
static bool give_page(uintptr_t address, unsigned access, const void *from, size_t size)
{
    void *page = kernel_page_get();

    if (page && machine_map(process.space, address, page, access)) {
        memcpy(page, from, size);
        return true;
    }
    kernel_page_put(page);
    return false;
}

/* The stack gets its pages when they are first touched. */
bool process_grow(uintptr_t address)
{
    if (address >= STACK_END || address < STACK_END - STACK_PAGES * PAGE_SIZE)
        return false;
    return give_page(address & ~(PAGE_SIZE - 1), ACCESS_READ | ACCESS_WRITE, NULL, 0);
}

/* ---- System calls ---- */

static long call_write(uintptr_t text, size_t size)
{
    char copy[WRITE_MAX];

    if (size > sizeof(copy))
        return -XEN_EINVAL;

    /* Both checks are needed: without the first, a program could print the kernel's memory. */
    if (!machine_is_user_range(text, size) || !machine_copy(copy, (const void *)text, size))
        return -XEN_EFAULT;
    machine_console_write(copy, size);
    return (long)size;
}

long tour_system_call(unsigned long number, const unsigned long arguments[4])
{
    switch (number) {
    case CALL_WRITE: return call_write(arguments[0], arguments[1]);
    case CALL_END: process_end("its own wish", (long)arguments[0]);
    default: return -XEN_ENOSYS;
    }
}

/* ---- Its life ---- */

_Noreturn void process_end(const char *how, long code)
{
    struct context *nobody;

    print("user: the program ended by %s, code %ld\n", how, code);
    machine_context_switch(&nobody, process.parent);
    machine_crash(); /* nobody switches to a thread that has ended */
}

static void run(void *unused)
{
    struct user_state state;

    (void)unused;
    machine_user_init(&state, PROGRAM_ADDRESS, STACK_END);
    machine_user_enter(&state);
}

void show_user(void)
{
    process.space = machine_space_create();
    if (!process.space || !give_page(PROGRAM_ADDRESS, ACCESS_READ | ACCESS_EXECUTE, user_program,
                                     (size_t)(user_program_end - user_program))) {
        print("user: OUT OF MEMORY\n");
        machine_crash();
    }

    process.thread = machine_context_create(machine_stack_top(kernel_stack), run, NULL);
    machine_kernel_stack(kernel_stack);
    machine_space_switch(process.space);
    machine_context_switch(&process.parent, process.thread);

    machine_space_switch(NULL);
    machine_space_destroy(process.space, kernel_page_put);
}
