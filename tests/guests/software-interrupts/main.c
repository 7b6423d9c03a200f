/* SPDX-License-Identifier: MIT */
/*
 * Claim: `int n` reaches the guest's handler for n if there is one and its privilege level allows;
 *     else it is a general protection fault whose error code names the gate.
 * Rule: TRAP-2; Intel SDM 3, 6.13
 * Runs on: xen-lite
 * Ends: poweroff
 *
 * Level 3 lets user mode use the vector; the kernel, which runs in ring 3 too, needs level 1 at
 * least.
 *
 * Not on the real Xen here: it finds n from the error code of the processor's fault, in which
 * QEMU 7.2 has n * 16 + 2 in place of n * 8 + 2.
 */
#include "tests/guests/support/support.h"

#define GATE_CODE(vector) ((vector)*8 + 2)

static struct frame frame;

static void user_int30(void)
{
    __asm__ volatile("int $0x30");
}

static void user_int31(void)
{
    __asm__ volatile("int $0x31");
}

static void user_int3(void)
{
    __asm__ volatile("int3");
}

void test_main(void)
{
    const struct trap_info table[] = {
        { .vector = 0x30,
          .flags = 3,
          .cs = FLAT_KERNEL_CS,
          .address = (unsigned long)vector_stubs + 0x30 * VECTOR_STUB_SIZE },
        { .vector = 0x31,
          .flags = 1,
          .cs = FLAT_KERNEL_CS,
          .address = (unsigned long)vector_stubs + 0x31 * VECTOR_STUB_SIZE },
        { .vector = 0x32,
          .flags = 0,
          .cs = FLAT_KERNEL_CS,
          .address = (unsigned long)vector_stubs + 0x32 * VECTOR_STUB_SIZE },
        { .address = 0 },
    };

    expect(CALL(set_trap_table, table), 0, "set_trap_table");
    expect_fault(TRY("int $0x30", ::: "memory"), 0x30, 0, "int 0x30 (level 3)");
    expect_fault(TRY("int $0x31", ::: "memory"), 0x31, 0, "int 0x31 (level 1)");
    expect_fault(TRY("int $0x32", ::: "memory"), X_GP, GATE_CODE(0x32), "int 0x32 (level 0)");
    expect_fault(TRY("int $0xff", ::: "memory"), X_GP, GATE_CODE(0xff), "int 0xff (no handler)");
    expect_fault(TRY("int $0x82", ::: "memory"), X_GP, GATE_CODE(0x82), "int 0x82");
    expect_fault(TRY("int $0x0e", ::: "memory"), X_GP, GATE_CODE(14), "int 14 (level 0)");

    frame = user_run(user_int30);
    expect((long)frame.vector, 0x30, "int 0x30 from user mode: vector");
    frame = user_run(user_int31);
    expect((long)frame.vector, X_GP, "int 0x31 from user mode: vector");
    expect_hex(frame.error, GATE_CODE(0x31), "int 0x31 from user mode: code");
    frame = user_run(user_int3);
    expect((long)frame.vector, X_BP, "int3 from user mode, whose level does not matter: vector");
}
