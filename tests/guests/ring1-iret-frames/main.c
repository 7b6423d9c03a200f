/* SPDX-License-Identifier: MIT */
/*
 * Claim: what the iret hypercall takes is EAX, EIP, CS and EFLAGS, of rings 2 and 3 also ESP and
 *     SS, from any address; other registers stay. Of EFLAGS, IF becomes the event mask, IOPL is not
 *     taken, TF steps.
 * Rule: abi/struct_width_regs.h, iret_context
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have another frame
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define FLAG_CF   0x1u
#define FLAG_TF   0x100u
#define FLAG_IF   0x200u
#define FLAG_DF   0x400u
#define FLAG_IOPL 0x3000u
#define FLAG_AC   0x40000u
#define FLAG_ID   0x200000u

/* Goes by a frame at that address, and compares all that can be known. */
static void go(uint32_t ring, uint32_t at, uint32_t flags, uint32_t wanted)
{
    struct raw_start start = raw_start(raw_int3, ring);
    bool steps = flags & FLAG_TF;
    struct raw_arrival a;
    uint32_t frame[6];

    start.flags = flags;
    start.bx = 0xb1;
    start.si = 0x51;
    start.di = 0xd1;
    start.bp = 0xeb;
    if (steps)
        start.ip = (uint32_t)raw_nops;
    start.sp -= 8;
    memcpy(frame, (uint32_t[]){ 0x1234, start.ip, start.cs, flags, start.sp, start.ss }, 24);
    memcpy((void *)at, frame, ring == 1 ? 16 : 24);
    a = raw_iret(start, ring == 1 ? 3 : 5, at);
    expect((long)a.vector, steps ? X_DB : X_BP, "frame at 0x%x, 0x%x: vector", at, flags);
    expect_hex(a.words[0], start.ip + 1, "frame at 0x%x, 0x%x: eip", at, flags);
    expect_hex(a.words[1], start.cs | (flags & FLAG_IF ? 0 : 0x10000), "0x%x: cs, mask", flags);
    expect_hex(a.words[2] & ~0x10000u, wanted | 2, "0x%x: eflags", flags);
    expect_true(a.bx == 0xb1 && a.si == 0x51 && a.di == 0xd1 && a.bp == 0xeb, "registers stay");
    if (ring == 1)
        expect_hex(a.sp, at + 16 - 12, "frame at 0x%x: ring 1's esp", at);
    else
        expect_hex(a.words[3], start.sp, "frame at 0x%x: ring 3's esp", at);
}

static void flags(uint32_t at)
{
    for (uint32_t ring = 1; ring <= 3; ring += 2) {
        go(ring, at, FLAG_IF, FLAG_IF);
        go(ring, at, 0, 0);
        go(ring, at, FLAG_IF | FLAG_CF | FLAG_DF, FLAG_IF | FLAG_CF | FLAG_DF);
        go(ring, at, FLAG_IF | FLAG_IOPL, FLAG_IF);
        go(ring, at, FLAG_IF | FLAG_AC | FLAG_ID, FLAG_IF | FLAG_AC | FLAG_ID);
        go(ring, at, FLAG_IF | FLAG_TF, FLAG_IF | FLAG_TF);
    }
}

/* The last bytes before a page that is not there, a frame that crosses pages, an odd one. */
static void places(uint32_t page)
{
    expect(map((void *)(page + 0x2000), 0), 0, "unmap the third page");
    go(1, page + 0x2000 - 16, FLAG_IF, FLAG_IF);
    go(3, page + 0x2000 - 24, FLAG_IF, FLAG_IF);
    go(1, page + 0x1000 - 8, FLAG_IF, FLAG_IF);
    go(3, page + 0x1000 - 8, FLAG_IF, FLAG_IF);
    go(1, page + 0x101, FLAG_IF, FLAG_IF);
    go(3, page + 0x103, FLAG_IF, FLAG_IF);
}

void test_main(void)
{
    uint32_t pages = (uint32_t)page_new();

    page_new();
    page_new();
    raw_begin();
    flags(pages + 0x800);
    places(pages);
    raw_end();
}
