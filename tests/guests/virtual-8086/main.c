/* SPDX-License-Identifier: MIT */
/*
 * Claim: an IRET in a program's 32-bit code whose flags ask for virtual-8086 mode leads nowhere
 *     that the hypervisor takes for itself: with any number in CS what follows is an exception of
 *     that program, and calls are taken afterwards.
 * Rule: invariants D1
 * Runs on: xen-lite (Xen does not survive it where the emulator is QEMU's)
 * Ends: poweroff
 * Widths: pv64, because of the code that a low page is filled with
 *
 * A CPU ignores that flag in long mode: the IRET is one to a selector that is none, and faults.
 * QEMU's enters the mode, in which a selector is an address by 16 and each number is one.
 */
#include "tests/guests/support/support.h"

#define CODE_PAGE  0x1000 /* selectors: of LOW_PAGE */
#define FLAGS_VM86 0x20202u
#define FLAG_TF    0x100u

/* What is run in 16-bit code; a processor that is right never comes there. */
extern const uint8_t code_begin[], code_iret[], code_int3[], code_ud2[], code_syscall[],
    code_loop[], code_end[];
__asm__(".pushsection .rodata\n"
        "code_begin:\n"
        "code_iret: iretl\n"
        "code_int3: int3\n"
        "code_ud2: ud2\n"
        "code_syscall: syscall; ud2\n"
        /* Long enough to be interrupted. */
        ".code16\n"
        "code_loop: movl $30000000, %ecx; 1: decl %ecx; jnz 1b; ud2\n"
        ".code64\n"
        "code_end:\n"
        ".popsection\n");

/* What IRET reads there, and the mode's data segments. */
struct vm86_frame {
    uint32_t ip, cs, flags, sp, ss, es, ds, fs, gs;
};

static uint8_t *low;

static void leave(struct frame *frame)
{
    (void)frame;
    frame_leave();
}

/* cs + ip / 16 is the same for all. */
static void try(const uint8_t *code, uint32_t cs, uint32_t flags)
{
    uint32_t offset = (uint32_t)(code - code_begin);
    struct vm86_frame there = {
        .ip = LOW_PAGE + offset - cs * 16,
        .cs = cs,
        .flags = FLAGS_VM86 | flags,
        .sp = 0xf00,
        .ss = CODE_PAGE,
    };
    struct frame frame = low_frame(0, true);

    frame.sp = LOW_PAGE + 0x800;
    frame.flags = 0x202;
    memcpy(low + 0x800, &there, sizeof(there));
    fault.happened = false;
    trap_hook = leave;
    frame_enter(&frame);
    trap_hook = NULL;
    events_mask();
    expect_true(fault.happened, "cs %x, code at %x: an exception", cs, offset);
    expect(CALL(xen_version, XENVER_version, NULL), 4 << 16 | 17, "cs %x: a call", cs);
}

void test_main(void)
{
    static const uint8_t *const codes[] = { code_int3, code_ud2, code_syscall, code_loop };

    low = low_page_new(code_begin, (size_t)(code_end - code_begin));
    for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        for (uint32_t ring = 0; ring < 4; ring += 3) {
            try(codes[i], CODE_PAGE - 4 + ring, 0);
            try(codes[i], CODE_PAGE - 4 + ring, FLAG_TF);
        }
}
