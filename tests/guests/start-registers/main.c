/* SPDX-License-Identifier: MIT */
/*
 * Claim: a guest starts with start_info in rsi, flat selectors, interrupts on, the other registers
 *     zero, and a stack behind the page tables; its events are masked.
 * Rule: start of day
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

/* In the order in which head64.S and head32.S save them. */
enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, RFLAGS, CS, SS, DS, ES };

#define FLAG_IF        0x200
#define FLAGS_OF_MATHS 0x8d5 /* arithmetic: whatever; the start code's own instructions */
#define FLAG_ALWAYS    0x002

void test_main(void)
{
    const unsigned long *r = start_registers;
    unsigned long tables_end = start_info->pt_base + start_info->nr_pt_frames * PAGE_SIZE;

    expect_hex(r[RSI], (unsigned long)start_info, "rsi");
    expect_hex(r[RAX], 0, "rax");
    expect_hex(r[RBX], 0, "rbx");
    expect_hex(r[RCX], 0, "rcx");
    expect_hex(r[RDX], 0, "rdx");
    expect_hex(r[RDI], 0, "rdi");
    expect_hex(r[RBP], 0, "rbp");
    expect_hex(r[RSP], tables_end + PAGE_SIZE, "rsp: end of a page behind the tables");
    expect_hex(r[RFLAGS] & ~(unsigned long)FLAGS_OF_MATHS, FLAG_IF | FLAG_ALWAYS, "rflags");

    expect_hex((uint16_t)r[CS], FLAT_KERNEL_CS, "cs");
    expect_hex((uint16_t)r[SS], FLAT_KERNEL_SS, "ss");
    expect_hex((uint16_t)r[DS], FLAT_KERNEL_DS, "ds");
    expect_hex((uint16_t)r[ES], FLAT_KERNEL_DS, "es");
    expect_hex(READ_SEGMENT(fs), FLAT_KERNEL_DS, "fs, which nobody has changed yet");
    expect_hex(READ_SEGMENT(gs), FLAT_KERNEL_DS, "gs");

    expect(READ_ONCE(shared_info->vcpu_info[0].evtchn_upcall_mask), 1, "evtchn_upcall_mask");
}
