/* SPDX-License-Identifier: MIT */
/*
 * Claim: the iret hypercall restores all registers, takes the event mask from IF, and sets flags
 *     that a guest may not have (IOPL, VM) and the privilege in CS and SS to what they must be. An
 *     exception's frame is aligned, whatever the stack was.
 * Rule: abi/struct_width_regs.h, iret_context
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because the 32-bit frame has other registers and no alignment: ring1-iret-frames
 */
#include "tests/guests/support/support.h"

#define FLAG_CF   0x1
#define FLAG_IF   0x200
#define FLAG_IOPL 0x3000
#define FLAG_VM   0x20000

static struct frame seen;
static uint64_t seen_end; /* the first byte behind it */
static uint64_t stack = (unsigned long)user_stack_end, stack_selector = FLAT_KERNEL_SS;

/* Stops at once with all registers as iret left them: invalid opcode, whose frame the hook keeps.
 */
static void keep(struct frame *frame)
{
    seen = *frame;
    seen_end = (unsigned long)(frame + 1);
    frame_leave();
}

/* Naked: not even a frame pointer is pushed before it. */
static __attribute__((naked)) void land(void)
{
    __asm__ volatile("ud2");
}

static void go(uint64_t cs, uint64_t rflags)
{
    struct frame frame = { .r15 = 15,
                           .r14 = 14,
                           .r13 = 13,
                           .r12 = 12,
                           .r11 = 11,
                           .r10 = 10,
                           .r9 = 9,
                           .r8 = 8,
                           .bp = 6,
                           .di = 5,
                           .si = 4,
                           .bx = 3,
                           .dx = 2,
                           .cx = 1,
                           .ax = 0x1234,
                           .ip = (unsigned long)land,
                           .cs = cs,
                           .flags = rflags,
                           .sp = stack,
                           .ss = stack_selector };

    frame_enter(&frame);
}

void test_main(void)
{
    const volatile uint8_t *mask = &shared_info->vcpu_info[0].evtchn_upcall_mask;

    trap_hook = keep;
    go(FLAT_KERNEL_CS & ~3ul, FLAG_CF);
    expect((long)seen.vector, X_UD, "how it ended");
    expect_true(seen.r15 == 15 && seen.r14 == 14 && seen.r13 == 13 && seen.r12 == 12 &&
                    seen.r11 == 11 && seen.r10 == 10 && seen.r9 == 9 && seen.r8 == 8 &&
                    seen.bp == 6 && seen.di == 5 && seen.si == 4 && seen.bx == 3 && seen.dx == 2 &&
                    seen.cx == 1 && seen.ax == 0x1234,
                "all registers are as the frame said");
    expect_hex(seen.sp, (unsigned long)user_stack_end, "rsp");
    expect_hex(seen.flags & (FLAG_CF | FLAG_IF), FLAG_CF, "CF, and IF off");
    expect(*mask, 1, "the mask after a frame with IF off");

    go(FLAT_KERNEL_CS & ~3ul, FLAG_IF);
    expect_hex(seen.flags & (FLAG_CF | FLAG_IF), FLAG_IF, "IF on");
    events_mask();

    go(FLAT_KERNEL_CS & ~3ul, FLAG_IF | FLAG_IOPL | FLAG_VM);
    expect_hex(seen.flags & (FLAG_IF | FLAG_IOPL | FLAG_VM), FLAG_IF, "IOPL and VM asked for");
    events_mask();

    /* The privilege in a selector is forced, and a frame begins at a multiple of 16. */
    for (unsigned i = 0; i < 3; i++) {
        stack_selector = (FLAT_KERNEL_SS & ~3ul) | i;
        stack = (unsigned long)user_stack_end - i * 3;
        go((FLAT_KERNEL_CS & ~3ul) | i, FLAG_CF);
        expect((long)seen.vector, X_UD, "how it ended, privilege %u", i);
        expect_hex(seen.sp, stack, "rsp, privilege %u", i);
        expect_hex(seen.ss, FLAT_KERNEL_SS, "ss, privilege %u", i);
        expect(seen_end % 16, 0, "where the frame ends, privilege %u", i);
    }
}
