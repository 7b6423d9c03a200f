/* SPDX-License-Identifier: MIT */
/*
 * Claim: SYSCALL of a program, and SYSENTER on Intel's CPUs, reach the callbacks syscall32 and
 *     sysenter on the stack of stack_switch, with events masked if that was asked for; SYSCALL's
 *     frame names the flat user segments and the next instruction, SYSENTER's the flat stack
 *     segment only. Without its callback each is a general protection fault. What makes it one is
 *     the selector: SYSCALL's can be at address 0, and with a null selector there is none.
 * Rule: TRAP-8; abi/callback.def
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpu Nehalem
 * Widths: pv32, because 64-bit guests see other frames
 *
 * QEMU has SYSCALL in 32-bit code everywhere; in truth AMD's CPUs alone have it.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

static const uint8_t syscall_code[] = { 0x0f, 0x05, 0xcc };
static const uint8_t sysenter_code[] = { 0x0f, 0x34, 0xcc };

static long enroll_at(unsigned type, bool mask, uint32_t cs, uint32_t eip)
{
    struct callback_register callback = {
        .type = (uint16_t)type,
        .flags = mask ? CALLBACKF_mask_events : 0,
        .address = { .cs = cs, .eip = eip },
    };

    return CALL(callback_op, CALLBACKOP_register, &callback);
}

static long enroll(unsigned type, bool mask, uint32_t cs)
{
    return enroll_at(type, mask, cs, raw_entry(RAW_SYSCALL));
}

static long withdraw(unsigned type)
{
    struct callback_unregister callback = { .type = (uint16_t)type };

    return CALL(callback_op, CALLBACKOP_unregister, &callback);
}

/* Runs it in other segments than the flat ones, which SYSCALL and SYSENTER forget. */
static struct raw_arrival run(const uint8_t *code)
{
    struct raw_start start = raw_start(code, 3);

    start.cs = 8 * 8 | 3;
    start.ss = 9 * 8 | 3;
    shared_info->vcpu_info[0].evtchn_upcall_mask = 0;
    return raw_go(start, 6);
}

static void without_callback(void)
{
    struct raw_arrival a = run(syscall_code);

    expect((long)a.vector, X_GP, "syscall without callback: vector");
    expect_hex(a.words[0], 0, "syscall without callback: error code");
    expect_hex(a.words[1], (uint32_t)syscall_code, "syscall without callback: eip");
    a = run(sysenter_code);
    expect((long)a.vector, X_GP, "sysenter without callback: vector");
    expect_hex(a.words[0], 0, "sysenter without callback: error code");
    /* The processor forgets where it was; xen-lite never lets it do it. */
    expect_hex(a.words[1], is_xen_lite() ? (uint32_t)sysenter_code : 0,
               "sysenter without callback: eip");
}

static void check(const uint8_t *code, bool mask)
{
    bool sysenter = code == sysenter_code;
    struct raw_arrival a = run(code);

    expect((long)a.vector, RAW_SYSCALL, "sysenter %d: vector", sysenter);
    expect_hex(a.events, mask, "sysenter %d: event mask", sysenter);
    expect_hex(a.sp, (uint32_t)trap_stack_end - 20, "sysenter %d: the kernel's esp", sysenter);
    expect_hex(a.cs, FLAT_KERNEL_CS, "sysenter %d: the kernel's cs", sysenter);
    expect_hex(a.words[0], sysenter ? 0 : (uint32_t)code + 2, "sysenter %d: eip", sysenter);
    expect_hex(a.words[1], sysenter ? 3 : FLAT_USER_CS, "sysenter %d: cs", sysenter);
    expect_hex(a.words[2] & 0x3200, 0x200, "sysenter %d: eflags", sysenter);
    expect_hex(a.words[3], sysenter ? 0 : (uint32_t)user_stack_end, "sysenter %d: esp", sysenter);
    expect_hex(a.words[4], FLAT_USER_SS, "sysenter %d: ss", sysenter);
}

/* Nothing is mapped there. */
static void at_address_0(void)
{
    struct raw_arrival a;

    expect(enroll_at(CALLBACKTYPE_syscall32, false, FLAT_KERNEL_CS, 0), 0, "syscall32 at 0");
    expect(enroll_at(CALLBACKTYPE_sysenter, false, FLAT_KERNEL_CS, 0), 0, "sysenter at 0");
    a = run(syscall_code);
    expect((long)a.vector, X_PF, "syscall32 at 0: vector");
    expect_hex(a.words[1], 0, "syscall32 at 0: eip");
    expect_hex(a.words[2] & 0xffff, FLAT_KERNEL_CS, "syscall32 at 0: cs");
    a = run(sysenter_code);
    expect((long)a.vector, X_GP, "sysenter at 0: vector");
    expect(enroll(CALLBACKTYPE_syscall32, false, 0), 0, "syscall32, null selector");
    a = run(syscall_code);
    expect((long)a.vector, X_GP, "syscall32, null selector: vector");
}

/* What each type of callback says to a withdrawal and a registration. */
static void types(void)
{
    static const struct {
        long withdrawn, enrolled;
    } known[] = {
        [CALLBACKTYPE_event] = { -XEN_EINVAL, 0 },
        [CALLBACKTYPE_failsafe] = { -XEN_EINVAL, 0 },
        [CALLBACKTYPE_syscall] = { -XEN_ENOSYS, -XEN_ENOSYS },
        [CALLBACKTYPE_sysenter_deprecated] = { -XEN_ENOSYS, -XEN_ENOSYS },
        [CALLBACKTYPE_nmi] = { 0, 0 },
        [CALLBACKTYPE_sysenter] = { -XEN_EINVAL, 0 },
        [6] = { -XEN_ENOSYS, -XEN_ENOSYS },
        [CALLBACKTYPE_syscall32] = { -XEN_EINVAL, 0 },
        [8] = { -XEN_ENOSYS, -XEN_ENOSYS },
    };

    for (unsigned type = 0; type < COUNT(known); type++) {
        expect(withdraw(type), known[type].withdrawn, "withdraw type %u", type);
        expect(enroll(type, false, FLAT_KERNEL_CS), known[type].enrolled, "register type %u", type);
    }
}

void test_main(void)
{
    uint64_t *gdt = gdt_new();

    gdt_set(gdt, 8, raw_descriptor(0, 0xfffff, 0xfb, 0xc));
    gdt_set(gdt, 9, raw_descriptor(0, 0xfffff, 0xf3, 0xc));
    raw_begin();
    without_callback();
    for (unsigned mask = 0; mask < 2; mask++) {
        expect(enroll(CALLBACKTYPE_syscall32, mask, FLAT_KERNEL_CS), 0, "syscall32");
        expect(enroll(CALLBACKTYPE_sysenter, mask, FLAT_KERNEL_CS), 0, "sysenter");
        check(syscall_code, mask);
        check(sysenter_code, mask);
    }
    at_address_0();
    types();
    raw_end();
}
