/* SPDX-License-Identifier: MIT */
/*
 * Claim: breakpoints on code and data are met in rings 1 and 3 alike, up to the guest's last byte,
 *     and none can be set behind it; a single step ends behind an instruction that the
 *     hypervisor does, but behind the one that follows `int $0x82`, and TF is not set in the
 *     handler.
 * Rule: DESC-9, DESC-10
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit guest's addresses end elsewhere
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FLAG_TF              0x100u
#define EXECUTE(n)           (2u << (2 * (n)))
#define WATCH(n, rw, length) (EXECUTE(n) | ((rw) | ((length)-1) << 2) << (16 + 4 * (n)))
#define DR7_FIXED            0x400u

static uint32_t watched;
extern const struct snippet steps[], steps_end[];

// clang-format off
__asm__(SNIPPETS(steps)
        SNIPPET("1", "0", "1", "nop")
        SNIPPET("1", "0", "2", "mov %eax, %eax")
        SNIPPET("1", "0", "2", "cpuid")
        SNIPPET("1", "0", "3", "int $0x82; nop; nop") /* in ring 1 only, as all from here on */
        SNIPPET("1", "0", "3", "mov %cr0, %eax")
        SNIPPET("1", "0", "2", "clts")
        SNIPPETS_END(steps));
// clang-format on

static long set(unsigned number, unsigned long value)
{
    return CALL(set_debugreg, number, value);
}

static void code(unsigned ring)
{
    struct raw_arrival a;

    expect(set(0, (uint32_t)raw_nops + 1), 0, "address of a breakpoint");
    expect(set(7, DR7_FIXED | EXECUTE(0)), 0, "enable it");
    a = raw_go(raw_start(raw_nops, ring), 3);
    expect((long)a.vector, X_DB, "ring %u, code: vector", ring);
    expect_hex(a.words[0], (uint32_t)raw_nops + 1, "ring %u, code: eip", ring);
    expect_hex((unsigned long)CALL(get_debugreg, 6) & 15, 1, "ring %u, code: dr6", ring);
    expect(set(6, 0xffff0ff0), 0, "clear dr6");
    expect(set(7, DR7_FIXED), 0, "disable it");
    expect((long)raw_go(raw_start(raw_nops, ring), 3).vector, X_UD, "ring %u, disabled", ring);
}

static void data(unsigned ring)
{
    static const uint8_t store[] = { 0x89, 0x03, 0x90, 0xcc }; /* mov eax, (ebx); nop; int3 */
    struct raw_start start = raw_start(store, ring);
    struct raw_arrival a;

    start.bx = (uint32_t)&watched;
    expect(set(1, (uint32_t)&watched), 0, "address of a watchpoint");
    expect(set(7, DR7_FIXED | WATCH(1, 1, 4)), 0, "enable it");
    a = raw_go(start, 3);
    expect((long)a.vector, X_DB, "ring %u, data: vector", ring);
    expect_hex(a.words[0], (uint32_t)store + 2, "ring %u, data: eip", ring);
    expect_hex((unsigned long)CALL(get_debugreg, 6) & 15, 2, "ring %u, data: dr6", ring);
    expect(set(7, DR7_FIXED), 0, "disable it");
    expect(set(6, 0xffff0ff0), 0, "clear dr6");
}

static void single(const struct snippet *s, unsigned ring)
{
    struct raw_start start = raw_start(s->code, ring);
    struct raw_arrival a;

    start.ax = __HYPERVISOR_xen_version;
    start.bx = XENVER_version;
    start.flags |= FLAG_TF;
    a = raw_iret(start, 3, 0);
    expect((long)a.vector, X_DB, "ring %u, step over %s: vector", ring, s->text);
    expect_hex(a.words[0], (uint32_t)s->code + s->offset, "ring %u, step over %s: eip", ring,
               s->text);
    expect_hex(a.words[2] & FLAG_TF, FLAG_TF, "ring %u, step over %s: TF", ring, s->text);
    expect_hex(a.flags & FLAG_TF, 0, "ring %u, step over %s: TF in the handler", ring, s->text);
    expect(set(6, 0xffff0ff0), 0, "clear dr6");
}

static void addresses(void)
{
    expect(set(0, HYPERVISOR_VIRT_START_32 - 1), 0, "the last byte");
    expect(set(0, HYPERVISOR_VIRT_START_32), 0, "the M2P");
    expect(set(0, HYPERVISOR_ADDRESS), 0, "behind it");
    expect(set(0, ~0ul), 0, "the last of 4 GiB");
    expect(set(0, 0), 0, "none");
}

void test_main(void)
{
    raw_begin();
    for (unsigned ring = 1; ring <= 3; ring += 2) {
        code(ring);
        data(ring);
        for (const struct snippet *s = steps; s < steps + (ring == 1 ? 6 : 3); s++)
            single(s, ring);
    }
    raw_end();
    addresses();
}
