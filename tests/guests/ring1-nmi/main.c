/* SPDX-License-Identifier: MIT */
/*
 * Claim: an NMI arrives in ring 1 like an exception: on the stack in use where a kernel was
 *     interrupted, on that of stack_switch where a program was, in the handler's segment with ring
 *     1; the next one waits for the iret hypercall, and a native IRET is none.
 * Rule: TRAP-8
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 * Widths: pv32, because a 64-bit guest gets another frame
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

static volatile unsigned send_now;

extern const struct snippet ways[], ways_end[];

/* A call that sends one to this vCPU; and a program that waits for another vCPU's. */
// clang-format off
__asm__(SNIPPETS(ways)
        SNIPPET("2", "0", "2", "int $0x82; int3")
        SNIPPET("2", "0", "0", "movl $1, %ss:send_now; 6: jmp 6b; int3")
        SNIPPETS_END(ways));
// clang-format on

static void sender(unsigned long argument)
{
    (void)argument;
    for (;;) {
        if (send_now) {
            send_now = 0;
            CALL(vcpu_op, VCPUOP_send_nmi, 0, NULL);
        }
        CALL(sched_op, SCHEDOP_yield);
    }
}

static struct raw_start start_of(const struct snippet *s, unsigned ring)
{
    struct raw_start start = raw_start(s->code, ring);

    start.ax = __HYPERVISOR_vcpu_op;
    start.bx = VCPUOP_send_nmi;
    return start;
}

static void check(const struct snippet *s, unsigned ring)
{
    struct raw_start start = start_of(s, ring);
    struct raw_arrival a = raw_iret(start, ring == 3 ? 5 : 3, 0);

    expect((long)a.vector, X_NMI, "ring %u: vector", ring);
    expect_true(a.words[0] >= start.ip && a.words[0] < start.ip + 16, "ring %u: eip", ring);
    expect_hex(a.words[1] & 0xffff, start.cs, "ring %u: cs", ring);
    expect_hex(a.cs, FLAT_KERNEL_CS, "ring %u: the handler's cs", ring);
    expect(a.events, 1, "ring %u: event mask", ring);
    if (ring == 3) {
        expect_hex(a.words[3], start.sp, "ring 3: esp");
        expect_hex(a.words[4], start.ss, "ring 3: ss");
        expect_hex(a.sp, (uint32_t)trap_stack_end - 20, "ring 3: the kernel's esp");
    }
}

/* Leaves the handler by the processor's own means: the next one does not come. */
static void waits_for_the_call(void)
{
    struct raw_start again = start_of(&ways[0], 1);

    again.ip = (uint32_t)ways[0].code;
    expect((long)raw_iret(again, 3, 0).vector, X_NMI, "one");
    expect((long)raw_go(again, 3).vector, X_BP, "a second one, without iret in between");
    expect((long)raw_iret(raw_start(raw_nops, 1), 3, 0).vector, X_NMI, "it comes with the iret");
}

void test_main(void)
{
    struct callback_register callback = {
        .type = CALLBACKTYPE_nmi,
        .address = { .cs = FLAT_KERNEL_CS & ~3u, .eip = raw_entry(X_NMI) },
    };

    vcpu_start(sender, 0);
    raw_begin();
    expect(CALL(callback_op, CALLBACKOP_register, &callback), 0, "register");
    check(&ways[0], 1);
    check(&ways[1], 3);
    waits_for_the_call();
    raw_end();
}
