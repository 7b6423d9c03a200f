/* SPDX-License-Identifier: MIT */
/*
 * Claim: an exception of a program arrives in ring 1 on the stack of stack_switch, wherever that
 *     ends, with a frame as the processor pushes it: SS, ESP, EFLAGS, CS, EIP and the error code of
 *     those that have one; the event mask is in bits 16 to 23 of CS. Data segments stay.
 * Rule: TRAP-3; abi/struct_width_regs.h
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests get another frame
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FLAGS_IF    0x200
#define FLAGS_OTHER 0x37500 /* IOPL, NT, RF, VM, TF: none may be seen but TF after its step */
#define FLAGS_TF    0x100

static uint32_t kernel_stack;

static void check(const struct snippet *s, struct raw_arrival a, uint32_t mask)
{
    bool code = has_error_code(s->vector);
    const uint32_t *frame = &a.words[code];
    uint32_t tf = s->vector == X_DB ? FLAGS_TF : 0;

    expect((long)a.vector, (long)s->vector, "%s: vector", s->text);
    if (code)
        expect_hex(a.words[0], s->error, "%s: error code", s->text);
    expect_hex(frame[0], (uint32_t)s->code + s->offset, "%s: eip", s->text);
    expect_hex(frame[1], FLAT_USER_CS | mask << 16, "%s: cs and mask", s->text);
    expect_hex(frame[2] & (FLAGS_IF | FLAGS_OTHER) & ~0x10000u, (mask ? 0 : FLAGS_IF) | tf,
               "%s: eflags", s->text);
    expect_hex(frame[3] & ~15u, ((uint32_t)user_stack_end - 1) & ~15u, "%s: esp", s->text);
    expect_hex(frame[4], FLAT_USER_SS, "%s: ss", s->text);
    expect_hex(a.sp, kernel_stack - 20 - 4 * code, "%s: the kernel's esp", s->text);
    expect_hex(a.ss, FLAT_KERNEL_SS, "%s: the kernel's ss", s->text);
    expect_hex(a.cs, FLAT_KERNEL_CS, "%s: the kernel's cs", s->text);
    expect_hex(a.flags & FLAGS_OTHER, 0, "%s: the kernel's eflags", s->text);
    expect_hex(a.ds, FLAT_USER_DS, "%s: ds", s->text);
    expect_hex(a.bx, 0x1234567, "%s: ebx", s->text);
    expect_hex(a.bp, 0xfedcba98, "%s: ebp", s->text);
    expect(READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask), 1, "%s: mask", s->text);
}

static void all(uint32_t mask)
{
    for (const struct snippet *s = exceptions; s < exceptions_end; s++) {
        struct raw_start start = raw_start(0, 3);

        start.sp -= 4;
        start.bx = 0x1234567;
        start.bp = 0xfedcba98;
        WRITE_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask, (uint8_t)mask);
        check(s, snippet_run(s, start, 6), mask);
    }
}

void test_main(void)
{
    char *stack = page_new();

    gdt_new();
    raw_begin();
    for (unsigned i = 0; i < 5; i++) {
        kernel_stack = (uint32_t)stack + 4096 - 7 * i;
        expect(CALL(stack_switch, FLAT_KERNEL_SS, kernel_stack), 0, "stack_switch");
        all(1);
    }
    all(0);
    raw_end();
}
