/* SPDX-License-Identifier: MIT */
/*
 * Claim: a domain without devices reaches no I/O port: each access to each of them is a general
 *     protection fault, but for those that its bitmap opens (io-privilege shows what I/O privilege
 *     changes).
 * Rule: IO-5, IO-3
 * Runs on: xen-lite, xen-domu
 * Ends: poweroff
 *
 * Not as the real Xen's initial domain, which owns most ports.
 */
#include "tests/guests/support/support.h"

/* One access, which must be a general protection fault. */
#define REFUSED(instruction, port)                                          \
    ({                                                                      \
        uint32_t word_ = 0, *from_ = &word_, *to_ = &word_;                 \
        unsigned long value_ = 0, count_ = 1;                               \
                                                                            \
        is_refused(TRY(instruction,                                         \
                       : "+a"(value_), "+D"(to_), "+S"(from_), "+c"(count_) \
                       : "d"(port)                                          \
                       : "memory"));                                        \
    })

static bool is_refused(struct fault f)
{
    return f.happened && f.vector == X_GP && f.code == 0;
}

static void try_port(uint16_t port)
{
    if (!REFUSED("inb %%dx, %%al", port) || !REFUSED("inw %%dx, %%ax", port) ||
        !REFUSED("inl %%dx, %%eax", port) || !REFUSED("outl %%eax, %%dx", port))
        expect_true(false, "each access to port 0x%x is a protection fault", port);
}

static void try_rest(uint16_t port)
{
    expect_true(REFUSED("outb %%al, %%dx", port) && REFUSED("outw %%ax, %%dx", port) &&
                    REFUSED("rep insl", port) && REFUSED("rep outsw", port),
                "each other access to port 0x%x is a protection fault", port);
}

static void try_all(void)
{
    static const uint16_t some[] = { 0x20, 0x64, 0x3f8, 0xcf8, 0xcfc, 0xffff };

    for (unsigned port = 0; port < 0x10000; port++)
        try_port((uint16_t)port);
    for (unsigned i = 0; i < COUNT(some); i++)
        try_rest(some[i]);
}

/* A bitmap in which about every third port is closed. Every access must do what the bits of its
 * ports say, and the last one has no port behind it. */
static void try_bitmap(void)
{
    static uint8_t bitmap[0x10000 / 8];
    struct physdev_set_iobitmap request = { .bitmap = (unsigned long)bitmap, .nr_ports = 0x10000 };
    uint32_t value;

    for (unsigned i = 0; i < sizeof(bitmap); i++)
        bitmap[i] = (uint8_t)(i * 0x9d >> 3) & (uint8_t)(i * 0x35 >> 2);
    expect(CALL(physdev_op, PHYSDEVOP_set_iobitmap, &request), 0, "set_iobitmap");
    for (unsigned port = 0; port < 0x10000; port++) {
        bool closed = bitmap[port / 8] >> port % 8 & 1;
        /* To the real Xen 0x70 is the number last written there: of a register of the clock. */
        uint32_t empty = port == 0x70 && !is_xen_lite() ? 0 : 0xff;
        bool refused;

        value = 0;
        refused = is_refused(TRY("in %%dx, %%al", : "+a"(value) : "d"(port) : "memory"));
        if (refused != closed || value != (closed ? 0 : empty))
            expect_true(false, "port 0x%x is %s, and reads as 0x%x", port,
                        closed ? "closed" : "open", value);
    }
    bitmap[sizeof(bitmap) - 1] = 0;
    expect_no_fault(TRY("in %%dx, %%ax", : : "d"(0xfffe) : "rax", "memory"), "the last two ports");
    expect_fault(TRY("in %%dx, %%ax",
                     :
                     : "d"(0xffff)
                     : "rax", "memory"),
                 X_GP, 0, "the last port and none");
}

void test_main(void)
{
    struct physdev_set_iopl iopl = { .iopl = 4 };

    try_all();
    expect_fault(TRY("outsb", : : "d"(0x3f8), "S"("x") : "memory"), X_GP, 0, "outs");

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl), -XEN_EINVAL, "set_iopl 4");
    try_bitmap();
}
