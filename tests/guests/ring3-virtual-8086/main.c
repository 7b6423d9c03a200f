/* SPDX-License-Identifier: MIT */
/*
 * Claim: an IRET of a 32-bit guest's program whose flags ask for virtual-8086 mode does not make
 *     the program its own kernel: with any number in CS the exception that follows is a program's,
 *     with its frame on the stack of stack_switch.
 * Rule: invariants D1
 * Runs on: xen-lite (Xen does not survive it where the emulator is QEMU's)
 * Ends: poweroff
 * Widths: pv32, because virtual-8086 has 64-bit guests
 *
 * A CPU ignores that flag in long mode: the IRET is one to a selector that is none, and faults.
 * QEMU's enters the mode, in which a selector is an address by 16 and each number is one, also one
 * that looks like ring 1.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define CODE_PAGE  0x10000u
#define CODE       (CODE_PAGE / 16) /* as a selector */
#define FLAGS_VM86 0x20202u
#define FLAG_TF    0x100u

/* But for the IRET in 16-bit code; a processor that is right never comes there. */
extern const uint8_t code_iret[], code_begin[], code_int3[], code_ud2[], code_int82[], code_hlt[],
    code_loop[], code_end[];
__asm__(".pushsection .rodata\n"
        "code_iret: iretl\n"
        ".code16\n"
        "code_begin:\n"
        "code_int3: int3\n"
        "code_ud2: ud2\n"
        "code_int82: int $0x82; ud2\n"
        "code_hlt: hlt; ud2\n"
        /* Long enough to be interrupted. */
        "code_loop: movl $30000000, %ecx; 1: decl %ecx; jnz 1b; ud2\n"
        ".code32\n"
        "code_end:\n"
        ".popsection\n");

/* What IRET reads, and the mode's data segments. */
struct vm86_frame {
    uint32_t ip, cs, flags, sp, ss, es, ds, fs, gs;
};

/* A page of code that programs see at CODE_PAGE. The root has a table for the first gigabyte. */
static void low_page(void)
{
    uint64_t l2 = *(uint64_t *)start_info->pt_base & ~0xfffull;
    uint64_t *l1 = page_new();
    uint8_t *page = page_new();

    l1[CODE_PAGE / PAGE_SIZE] = make_entry(page, PTE_RW);
    set_writable(l1, false);
    if (mmu_update(l2, make_entry(l1, PTE_TABLE)) != 0)
        error("cannot map a low page");
    memcpy(page, code_begin, (size_t)(code_end - code_begin));
}

/* cs + ip / 16 is the same for all. */
static void try(const uint8_t *code, uint32_t cs, uint32_t flags)
{
    uint32_t offset = (uint32_t)(code - code_begin);
    static struct vm86_frame there;
    struct raw_start start = raw_start(code_iret, 3);
    struct raw_arrival a;

    there = (struct vm86_frame){
        .ip = CODE_PAGE + offset - cs * 16,
        .cs = cs,
        .flags = FLAGS_VM86 | flags,
        .sp = 0xf00,
        .ss = CODE,
    };
    start.sp = (uint32_t)&there;
    a = raw_go(start, 6);
    expect_true(a.vector <= RAW_EVENT, "cs %x, code at %x: an exception", cs, offset);
    expect_hex(a.ss, FLAT_KERNEL_SS, "cs %x, code at %x: the handler's ss", cs, offset);
    expect_hex(a.sp, (uint32_t)trap_stack_end - (has_error_code(a.vector) ? 24 : 20),
               "cs %x, code at %x: the handler's esp", cs, offset);
    expect(CALL(xen_version, XENVER_version, NULL), 4 << 16 | 17, "cs %x: a call", cs);
}

void test_main(void)
{
    static const uint8_t *const codes[] = { code_int3, code_ud2, code_int82, code_hlt, code_loop };

    low_page();
    raw_begin();
    for (unsigned i = 0; i < COUNT(codes); i++)
        for (uint32_t ring = 0; ring < 4; ring++) {
            try(codes[i], CODE - 4 + ring, 0);
            try(codes[i], CODE - 4 + ring, FLAG_TF);
        }
    raw_end();
}
