/* SPDX-License-Identifier: MIT */
/* Exceptions: noted for TRY, given to the test's hook, or the end of the test; and user mode. */
#include "tests/guests/support/trap.h"

#include "tests/guests/support/support.h"

#define FLAGS_TF    0x100
#define MASK_EVENTS 4

struct fault fault;
unsigned long fault_resume;
void (*trap_hook)(struct frame *frame);
unsigned failsafe_count;

static struct frame user_frame;

/* Only exceptions: a test that wants `int n` registers more. 2, 15 and 18 are not for us to take.
 */
static const uint8_t exceptions[] = { 0, 1, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17, 19 };

unsigned traps_fill(struct trap_info *table)
{
    for (unsigned i = 0; i < COUNT(exceptions); i++) {
        table[i] = (struct trap_info){
            .vector = exceptions[i],
            .flags = MASK_EVENTS,
            .cs = FLAT_KERNEL_CS,
            .address = (unsigned long)vector_stubs + exceptions[i] * VECTOR_STUB_SIZE,
        };
    }
    return COUNT(exceptions) + traps_of_width(table + COUNT(exceptions));
}

void traps_init(void)
{
    struct trap_info table[TRAPS_MAX + 1];
    long result;

    table[traps_fill(table)] = (struct trap_info){ .address = 0 };
    result = CALL(set_trap_table, table);
    result |= callbacks_init();
    result |= CALL(stack_switch, FLAT_KERNEL_SS, trap_stack_end);
    if (result != 0)
        error("the support library cannot set up exceptions");
}

static void note(const struct frame *frame)
{
    fault = (struct fault){
        .happened = true,
        .vector = (unsigned)frame->vector,
        .code = frame->error,
        .address = frame->vector == X_PF ? shared_info->vcpu_info[0].arch.cr2 : 0,
        .pc = frame->ip,
        .cs = frame->cs,
        .flags = frame->flags,
    };
}

void support_trap(struct frame *frame)
{
    if (frame->vector == VECTOR_EVENT) {
        events_serve();
        return;
    }
    if (frame->vector == VECTOR_FAILSAFE)
        failsafe_count++;
    if ((frame->cs & 3) == 3) { /* user mode: kernel code shows with privilege 0 or 1 */
        user_frame = *frame;
        note(frame);
        frame_leave();
    }
    if (fault_resume) {
        note(frame);
        frame->ip = fault_resume;
        frame->flags &= ~(unsigned long)FLAGS_TF; /* a single step is enough */
    } else if (trap_hook) {
        trap_hook(frame);
    } else {
        error("exception %lu, code 0x%lx, at 0x%lx, address 0x%lx", frame->vector, frame->error,
              frame->ip, shared_info->vcpu_info[0].arch.cr2);
    }
}

struct fault try_read(const volatile void *address)
{
    return TRY("mov (%0), " R(ax), : : "r"(address) : "ax", "memory");
}

struct fault try_write(volatile void *address, unsigned long value)
{
    return TRY("mov %1, (%0)", : : "r"(address), "r"(value) : "memory");
}

void expect_fault(struct fault f, unsigned vector, unsigned long code, const char *what)
{
    if (!f.happened) {
        expect_true(false, "%s faults", what);
        return;
    }
    expect(f.vector, vector, "%s: vector", what);
    expect_hex(f.code, code, "%s: error code", what);
}

void expect_no_fault(struct fault f, const char *what)
{
    expect_true(!f.happened, "%s does not fault (vector %u, code 0x%lx, address 0x%lx)", what,
                f.vector, f.code, f.address);
}

struct frame code_frame(const void *code, bool user)
{
    struct frame frame = {
        .ip = (unsigned long)code,
        .sp = (unsigned long)user_stack_end - sizeof(long), /* as after a call */
    };

    frame_fill(&frame, user);
    return frame;
}

static void leave_kernel_code(struct frame *frame)
{
    user_frame = *frame;
    frame_leave();
}

struct frame code_run(struct frame start)
{
    void (*hook)(struct frame * frame) = trap_hook;

    user_sees_kernel();
    if (hook == NULL)
        trap_hook = leave_kernel_code;
    frame_enter(&start);
    trap_hook = hook;
    events_mask(); /* the way back was none through iret, which would have restored the mask */
    return user_frame;
}

struct frame user_run(void (*function)(void))
{
    return code_run(code_frame((const void *)function, true));
}
