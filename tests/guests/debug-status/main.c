/* SPDX-License-Identifier: MIT */
/*
 * Claim: DR6 gathers what debug exceptions say until the guest clears it, whether the CPU or the
 *     hypervisor has raised them.
 * Rule: none
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define EFER       0xc0000080
#define DEFAULT    0xffff0ff0
#define BREAK_1    0x2
#define STEP       0x4000
#define TASK       0x8000
#define DR7_FIXED  0x400
#define DR7_LOCAL2 0x10
#define WRITE_2    0xd000000ul /* breakpoint 2: writes, 4 bytes */

static uint32_t watched;

static uint64_t dr6(void)
{
    return (unsigned long)CALL(get_debugreg, 6);
}

#define STEP_OVER(instruction, ...) \
    TRY("pushf; orl $0x100, (" R(sp) "); popf; " instruction, __VA_ARGS__)

void test_main(void)
{
    expect_hex(dr6(), DEFAULT, "DR6 at the start");
    expect(CALL(set_debugreg, 6, BREAK_1 | TASK), 0, "set DR6");
    expect_hex(dr6(), DEFAULT | BREAK_1 | TASK, "DR6 then");
    expect_fault(STEP_OVER("nop", ::: "memory", "cc"), X_DB, 0, "a step of the CPU");
    expect_hex(dr6(), DEFAULT | BREAK_1 | TASK | STEP, "DR6 after a step of the CPU");

    expect(CALL(set_debugreg, 6, BREAK_1), 0, "set DR6 again");
    expect_fault(STEP_OVER("rdmsr",
                           :
                           : "c"(EFER)
                           : "rax", "rdx", "memory", "cc"),
                 X_DB, 0, "a step of the hypervisor");
    expect_hex(dr6(), DEFAULT | BREAK_1 | STEP, "DR6 after a step of the hypervisor");

    expect(CALL(set_debugreg, 6, STEP), 0, "set DR6 to the step");
    expect(CALL(set_debugreg, 2, &watched), 0, "DR2");
    expect(CALL(set_debugreg, 7, DR7_FIXED | DR7_LOCAL2 | WRITE_2), 0, "DR7");
    expect_fault(TRY("movl $1, %0", : "=m"(watched)::"memory"), X_DB, 0, "a watched write");
    expect_hex(dr6(), DEFAULT | STEP | 4, "DR6 after a watched write");
    expect(CALL(set_debugreg, 6, 0), 0, "clear DR6");
    expect_fault(TRY("movl $1, %0", : "=m"(watched)::"memory"), X_DB, 0, "a watched write again");
    expect_hex(dr6(), DEFAULT | 4, "DR6 after it was cleared");
}
