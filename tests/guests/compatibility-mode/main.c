/* SPDX-License-Identifier: MIT */
/*
 * Claim: 32-bit code of a program is emulated as such: the CPUID prefix, descriptor stores, CLI and
 *     port access with I/O privilege; HLT stays a general protection fault.
 * Rule: CPU-3, IO-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because that is 32-bit code in a 64-bit guest
 */
#include "tests/guests/support/support.h"

#define RESULTS 0x800 /* behind the code, in the same page */

struct results {
    uint32_t version, cr0, port;
    uint8_t table[16];
};

extern uint8_t code_begin[], code_halt[], code_end[];
__asm__(".pushsection .rodata\n"
        ".code32\n"
        "code_begin:\n"
        "movl %ss, %eax\n"
        "movl %eax, %ds\n" /* a null selector would do only for QEMU */
        "movl $0x40000001, %eax\n"
        ".ascii \"\\x0f\\x0bxen\"; cpuid\n"
        "movl %eax, 0x10800\n"
        "smsw %eax\n"
        "movl %eax, 0x10804\n"
        "sgdtl 0x1080c\n"
        "cli\n"
        "sti\n"
        "movl $0x3f8, %edx\n"
        "inl %dx, %eax\n"
        "movl %eax, 0x10808\n"
        "code_halt: hlt\n"
        "code_end:\n"
        ".code64\n"
        ".popsection\n");

void test_main(void)
{
    uint8_t *page = low_page_new(code_begin, (size_t)(code_end - code_begin));
    struct results *results = (void *)(page + RESULTS);
    struct physdev_set_iopl level = { .iopl = 3 };
    struct frame frame = low_frame(0, true);

    memset(results, 0x5a, sizeof(*results));
    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &level), 0, "set_iopl 3");
    fault.happened = false;
    frame_enter(&frame);
    events_mask();

    expect_fault(fault, X_GP, 0, "hlt");
    expect_hex(fault.pc, LOW_PAGE + (uint64_t)(code_halt - code_begin), "where it faulted");
    expect_hex(results->version, (unsigned long)CALL(xen_version, XENVER_version),
               "CPUID with prefix");
    expect_hex(results->cr0 & 0xfff7, 0x33, "smsw");
    expect(results->table[6], 0x5a, "sgdt stores six bytes");
    if (!is_initial_domain())
        expect_hex(results->port, 0xffffffff, "a port");
}
