/* SPDX-License-Identifier: MIT */
/*
 * Claim: an exception in ring 1 arrives on the very stack that was in use, directly below what was
 *     on it, without SS and ESP; the error code of a page fault says "supervisor".
 * Rule: TRAP-3; abi/struct_width_regs.h
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests get another frame
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FLAGS_IF    0x200
#define FLAGS_OTHER 0x27400 /* IOPL, NT, VM */
#define FLAGS_TF    0x100
#define MARK        0x600df00d

/* How many words the code has pushed when it faults. */
static unsigned pushed(const struct snippet *s)
{
    return s->vector == 5 ? 2 : s->vector == X_MF ? 1 : 0;
}

/* A stack of ring 3 is refused to ring 1 before it is found absent. */
static uint32_t vector_of(const struct snippet *s)
{
    return s->vector == X_SS ? X_GP : s->vector;
}

static void check(const struct snippet *s, struct raw_arrival a, uint32_t stack, uint32_t mask)
{
    bool code = has_error_code(s->vector);
    const uint32_t *frame = &a.words[code];
    uint32_t tf = s->vector == X_DB ? FLAGS_TF : 0;
    uint32_t error = s->vector == X_PF ? s->error & ~PF_USER : s->error;

    expect((long)a.vector, (long)vector_of(s), "%s: vector", s->text);
    if (code)
        expect_hex(a.words[0], error, "%s: error code", s->text);
    expect_hex(frame[0], (uint32_t)s->code + s->offset, "%s: eip", s->text);
    expect_hex(frame[1], FLAT_KERNEL_CS | mask << 16, "%s: cs and mask", s->text);
    expect_hex(frame[2] & (FLAGS_IF | FLAGS_TF | FLAGS_OTHER), (mask ? 0 : FLAGS_IF) | tf,
               "%s: eflags", s->text);
    expect_hex(frame[3 + pushed(s)], MARK, "%s: what was on the stack", s->text);
    expect_hex(a.sp, stack - 12 - 4 * code - 4 * pushed(s), "%s: esp", s->text);
    expect_hex(a.ss, FLAT_KERNEL_SS, "%s: ss", s->text);
    expect_hex(a.cs, FLAT_KERNEL_CS, "%s: the handler's cs", s->text);
    expect_hex(a.flags & (FLAGS_OTHER | FLAGS_TF), 0, "%s: the handler's eflags", s->text);
    expect_hex(a.ds, FLAT_KERNEL_DS, "%s: ds", s->text);
    expect_hex(a.bx, 0x1234567, "%s: ebx", s->text);
}

void test_main(void)
{
    uint32_t *stack = page_new();

    gdt_new();
    raw_begin();
    expect(CALL(stack_switch, FLAT_KERNEL_SS, UNMAPPED_ADDRESS), 0, "another stack_switch");
    stack[512] = MARK;
    for (uint32_t mask = 0; mask < 2; mask++) {
        for (const struct snippet *s = exceptions; s < exceptions_end; s++) {
            struct raw_start start = raw_start(0, 1);

            start.sp = (uint32_t)&stack[512];
            start.bx = 0x1234567;
            WRITE_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask, (uint8_t)mask);
            check(s, snippet_run(s, start, 8), start.sp, mask);
        }
    }
    raw_end();
}
