/* SPDX-License-Identifier: MIT */
/*
 * Claim: with TF each instruction of a guest's kernel is one step, also those that the hypervisor
 *     does for it: a hypercall, an emulated instruction. The status in DR6 is collected until the
 *     guest clears it; a program's SYSCALL with TF takes the flag along in R11.
 * Rule: Intel SDM 3, 17.2; invariants D3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define RFLAGS_TF   0x100ul
#define DR6_DEFAULT 0xffff0ff0ul
#define DR6_STEP    0x4000ul
#define MAX_STEPS   16

static uint64_t steps[MAX_STEPS];
static unsigned count, wanted;
static volatile uint64_t watched;

/* Notes where each step ends, and takes TF off when there are enough. */
static void step(struct frame *frame)
{
    if (count < MAX_STEPS)
        steps[count] = frame->ip;
    if (++count >= wanted)
        frame->flags &= ~RFLAGS_TF;
}

static void begin(unsigned number)
{
    count = 0;
    wanted = number;
    expect(CALL(set_debugreg, 6, 0), 0, "clear the status");
}

#define TF_ON "pushf; orl $0x100, (" R(sp) "); popf\n"

/* The lengths of `number` instructions, one after the other. */
static void expect_lengths(const unsigned char *lengths, unsigned number, const char *what)
{
    expect((long)count, number + 1, "%s: steps", what);
    for (unsigned i = 0; i < number; i++)
        expect((long)(steps[i + 1] - steps[i]), lengths[i], "%s: step %u", what, i);
    expect_hex((unsigned long)CALL(get_debugreg, 6), DR6_DEFAULT | DR6_STEP, "%s: status", what);
}

static void instructions(void)
{
    begin(4);
    __asm__ volatile(TF_ON "nop; nop; xchg %%eax, %%ebx; xchg %%eax, %%ebx; nop" ::: "memory");
    expect_lengths((const unsigned char[]){ 1, 1, 1 }, 3, "plain");
    begin(5);
    __asm__ volatile(TF_ON "nop; xor %%edi, %%edi; mov $17, %%eax; " KERNEL_CALL
                           "; nop; nop; nop" ::
                               : "ax", "bx", "di", "si", USER_CALL_CLOBBERS);
    /* Back from INT the CPU does the next instruction before it traps. */
    expect_lengths((const unsigned char[]){ 2, 5, WORD_BITS == 64 ? 2 : 3, 1 }, 4, "a hypercall");
    begin(4);
    __asm__ volatile(TF_ON
                     "nop; xor %%eax, %%eax; .byte 0x0f, 0x0b, 'x', 'e', 'n'; cpuid; nop; nop" ::
                         : "memory", "ax", "bx", "cx", "dx");
    expect_lengths((const unsigned char[]){ 2, 7, 1 }, 3, "CPUID with the prefix");
    begin(4);
    __asm__ volatile(TF_ON "nop; mov %%cr0, " R(ax) "; nop; nop; nop" ::: "memory", "ax");
    expect_lengths((const unsigned char[]){ 3, 1, 1 }, 3, "an emulated instruction");
}

static void status_collects(void)
{
    begin(1);
    __asm__ volatile(TF_ON "nop; nop" ::: "memory");
    expect(CALL(set_debugreg, 0, &watched), 0, "an address");
    for (unsigned i = 0; i < 2; i++) {
        /* Breakpoint 0: writes of 8 bytes. */
        expect(CALL(set_debugreg, 7, 0x90401), 0, "the breakpoint");
        watched = i;
        expect(CALL(set_debugreg, 7, 0x400), 0, "no breakpoint");
        expect_hex((unsigned long)CALL(get_debugreg, 6), DR6_DEFAULT | DR6_STEP | 1,
                   "both reasons");
    }
    expect(CALL(set_debugreg, 6, 0), 0, "clear the status");
    expect_hex((unsigned long)CALL(get_debugreg, 6), DR6_DEFAULT, "cleared");
}

static void system_call(void)
{
    __asm__ volatile(TF_ON USER_CALL ::: "memory");
}

void test_main(void)
{
    struct frame frame;

    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    trap_hook = step;
    instructions();
    status_collects();
    frame = user_run(system_call);
    expect((long)frame.vector, VECTOR_SYSCALL, "a program's SYSCALL");
    expect_hex(frame.flags & RFLAGS_TF, RFLAGS_TF, "its flags");
    expect_true(user_call_registers(&frame), "R11 has them, too");
}
