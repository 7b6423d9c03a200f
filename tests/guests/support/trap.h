/* SPDX-License-Identifier: MIT */
/* Exceptions on purpose, and user mode. */
#ifndef TESTS_GUESTS_SUPPORT_TRAP_H
#define TESTS_GUESTS_SUPPORT_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/guests/support/width.h"

/* Exceptions that the tests name. */
enum {
    X_DE = 0,
    X_DB = 1,
    X_NMI = 2,
    X_BP = 3,
    X_OF = 4,
    X_UD = 6,
    X_NM = 7,
    X_NP = 11,
    X_SS = 12,
    X_GP = 13,
    X_PF = 14,
    X_MF = 16,
};

/* Bits of a page fault's error code. */
#define PF_PRESENT (1u << 0)
#define PF_WRITE   (1u << 1)
#define PF_USER    (1u << 2)
#define PF_FETCH   (1u << 4)

/* What the last TRY met. */
struct fault {
    bool happened;
    unsigned vector;
    unsigned long code;    /* error code, 0 if the exception has none */
    unsigned long address; /* page fault: CR2 as the hypervisor reports it */
    unsigned long pc;      /* where ip of the frame pointed */
    unsigned long cs;      /* the frame's cs, whole */
    unsigned long flags;
};

extern struct fault fault;
extern unsigned long fault_resume;

/* TRY("mov (%0), " R(ax), : : "r"(p) : "ax", "memory"): runs the instruction with operands as in
 * asm, and gives the struct fault that says whether and how it faulted. After a fault it goes on
 * behind the instruction. */
#define TRY(instruction, ...)                                                    \
    ({                                                                           \
        fault = (struct fault){ .happened = false };                             \
        __asm__ volatile("mov" W " $7f, fault_resume\n\t" instruction "\n7:\n\t" \
                         "mov" W " $0, fault_resume" __VA_ARGS__);               \
        fault;                                                                   \
    })

/* A read and a write of a register's size, the usual things to try. */
struct fault try_read(const volatile void *address);
struct fault try_write(volatile void *address, unsigned long value);

/* Compares: the fault happened, with this vector and code. what says what was tried. */
void expect_fault(struct fault f, unsigned vector, unsigned long code, const char *what);
void expect_no_fault(struct fault f, const char *what);

/* If set, called for kernel-mode exceptions that no TRY waits for; may change the frame. */
extern void (*trap_hook)(struct frame *frame);

/* A frame at code, in user mode or kernel mode, on a stack of its own; other registers are 0. And
 * running it until its first exception (user mode: or SYSCALL), whose frame is returned. In kernel
 * mode trap_hook, if it is set, decides what becomes of exceptions; it may call frame_leave. */
struct frame code_frame(const void *code, bool user);
struct frame code_run(struct frame start);

/* Runs function in user mode until it leaves that mode, by exception or USER_CALL, and returns the
 * frame that it left with. The user mode sees the same memory as the kernel. */
struct frame user_run(void (*function)(void));

/* Goes to where the frame says by the iret hypercall; returns when frame_leave is called. */
void frame_enter(struct frame *frame);
_Noreturn void frame_leave(void);

/* entry64.S, entry32.S: the entry points, for tests that register callbacks themselves. */
extern char vector_stubs[], event_entry[], failsafe_entry[];
extern char stack_end[], trap_stack_end[], user_stack_end[];
extern const unsigned long start_registers[13];

/* The selector in a segment register, by its name. */
#define READ_SEGMENT(name)                                         \
    ({                                                             \
        unsigned selector_;                                        \
        __asm__ volatile("mov %%" #name ", %0" : "=r"(selector_)); \
        selector_;                                                 \
    })

/* How often the failsafe callback was taken; where it goes on is said as for a fault,
 * by fault_resume or trap_hook. */
extern unsigned failsafe_count;

/* Sets the handlers of this vCPU; fills the begin of a table with them and returns how many they
 * are. */
#define TRAPS_MAX 32
void traps_init(void);
unsigned traps_fill(struct trap_info *table);

void support_trap(struct frame *frame);

#endif
