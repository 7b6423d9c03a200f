/* SPDX-License-Identifier: MIT */
/*
 * Claim: SYSCALL in 32-bit code, of a program or of the kernel, reaches the callback syscall32, and
 *     SYSENTER in a program the callback sysenter, with events masked if that was asked for
 *     (for SYSCALL: in 64-bit code);
 *     without its callback the one is an invalid opcode, the other a general protection fault.
 * Rule: TRAP-12
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpu Nehalem
 * Widths: pv64, because that is 32-bit code in a 64-bit guest
 *
 * SYSENTER is for Intel's CPUs only (compatibility-mode runs it on another). QEMU has SYSCALL in
 * 32-bit code everywhere; in truth AMD's CPUs alone have it.
 */
#include "tests/guests/support/support.h"

#define CALLBACK_SYSCALL32 0x90 /* vectors that nothing else uses name the callbacks */
#define CALLBACK_SYSENTER  0x91
#define CALLBACK_SYSCALL   0x92
#define FLAGS              0x202u

extern const uint8_t code_begin[], code_syscall[], code_sysenter[], code_end[];
__asm__(".pushsection .rodata\n"
        "code_begin:\n"
        "code_syscall: syscall; hlt\n"
        "code_sysenter: sysenter; hlt\n"
        "code_end:\n"
        ".popsection\n");

/* What the kernel found when it was entered. */
static struct frame entered;
static bool masked;

static void leave(struct frame *frame)
{
    entered = *frame;
    frame_leave();
}

/* Runs frame until it comes back. */
static void run(struct frame frame)
{
    trap_hook = leave;
    entered = (struct frame){ 0 };
    fault.happened = false;
    frame.flags = FLAGS;
    frame_enter(&frame);
    masked = shared_info->vcpu_info[0].evtchn_upcall_mask;
    trap_hook = NULL;
    events_mask();
}

static void enroll(unsigned type, unsigned vector, bool mask)
{
    struct callback_register callback = { .type = (uint16_t)type,
                                          .flags = mask ? CALLBACKF_mask_events : 0,
                                          .address = (unsigned long)vector_stubs +
                                                     vector * VECTOR_STUB_SIZE };

    expect(CALL(callback_op, CALLBACKOP_register, &callback), 0, "register type %u", type);
}

/* fault has what a program's frame said, entered the kernel's. */
static void expect_entered(const char *what, bool user, unsigned vector, uint64_t pc, uint64_t cs)
{
    expect(user ? fault.vector : (long)entered.vector, vector, "%s: vector", what);
    expect_hex(user ? fault.pc : entered.ip, pc, "%s: rip", what);
    expect_hex(user ? fault.cs : entered.cs, cs, "%s: cs", what);
    expect_hex(user ? fault.flags : entered.flags, FLAGS, "%s: flags", what);
}

static void try_syscall(bool is_registered, bool mask)
{
    const size_t at = (size_t)(code_syscall - code_begin);
    const uint64_t behind = LOW_PAGE + at + 2;
    const unsigned vector = is_registered ? CALLBACK_SYSCALL32 : X_UD;
    const uint64_t pc = is_registered ? behind : LOW_PAGE + at;

    run(low_frame(at, true));
    expect_entered("a program's SYSCALL", true, vector, pc, FLAT_RING3_CS32);
    expect(masked, !is_registered || mask,
           "events masked after SYSCALL, registered %u, to be masked %u", is_registered, mask);
    run(low_frame(at, false));
    expect_entered("the kernel's SYSCALL", false, vector, pc, FLAT_RING3_CS32 & ~3u);
    expect_hex(entered.sp, LOW_STACK, "the kernel's stack");
    expect_hex(entered.cx, behind, "rcx after the kernel's SYSCALL");
    expect_hex(entered.r11, FLAGS, "r11 after the kernel's SYSCALL");
}

/* Where a fault at SYSENTER was, the real Xen does not say: it has switched it on. */
static void try_sysenter(bool is_registered, bool mask)
{
    const size_t at = (size_t)(code_sysenter - code_begin);

    run(low_frame(at, true));
    if (!is_registered) {
        expect_fault(fault, X_GP, 0, "SYSENTER");
        return;
    }
    expect_entered("SYSENTER", true, CALLBACK_SYSENTER, 0, 3);
    expect(masked, mask, "events masked after SYSENTER, to be masked %u", mask);
    run(code_frame((const void *)(LOW_PAGE + at), true));
    expect_entered("SYSENTER in 64-bit code", true, CALLBACK_SYSENTER, 0, 3);
}

/* 64-bit code has a callback of its own. */
static void try_others(void)
{
    const size_t at = (size_t)(code_syscall - code_begin);

    run(code_frame((const void *)(LOW_PAGE + at), true));
    expect_entered("a 64-bit program's SYSCALL", true, CALLBACK_SYSCALL, LOW_PAGE + at + 2,
                   FLAT_USER_CS);
}

void test_main(void)
{
    (void)low_page_new(code_begin, (size_t)(code_end - code_begin));

    try_syscall(false, false);
    try_sysenter(false, false);
    for (unsigned mask = 0; mask < 2; mask++) {
        /* For SYSCALL of both widths the flag of the 64-bit one counts. */
        enroll(CALLBACKTYPE_syscall32, CALLBACK_SYSCALL32, !mask);
        enroll(CALLBACKTYPE_syscall, CALLBACK_SYSCALL, mask);
        enroll(CALLBACKTYPE_sysenter, CALLBACK_SYSENTER, mask);
        try_syscall(true, mask);
        try_sysenter(true, mask);
        try_others();
    }
}
