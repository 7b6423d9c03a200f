/* SPDX-License-Identifier: MIT */
/*
 * Claim: programs and kernels may run in 16-bit code segments: their exceptions and calls are like
 *     those of 32-bit code, and privileged instructions are general protection faults; a program's
 *     stack may be a 16-bit one.
 * Rule: CPU-3, IO-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because 64-bit guests have no such ring
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

enum { CODE1 = 8, CODE3, STACK3 };

#define PAGE_CODE 0x40 /* where the code is in its page, which is full of INT3 */
#define LENGTH    24   /* of any of them, at most */

extern const struct snippet codes[], codes_end[];

// clang-format off
#define CODE16(vector, error, offset, text) \
    SNIPPET(vector, error, offset, ".code16; " text "; .code32")
__asm__(SNIPPETS(codes)
        CODE16("3", "0", "1", "int3")
        CODE16("13", "0", "0", "hlt")
        CODE16("0", "0", "2", "xorw %cx, %cx; divw %cx")
        CODE16("14", "4", "0", "movl %ds:0x4(%esi), %eax")
        CODE16("13", "0", "0", "inb $0x80, %al")
        CODE16("13", "0", "0", "cli")
        CODE16("13", "0", "0", "movl %eax, %cr3")
        CODE16("3", "0", "3", "pushw %ax; popw %ax; int3")
        CODE16("13", "0x1234", "3", "movw $0x1234, %ax; movw %ax, %es")
        SNIPPETS_END(codes));
// clang-format on

static uint8_t *page;

static void check(const struct snippet *s, unsigned ring)
{
    struct raw_start start = raw_start((void *)PAGE_CODE, ring);
    struct raw_arrival a;
    bool code = has_error_code(s->vector);
    uint32_t error = s->vector == X_PF && ring == 1 ? s->error & ~PF_USER : s->error;

    memset(page, 0xcc, PAGE_SIZE);
    memcpy(page + PAGE_CODE, s->code, LENGTH);
    start.cs = ring == 1 ? CODE1 * 8 | 1 : CODE3 * 8 | 3;
    if (ring == 3) {
        start.ss = STACK3 * 8 | 3;
        start.sp = 0x800;
    }
    start.si = UNMAPPED_ADDRESS;
    a = raw_go(start, 6);
    expect((long)a.vector, (long)s->vector, "ring %u, %s: vector", ring, s->text);
    if (code)
        expect_hex(a.words[0], error, "ring %u, %s: error code", ring, s->text);
    expect_hex(a.words[code], PAGE_CODE + s->offset, "ring %u, %s: ip", ring, s->text);
    expect_hex(a.words[code + 1] & 0xffff, start.cs, "ring %u, %s: cs", ring, s->text);
    if (ring == 3) {
        /* The processor loads no more than SP when it goes to such a stack. */
        expect_hex(a.words[code + 3] & 0xffff, start.sp, "ring %u, %s: sp", ring, s->text);
        expect_hex(a.words[code + 4], start.ss, "ring %u, %s: ss", ring, s->text);
    }
}

/* A call by 16-bit code: EAX is whole there, too. */
static void call(void)
{
    static const uint8_t code[] = { 0xcd, 0x82, 0x66, 0x89, 0xc3, 0xcc }; /* mov eax, ebx */
    struct raw_start start = raw_start((void *)PAGE_CODE, 1);
    struct raw_arrival a;

    memcpy(page + PAGE_CODE, code, sizeof(code));
    start.cs = CODE1 * 8 | 1;
    start.ax = __HYPERVISOR_xen_version;
    start.bx = XENVER_version;
    a = raw_go(start, 3);
    expect((long)a.vector, X_BP, "a call: vector");
    expect_hex(a.bx, (uint32_t)CALL(xen_version, XENVER_version, NULL), "a call: result");
}

void test_main(void)
{
    uint64_t *gdt = gdt_new();

    page = page_new();
    gdt_set(gdt, CODE1, raw_descriptor((uint32_t)page, 0xfff, 0xbb, 0));
    gdt_set(gdt, CODE3, raw_descriptor((uint32_t)page, 0xfff, 0xfb, 0));
    gdt_set(gdt, STACK3, raw_descriptor((uint32_t)page, 0xffff, 0xf3, 0));
    raw_begin();
    for (const struct snippet *s = codes; s < codes_end; s++) {
        check(s, 1);
        check(s, 3);
    }
    call();
    raw_end();
}
