/* SPDX-License-Identifier: MIT */
/*
 * Claim: callbacks can be registered by callback_op (and the old set_callbacks); those that a
 *     guest must have cannot be withdrawn, unknown ones and addresses that are not canonical are
 *     refused. To a 32-bit guest each address is good, and SYSCALL of 64-bit programs is unknown.
 * Rule: TRAP-8, TRAP-9, TRAP-10, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/callbacks/answers.h"
#include "tests/guests/support/support.h"

static long enroll(unsigned type, unsigned long address)
{
    struct callback_register callback = { .type = (uint16_t)type, .address = CALLBACK_AT(address) };

    return CALL(callback_op, CALLBACKOP_register, &callback);
}

static long withdraw(unsigned type)
{
    struct callback_unregister callback = { .type = (uint16_t)type };

    return CALL(callback_op, CALLBACKOP_unregister, &callback);
}

void test_main(void)
{
    static const unsigned others[] = { CALLBACKTYPE_sysenter_deprecated, 6, 8, 0xffff };
    unsigned long entry = (unsigned long)event_entry;

    expect(enroll(CALLBACKTYPE_event, entry), 0, "event");
    expect(enroll(CALLBACKTYPE_failsafe, (unsigned long)failsafe_entry), 0, "failsafe");
    expect(enroll(CALLBACKTYPE_syscall, answers.syscall_handler), answers.syscall, "syscall");
    expect(enroll(CALLBACKTYPE_syscall32, entry), 0, "syscall32");
    expect(enroll(CALLBACKTYPE_sysenter, entry), 0, "sysenter");
    expect(enroll(CALLBACKTYPE_nmi, entry), 0, "nmi");
    expect(withdraw(CALLBACKTYPE_nmi), 0, "withdraw nmi");
    expect(withdraw(CALLBACKTYPE_event), -XEN_EINVAL, "withdraw event");
    expect(withdraw(CALLBACKTYPE_failsafe), -XEN_EINVAL, "withdraw failsafe");
    expect(withdraw(CALLBACKTYPE_syscall), answers.syscall_withdrawn, "withdraw syscall");
    expect(withdraw(CALLBACKTYPE_sysenter), -XEN_EINVAL, "withdraw sysenter");
    expect(withdraw(99), -XEN_ENOSYS, "withdraw type 99");
    /* Those are for 32-bit guests, or were never given out. */
    for (unsigned i = 0; i < COUNT(others); i++) {
        expect(enroll(others[i], entry), -XEN_ENOSYS, "type %u", others[i]);
        expect(enroll(others[i], NONCANONICAL_ADDRESS), answers.other_nowhere, "type %u nowhere",
               others[i]);
        expect(withdraw(others[i]), -XEN_ENOSYS, "withdraw type %u", others[i]);
    }

    expect(enroll(99, entry), -XEN_ENOSYS, "type 99");
    expect(enroll(CALLBACKTYPE_event, NONCANONICAL_ADDRESS), answers.event_nowhere,
           "event nowhere");
    expect(enroll(CALLBACKTYPE_syscall, NONCANONICAL_ADDRESS), answers.other_nowhere,
           "syscall nowhere");
    expect(CALL(callback_op, 2, &entry), answers.operation, "operation 2");
    expect(CALL(callback_op, CALLBACKOP_register, UNMAPPED_ADDRESS), -XEN_EFAULT, "from nowhere");
    expect(CALL(callback_op, CALLBACKOP_unregister, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "withdraw from nowhere");
    expect(CALL(set_callbacks, NONCANONICAL_ADDRESS, NONCANONICAL_ADDRESS, NONCANONICAL_ADDRESS,
                NONCANONICAL_ADDRESS),
           0, "the old form says nothing about bad addresses");
    expect(set_callbacks(event_entry, failsafe_entry), 0, "set_callbacks");

    expect(CALL(stack_switch, FLAT_KERNEL_SS, trap_stack_end), 0, "stack_switch");
    expect_true(CALL(stack_switch, FLAT_KERNEL_SS, NONCANONICAL_ADDRESS) <= 0,
                "stack_switch to no address");
    expect(CALL(stack_switch, FLAT_KERNEL_SS, trap_stack_end), 0, "stack_switch back");
}
