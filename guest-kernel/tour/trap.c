/* SPDX-License-Identifier: MIT */
/*
 * Exceptions. Those of a user program end it, except that its stack grows on demand. Those of the
 * kernel are bugs, except the ones that show_traps makes on purpose.
 */
#include "tour/tour.h"

/* What show_traps is waiting for, and what came. Volatile: the compiler does not see that the
 * instructions in between call the handler. */
static struct {
    bool armed;
    volatile unsigned breakpoints, illegal_instructions, faults;
    void *page; /* mapped by the page-fault handler */
} lesson;

/* The kernel touched the hole: map a page there, so that the instruction works when it runs again.
 */
static bool lesson_fault(const struct trap *trap)
{
    uintptr_t hole = machine_facts()->kernel_hole;

    if (trap->address / PAGE_SIZE != hole / PAGE_SIZE || trap->present)
        return false;
    lesson.faults++;
    lesson.page = kernel_page_get();
    return lesson.page && machine_map(NULL, hole, lesson.page, ACCESS_READ | ACCESS_WRITE);
}

/* True: taken care of, go on at trap->pc. */
static bool lesson_trap(struct trap *trap)
{
    switch (trap->kind) {
    case TRAP_BREAKPOINT: lesson.breakpoints++; return true;
    case TRAP_ILLEGAL_INSTRUCTION:
        lesson.illegal_instructions++;
        trap->pc += 2; /* ud2 has two bytes */
        return true;
    case TRAP_PAGE_FAULT: return lesson_fault(trap);
    case TRAP_ARITHMETIC:
    case TRAP_PROTECTION:
    case TRAP_OTHER: return false;
    }
    return false;
}

static const char *trap_name(enum trap_kind kind)
{
    switch (kind) {
    case TRAP_ARITHMETIC: return "arithmetic error";
    case TRAP_BREAKPOINT: return "breakpoint";
    case TRAP_ILLEGAL_INSTRUCTION: return "illegal instruction";
    case TRAP_PROTECTION: return "protection fault";
    case TRAP_PAGE_FAULT: return "page fault";
    case TRAP_OTHER: return "unexpected exception";
    }
    return "";
}

bool tour_trap(struct trap *trap)
{
    if (trap->user) {
        if (trap->kind == TRAP_PAGE_FAULT && !trap->present && process_grow(trap->address))
            return true;
        process_end(trap_name(trap->kind), -1);
    }

    /* machine_copy may fault on anybody's addresses; false lets the machine find out whether it was
     * that. */
    if (!lesson.armed)
        return false;
    return lesson_trap(trap);
}

static const char *verdict(bool good)
{
    return good ? "taken, and the kernel went on" : "WENT WRONG";
}

/* Four lessons: an exception that reports, one whose handler must skip the instruction, one whose
 * handler mends the reason so that the instruction works when it runs again, and one that nobody
 * can mend. */
void show_traps(void)
{
    volatile uint32_t *hole = (volatile uint32_t *)machine_facts()->kernel_hole;
    uint32_t before;
    void *page;

    lesson.armed = true;
    __asm__ volatile("int3");
    print("traps: breakpoint %s\n", verdict(lesson.breakpoints == 1));
    __asm__ volatile("ud2");
    print("traps: illegal instruction %s\n", verdict(lesson.illegal_instructions == 1));
    before = *hole;
    *hole = 42;
    print("traps: page fault on an empty address %s\n", verdict(lesson.faults == 1));
    print("traps: the handler mapped a page there: it held %u, now %u\n", before, *hole);
    lesson.armed = false;

    page = machine_unmap(NULL, (uintptr_t)hole);
    machine_map_flush();
    kernel_page_put(page);
    print("traps: unmapped again, it %s be read\n",
          machine_copy(&before, (const void *)machine_facts()->kernel_hole, sizeof(before))
              ? "CAN"
              : "cannot");
}
