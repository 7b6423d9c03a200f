/* SPDX-License-Identifier: MIT */
/*
 * Claim: the address register of PCI's configuration mechanism keeps what a guest with I/O
 *     privilege writes, by four bytes at a time only.
 * Rule: IO-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define PORT 0xcf8

static uint32_t in(void)
{
    uint32_t value;

    __asm__ volatile("in %%dx, %%eax" : "=a"(value) : "d"(PORT));
    return value;
}

static void out(uint32_t value)
{
    __asm__ volatile("out %%eax, %%dx" ::"a"(value), "d"(PORT));
}

void test_main(void)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    uint32_t words[2] = { 0x80000800, 0x80001000 };
    unsigned long from = (unsigned long)words, to = from, count = 2;

    expect_fault(TRY("in %%dx, %%eax",
                     :
                     : "d"(PORT)
                     : "ax", "memory"),
                 X_GP, 0, "without I/O privilege");
    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), 0, "set_iopl");
    expect_hex(in(), 0, "it at the start");
    out(0x80000000);
    expect_hex(in(), 0x80000000, "it then");
    __asm__ volatile("out %%al, %%dx" ::"a"(0x55), "d"(PORT));
    __asm__ volatile("out %%ax, %%dx" ::"a"(0x5555), "d"(PORT));
    expect_hex(in(), 0x80000000, "after one byte and two");
    __asm__ volatile("rep outsl" : "+S"(from), "+c"(count) : "d"(PORT) : "memory");
    expect_hex(in(), 0x80001000, "after two words by OUTS");
    __asm__ volatile("insl" : "+D"(to) : "d"(PORT) : "memory");
    expect_hex(words[0], 0x80001000, "as INS reads it");
}
