/* SPDX-License-Identifier: MIT */
/*
 * Claim: a selector of ring 0 that a guest gives for a handler, a callback or a stack is of ring 1
 *     when it is used; one that names the hypervisor's own code or data is an exception then, and
 *     leads nowhere.
 * Rule: invariants D1; docs/rings.md
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests' handlers have no selector of their own
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define MASK_EVENTS 4

static void handler(uint16_t cs)
{
    struct trap_info table[2] = {
        { .vector = X_BP, .flags = MASK_EVENTS | 3, .cs = cs, .address = raw_entry(X_BP) },
    };

    expect(CALL(set_trap_table, table), 0, "a handler with cs 0x%x", cs);
}

/* The kernel's stack is cut by the frame that led nowhere. */
static void hypervisors_cs(uint16_t cs, struct raw_arrival a)
{
    expect((long)a.vector, X_GP, "handler in 0x%x: vector", cs);
    expect_hex(a.words[0], 0xe008, "handler in 0x%x: error code", cs);
    expect_hex(a.words[1], raw_entry(X_BP), "handler in 0x%x: eip", cs);
    expect_hex(a.words[2] & 0xffff, cs < 0xe009 ? 0xe009 : cs, "handler in 0x%x: cs", cs);
    expect_hex(a.cs, FLAT_KERNEL_CS, "handler in 0x%x: the next handler's cs", cs);
}

static void handlers(void)
{
    for (unsigned ring = 1; ring <= 3; ring += 2) {
        struct raw_arrival a;

        handler(FLAT_KERNEL_CS & ~3);
        a = raw_go(raw_start(raw_int3, ring), 3);
        expect((long)a.vector, X_BP, "handler of ring 0, from ring %u: vector", ring);
        expect_hex(a.cs, FLAT_KERNEL_CS, "handler of ring 0, from ring %u: cs", ring);
        handler(0xe008);
        hypervisors_cs(0xe008, raw_go(raw_start(raw_int3, ring), 3));
        handler(0xe009);
        hypervisors_cs(0xe009, raw_go(raw_start(raw_int3, ring), 3));
    }
}

static void stack(uint16_t ss, uint32_t wanted)
{
    struct raw_arrival a;

    expect(CALL(stack_switch, ss, (unsigned long)trap_stack_end), 0, "stack_switch 0x%x", ss);
    a = raw_go(raw_start(raw_ud2, 3), 5);
    expect((long)a.vector, X_UD, "on stack 0x%x: vector", ss);
    expect_hex(a.ss, wanted, "on stack 0x%x: ss", ss);
    expect_hex(a.words[4], FLAT_USER_SS, "on stack 0x%x: the frame's ss", ss);
}

/* The end of any hypercall looks for events. */
__asm__(".pushsection .text\n"
        "with_event: mov shared_info, %eax\n"
        "movw $1, (%eax)\n" /* pending, not masked */
        "mov $17, %eax\n"
        "xor %ebx, %ebx\n"
        "int $0x82\n"
        "ud2\n"
        ".popsection");
extern char with_event[];

static void callbacks(void)
{
    struct callback_register event = {
        .type = CALLBACKTYPE_event,
        .address = { .cs = FLAT_KERNEL_CS & ~3u, .eip = raw_entry(RAW_EVENT) },
    };
    struct raw_arrival a;

    expect(CALL(callback_op, CALLBACKOP_register, &event), 0, "an event callback of ring 0");
    a = raw_go(raw_start(with_event, 1), 2);
    expect((long)a.vector, RAW_EVENT, "event: vector");
    expect_hex(a.cs, FLAT_KERNEL_CS, "event: the handler's cs");
    WRITE_ONCE(shared_info->vcpu_info[0].evtchn_upcall_pending, 0);
}

void test_main(void)
{
    gdt_new();
    raw_begin();
    expect(CALL(stack_switch, FLAT_KERNEL_SS, (unsigned long)trap_stack_end), 0, "stack_switch");
    handlers();
    stack(FLAT_KERNEL_SS & ~3, FLAT_KERNEL_SS);
    callbacks();
    raw_end();
}
