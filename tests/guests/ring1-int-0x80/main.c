/* SPDX-License-Identifier: MIT */
/*
 * Claim: `int $0x80` reaches the kernel's handler from rings 1 and 3, whatever its level, behind
 *     the instruction and without an error code; its flag decides whether events are masked then,
 *     and its selector, which gets ring 1, in which segment it runs. Without a handler it is a
 *     general protection fault at the instruction.
 * Rule: TRAP-2; Intel SDM 3, 6.13
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit programs call by SYSCALL
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define MASKS 4
#define CODE1 8

static const uint8_t code[] = { 0xcd, 0x80, 0xcc };

static void set_handler(uint32_t cs, uint32_t address, unsigned flags)
{
    struct trap_info table[2] = {
        { .vector = 0x80, .flags = (uint8_t)flags, .cs = (uint16_t)cs, .address = address },
    };

    expect(CALL(set_trap_table, table), 0, "set_trap_table");
}

static void reached(unsigned ring, uint32_t cs, unsigned flags)
{
    volatile uint8_t *mask = &shared_info->vcpu_info[0].evtchn_upcall_mask;
    struct raw_arrival a;

    set_handler(cs, raw_entry(RAW_SYSCALL), flags);
    *mask = 0;
    a = raw_go(raw_start(code, ring), 5);
    expect((long)a.vector, RAW_SYSCALL, "ring %u, flags %u: vector", ring, flags);
    expect_hex(a.words[0], (uint32_t)code + 2, "ring %u, flags %u: eip", ring, flags);
    expect_hex(a.words[1], ring == 3 ? FLAT_USER_CS : FLAT_KERNEL_CS, "ring %u, flags %u: cs", ring,
               flags);
    if (ring == 3)
        expect_hex(a.words[3], (uint32_t)user_stack_end, "flags %u: esp", flags);
    expect_hex(a.cs, cs | 1, "ring %u, flags %u: the handler's cs", ring, flags);
    expect_hex(a.events, flags & MASKS ? 1 : 0, "ring %u, flags %u: mask", ring, flags);
}

static void refused(unsigned ring, uint32_t cs, uint32_t address)
{
    struct raw_arrival a;

    set_handler(cs, address, 0);
    a = raw_go(raw_start(code, ring), 5);
    expect((long)a.vector, X_GP, "ring %u, no handler: vector", ring);
    expect_hex(a.words[0], 0x80 * 8 + 2, "ring %u, no handler: error code", ring);
    expect_hex(a.words[1], (uint32_t)code, "ring %u, no handler: eip", ring);
}

void test_main(void)
{
    uint64_t *gdt = gdt_new();

    gdt_set(gdt, CODE1, raw_descriptor(0, 0xfffff, 0xbb, 0xc));
    raw_begin();
    for (unsigned ring = 1; ring <= 3; ring += 2) {
        for (unsigned flags = 0; flags < 8; flags++) {
            reached(ring, FLAT_KERNEL_CS, flags);
            reached(ring, CODE1 * 8, flags);
        }
        refused(ring, 0, raw_entry(RAW_SYSCALL));
    }
    raw_end();
}
