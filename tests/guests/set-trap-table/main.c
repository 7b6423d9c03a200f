/* SPDX-License-Identifier: MIT */
/*
 * Claim: set_trap_table adds handlers up to the entry with address 0, refuses an address that is
 *     not canonical and keeps what came before it, and with a null pointer removes all handlers.
 * Rule: TRAP-1, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define HANDLER(v) ((unsigned long)vector_stubs + (v)*VECTOR_STUB_SIZE)

static long set_two(unsigned vector, unsigned long address)
{
    const struct trap_info table[] = {
        { .vector = 0x80, .flags = 3, .cs = FLAT_KERNEL_CS, .address = HANDLER(0x41) },
        { .vector = (uint8_t)vector, .cs = FLAT_KERNEL_CS, .address = address },
        { .address = 0 },
        { .vector = X_BP, .cs = FLAT_KERNEL_CS, .address = HANDLER(0x55) },
        { .address = 0 },
    };

    return CALL(set_trap_table, table);
}

static void not_canonical(void)
{
    expect(set_two(X_BP, NONCANONICAL_ADDRESS), -XEN_EINVAL, "an address that is not canonical");
    expect_fault(TRY("int3", ::: "memory"), X_BP, 0, "int3 after that");
}

void test_main(void)
{
    /* The handler of 0x41 is put into 0x80's place: so the new table is in force. 0x80 is the one
     * software interrupt that QEMU 7.2 lets the real Xen see right (software-interrupts says why).
     */
    expect(set_two(0x50, HANDLER(0x50)), 0, "two good entries");
    expect_fault(TRY("int $0x80", ::: "memory"), 0x41, 0, "int 0x80");
    expect_fault(TRY("int3", ::: "memory"), X_BP, 0, "int3, whose new entry is behind the end,");

    if (WORD_BITS == 64)
        not_canonical();
    expect(set_two(X_BP, HYPERVISOR_ADDRESS), 0, "an address in the hypervisor's area");

    expect(CALL(set_trap_table, NULL), 0, "no table");
    traps_init();
    expect_fault(TRY("int3", ::: "memory"), X_BP, 0, "int3 with the table set anew");
}
