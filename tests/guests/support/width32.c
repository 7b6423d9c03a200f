/* SPDX-License-Identifier: MIT */
/* What only 32-bit guests have; see width.h. */
#include "tests/guests/support/width32.h"

#include "tests/guests/support/support.h"

#define FLAGS_IF    0x200
#define FROM_USER   3
#define MASK_EVENTS 4

extern char image_end[];

/* User mode has the kernel's page tables, and is kept out by the user bit of each entry: which is
 * set here for the whole image, and then stays. */
void user_sees_kernel(void)
{
    static bool done;

    for (char *page = (char *)VIRT_BASE; !done && page < image_end; page += PAGE_SIZE) {
        if (map(page, *entry_of(page, 1) | PTE_USER) != 0)
            error("cannot show %p to user mode", (void *)page);
    }
    done = true;
}

/* The last gigabyte must have an L2 of its own in each root: its end is the hypervisor's. */
uint64_t *root_new(void)
{
    const volatile uint64_t *present = entry_of((void *)KERNEL_GIGABYTE, 2);
    uint64_t *root = page_new(), *l2 = page_new();

    for (unsigned i = 0; i < RESERVED_ENTRY; i++)
        l2[i] = present[i];
    set_writable(l2, false);
    root[TOP_ENTRIES - 1] = table_entry(l2, TOP_LEVEL);
    return root;
}

void frame_fill(struct frame *frame, bool user)
{
    frame->cs = user ? FLAT_USER_CS : FLAT_KERNEL_CS;
    frame->ds = user ? FLAT_USER_DS : FLAT_KERNEL_DS;
    frame->es = frame->ds;
    frame->flags = FLAGS_IF;
    frame->ss = user ? FLAT_USER_SS : FLAT_KERNEL_SS;
}

unsigned traps_of_width(struct trap_info *table)
{
    table[0] = (struct trap_info){
        .vector = VECTOR_SYSCALL,
        .flags = MASK_EVENTS | FROM_USER,
        .cs = FLAT_KERNEL_CS,
        .address = (unsigned long)vector_stubs + VECTOR_SYSCALL * VECTOR_STUB_SIZE,
    };
    return 1;
}

long callbacks_init(void)
{
    const struct callback_register callbacks[] = {
        { .type = CALLBACKTYPE_event,
          .address = { .cs = FLAT_KERNEL_CS, .eip = (unsigned long)event_entry } },
        { .type = CALLBACKTYPE_failsafe,
          .address = { .cs = FLAT_KERNEL_CS, .eip = (unsigned long)failsafe_entry } },
    };
    long result = 0;

    for (unsigned i = 0; i < COUNT(callbacks); i++)
        result |= CALL(callback_op, CALLBACKOP_register, &callbacks[i]);
    return result;
}

/* The argument lies on the stack, above the place of the return address. */
void context_fill(struct vcpu_guest_context *context, void (*function)(unsigned long),
                  unsigned long argument, char *its_stack_end)
{
    unsigned long *top = (unsigned long *)its_stack_end;

    top[-1] = argument;
    context->user_regs.eip = (unsigned long)function;
    context->user_regs.esp = (unsigned long)&top[-2];
    context->user_regs.ds = FLAT_KERNEL_DS;
    context->user_regs.es = FLAT_KERNEL_DS;
    context->kernel_sp = (unsigned long)its_stack_end;
    context->event_callback_cs = FLAT_KERNEL_CS;
    context->event_callback_eip = (unsigned long)event_entry;
    context->failsafe_callback_cs = FLAT_KERNEL_CS;
    context->failsafe_callback_eip = (unsigned long)failsafe_entry;
}
