/* SPDX-License-Identifier: MIT */
/*
 * Claim: with I/O privilege, or where its port bitmap allows it, a guest's I/O instructions meet an
 *     empty bus: all ones are read, nothing is written. A program needs level 3 or the bitmap.
 * Rule: IO-3, IO-4, IO-5
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * Not as the real Xen's initial domain, which owns most ports.
 */
#include "tests/guests/support/support.h"

#define PORT 0x3f8

static uint8_t bitmap[8192];

static void set_level(uint32_t level)
{
    struct physdev_set_iopl request = { .iopl = level };

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &request), 0, "set_iopl %u", level);
}

static void user_in(void)
{
    __asm__ volatile("in %%dx, %%al; " USER_CALL::"d"(PORT) : "ax", USER_CALL_CLOBBERS);
}

static long user_vector(void)
{
    return (long)user_run(user_in).vector;
}

static void in_and_out(void)
{
    unsigned long value = (unsigned long)0x1122334455667788ull;

    expect_no_fault(TRY("in %%dx, %%al", : "+a"(value) : "d"(PORT) : "memory"), "in, one byte");
    expect_hex(value, (unsigned long)0x11223344556677ffull, "one byte");
    expect_no_fault(TRY("in %%dx, %%ax", : "+a"(value) : "d"(PORT) : "memory"), "in, two bytes");
    expect_hex(value, (unsigned long)0x112233445566ffffull, "two bytes");
    expect_no_fault(TRY("in %%dx, %%eax", : "+a"(value) : "d"(PORT) : "memory"), "in, four bytes");
    expect_hex(value, 0xffffffff, "four bytes, the upper half cleared");
    expect_no_fault(TRY("in $0x61, %%al", : "+a"(value)::"memory"), "in, the port as immediate");
    /* Nothing of it comes out: the console goes on, the machine does not restart. */
    expect_no_fault(TRY("out %%al, %%dx", : : "d"(PORT), "a"('!') : "memory"), "out to the UART");
    expect_no_fault(TRY("out %%al, %%dx", : : "d"(0xcf9), "a"(6) : "memory"), "out to reset");
}

static void strings(void)
{
    uint64_t *page = page_new(), *next = page_new();
    unsigned long count = 5, to = (unsigned long)page;
    struct fault f;

    expect_no_fault(TRY("rep insw", : "+c"(count), "+D"(to) : "d"(PORT) : "memory"), "rep insw");
    expect_hex(to, (unsigned long)page + 10, "RDI then");
    expect((long)count, 0, "RCX then");
    expect_hex(page[0], ~0ull, "what it read");
    expect_hex(page[1], 0xffff, "and no more");
    to = (unsigned long)page;
    expect_no_fault(TRY("rep outsb", : "+S"(to) : "d"(PORT), "c"(8) : "memory"), "rep outsb");
    expect_hex(to, (unsigned long)page + 8, "RSI then");

    if ((uint8_t *)next != (uint8_t *)page + PAGE_SIZE)
        error("two pages are not side by side");
    expect(map(next, 0), 0, "unmap the next page");
    to = (unsigned long)next - 2;
    f = TRY("rep insb", : "+D"(to) : "d"(PORT), "c"(4) : "memory");
    expect_fault(f, X_PF, PF_WRITE, "rep insb into the page");
    expect_hex(f.address, (unsigned long)next, "the address of the fault");
    expect_hex(to, (unsigned long)next, "RDI: two were done");
    f = TRY("insb", : : "d"(PORT), "D"(HYPERVISOR_ADDRESS) : "memory");
    /* Which at 32 bits is within the flat segment, as all addresses are. */
    expect_fault(f, sizeof(long) == 8 ? X_GP : X_PF, sizeof(long) == 8 ? 0 : PF_WRITE,
                 "insb into the hypervisor");
}

static void with_bitmap(void)
{
    struct physdev_set_iobitmap request = { .bitmap = (unsigned long)bitmap, .nr_ports = PORT + 8 };

    memset(bitmap, 0xff, sizeof(bitmap));
    bitmap[PORT / 8] = 0xf0;
    expect(CALL(physdev_op, PHYSDEVOP_set_iobitmap, &request), 0, "set_iobitmap");
    expect_no_fault(TRY("in %%dx, %%eax", : : "d"(PORT) : "ax", "memory"), "four allowed ports");
    expect_fault(TRY("in %%dx, %%ax",
                     :
                     : "d"(PORT + 3)
                     : "ax", "memory"),
                 X_GP, 0, "an allowed port and one that is not");
    expect(user_vector(), VECTOR_SYSCALL, "an allowed port in a program: vector");
    bitmap[PORT / 8] = 0xff;
    expect(user_vector(), X_GP, "the same when the guest forbids it: vector");
    bitmap[(PORT + 8) / 8] = 0;
    expect_fault(TRY("in %%dx, %%al",
                     :
                     : "d"(PORT + 8)
                     : "ax", "memory"),
                 X_GP, 0, "a port beyond the bitmap's end");
    request.nr_ports = 65537;
    expect(CALL(physdev_op, PHYSDEVOP_set_iobitmap, &request), -XEN_EINVAL, "65537 ports");
}

void test_main(void)
{
    set_level(1);
    in_and_out();
    strings();
    expect(user_vector(), X_GP, "a program at level 1: vector");
    set_level(3);
    expect(user_vector(), VECTOR_SYSCALL, "a program at level 3: vector");
    set_level(0);
    expect_fault(TRY("in %%dx, %%al", : : "d"(PORT) : "ax", "memory"), X_GP, 0, "level 0");
    with_bitmap();
}
