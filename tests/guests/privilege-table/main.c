/* SPDX-License-Identifier: MIT */
/*
 * Claim: of 64 calls with 128 operations each, those that abi/privilege.def keeps for a domain that
 *     controls the machine are refused to another before an argument is read, and no other is
 *     refused for want of privilege; from a program none reaches the hypervisor at all.
 * Rule: PRIV-1, PRIV-2, SCHED-6, HCALL-9; invariants C5
 * Runs on: xen-lite, xen-domu (which reads some arguments first)
 * Ends: poweroff
 */
#include "abi/privilege.h"
#include "tests/guests/support/support.h"

#define CALLS      64
#define OPERATIONS 128
#define ANY        OPERATIONS

enum who { EVERYBODY, OTHERS, CONTROL };

static const struct {
    unsigned call, operation;
    enum who who;
} table[] = {
#define PRIVILEGE(call, operation, who) { __HYPERVISOR_##call, operation, who },
#include "abi/privilege.def"
};

/* Calls that do something here whatever the arguments: to the kernel's own handlers, stacks and
 * segments, or that do not come back. operation ANY: all of it. */
static const struct {
    unsigned call, operation;
} left_out[] = {
    { __HYPERVISOR_set_trap_table, ANY },
    { __HYPERVISOR_stack_switch, ANY },
    { __HYPERVISOR_set_callbacks, ANY },
    { __HYPERVISOR_fpu_taskswitch, ANY },
    { __HYPERVISOR_sched_op_compat, ANY },
    { __HYPERVISOR_set_debugreg, ANY },
    { __HYPERVISOR_iret, ANY },
    { __HYPERVISOR_set_segment_base, ANY },
    { __HYPERVISOR_sched_op, SCHEDOP_block },
};

static bool is_left_out(unsigned call, unsigned operation)
{
    for (unsigned i = 0; i < COUNT(left_out); i++)
        if (left_out[i].call == call &&
            (left_out[i].operation == ANY || left_out[i].operation == operation))
            return true;
    return false;
}

/* The most that an entry asks for. */
static enum who who_may(unsigned call, unsigned operation)
{
    enum who who = EVERYBODY;

    for (unsigned i = 0; i < COUNT(table); i++)
        if (table[i].call == call &&
            (table[i].operation == ABI_PRIVILEGE_ANY || table[i].operation == operation) &&
            table[i].who > who)
            who = table[i].who;
    return who;
}

/* Calls of which the real Xen refuses to a domU what every domain of xen-lite may do: its console
 * in a release build, and what xen-lite does not have. */
static bool differs(unsigned call)
{
    return !is_xen_lite() && (call == __HYPERVISOR_console_io || call == __HYPERVISOR_xenoprof_op ||
                              call == __HYPERVISOR_xsm_op || call == __HYPERVISOR_hvm_op ||
                              call == __HYPERVISOR_dm_op || call == __HYPERVISOR_tmem_op ||
                              call == __HYPERVISOR_argo_op || call == __HYPERVISOR_arch_1);
}

static void try(unsigned call, unsigned operation)
{
    long result = hypercall(call, operation, UNMAPPED_ADDRESS, UNMAPPED_ADDRESS, UNMAPPED_ADDRESS,
                            UNMAPPED_ADDRESS);

    switch (who_may(call, operation)) {
    case CONTROL:
        expect_true(is_xen_lite() ? result == -XEN_EPERM : result < 0,
                    "call %u, operation %u is refused (%ld)", call, operation, result);
        break;
    case OTHERS: break;
    case EVERYBODY:
        expect_true(result != -XEN_EPERM || differs(call),
                    "call %u, operation %u needs no privilege", call, operation);
        break;
    }
}

/* For the program: it calls by what its kernel left here. */
static unsigned long of_program[2];

static void program(void)
{
    register unsigned long number __asm__("ax") = of_program[0];

    __asm__ volatile(USER_CALL : "+r"(number) : "b"(of_program[1]), "D"(of_program[1]) : "memory");
}

static void try_from_program(unsigned call, unsigned operation)
{
    of_program[0] = call;
    of_program[1] = operation;
    expect((long)user_run(program).vector, VECTOR_SYSCALL, "call %u of a program arrives", call);
}

void test_main(void)
{
    for (unsigned call = 0; call < CALLS; call++)
        for (unsigned operation = 0; operation < OPERATIONS; operation++) {
            if (!is_left_out(call, operation))
                try(call, operation);
            try_from_program(call, operation);
        }
}
