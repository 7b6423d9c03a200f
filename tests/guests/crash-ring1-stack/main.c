/* SPDX-License-Identifier: MIT */
/*
 * Claim: an exception for which the kernel has no stack ends the domain: the one in use or that of
 *     stack_switch is null, in a segment that is absent, read-only, of ring 3's or code, beyond the
 *     tables, the hypervisor's; or it is not mapped, read-only, half in the next page, in the M2P,
 *     in the hypervisor's memory or wraps at 0. The iret hypercall ends it where its frame cannot
 *     be read, or asks for ring 0. An `int $0x80` that is open, and has a null selector for its
 *     handler, ends it, too.
 * Rule: TRAP-2, TRAP-3, TRAP-4
 * Runs on: xen-lite, xen
 * Ends: crash, "TRAP-3: #DE"
 * Widths: pv32, because 64-bit stacks have no segments
 *
 * tests/qemu/test_bad_stacks.py runs the cases: "case=N" on the command line is the stack, "ring="
 * says where the exception is, "kind=N" which one. With "iret=1" it is a case of iret, with
 * "open=1" that of int 0x80.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

enum { ABSENT = 8, READ_ONLY, DATA3, CODE1, BASED, LAST };

#define LDT_ABSENT (9 * 8 | 5)

static uint32_t stack; /* two pages, the second one mapped read-only, and the third not at all */

static struct raw_start bad_stack(unsigned number)
{
    const struct {
        uint32_t ss, sp;
    } stacks[] = {
        { FLAT_KERNEL_SS, UNMAPPED_ADDRESS },
        { FLAT_KERNEL_SS, stack + 0x1800 },              /* read-only */
        { FLAT_KERNEL_SS, stack + 0x1004 },              /* the upper half is */
        { FLAT_KERNEL_SS, stack + 0x2004 },              /* absent */
        { FLAT_KERNEL_SS, 0 },                           /* below 0 is the end of 4 GiB */
        { FLAT_KERNEL_SS, 8 },                           /* and across */
        { FLAT_KERNEL_SS, MACH2PHYS_VIRT_START + 4096 }, /* read-only */
        { FLAT_KERNEL_SS, HYPERVISOR_ADDRESS },          /* nothing */
        { BASED * 8 | 1, 0x40 },                         /* the base is in the hypervisor */
        /* Ring 1 cannot load these by itself; stack_switch takes any. */
        { ABSENT * 8 | 1, stack + 0x800 },
        { LDT_ABSENT, stack + 0x800 },
        { READ_ONLY * 8 | 1, stack + 0x800 },
        { CODE1 * 8 | 1, stack + 0x800 },
        { LAST * 64 | 1, stack + 0x800 },
        { 0xe011, stack + 0x800 },
        { 0, stack + 0x800 }, /* the real Xen writes to it, and then cannot use it */
    };
    struct raw_start start = raw_start(NULL, 1);

    if (number >= COUNT(stacks))
        error("no case %u", number);
    start.ss = stacks[number].ss;
    start.sp = stacks[number].sp;
    return start;
}

static void tables(void)
{
    uint64_t *gdt = gdt_new();

    gdt_set(gdt, ABSENT, raw_descriptor(0, 0xfffff, 0x33, 0xc));
    gdt_set(gdt, READ_ONLY, raw_descriptor(0, 0xfffff, 0xb1, 0xc));
    gdt_set(gdt, DATA3, raw_descriptor(0, 0xfffff, 0xf3, 0xc));
    gdt_set(gdt, CODE1, raw_descriptor(0, 0xfffff, 0xbb, 0xc));
    gdt_set(gdt, BASED, raw_descriptor(HYPERVISOR_ADDRESS, 0xfffff, 0xb3, 0xc));
}

/* An iret whose frame cannot be read, or with ring 0 in it. */
static void bad_iret(unsigned number)
{
    struct raw_start start = raw_start(raw_int3, 3);

    if (number == 3) {
        start.cs = 0xe028;
        raw_iret(start, 1, 0);
    }
    raw_iret(start, 1,
             number == 0   ? UNMAPPED_ADDRESS
             : number == 1 ? stack + 0x2000 - 8
                           : HYPERVISOR_ADDRESS);
}

static void open_without_handler(void)
{
    static const struct trap_info table[2] = { { .vector = 0x80, .flags = 1, .address = 1 } };

    expect(CALL(set_trap_table, table), 0, "set_trap_table");
    __asm__ volatile("int $0x80" ::: "memory");
}

void test_main(void)
{
    uint64_t number = option_number("case=", 0), ring = option_number("ring=", 1);
    void *pages = page_new(), *second = page_new(), *third = page_new();
    struct raw_start start;

    stack = (uint32_t)pages;
    tables();
    raw_begin();
    set_writable(second, false);
    expect(map(third, 0), 0, "unmap");
    if (option_number("iret=", 0))
        bad_iret((unsigned)number);
    if (option_number("open=", 0))
        open_without_handler();
    start = bad_stack((unsigned)number);
    if (ring == 3) {
        expect(CALL(stack_switch, start.ss, start.sp), 0, "stack_switch");
        start = raw_start(NULL, 3);
    }
    snippet_run(&exceptions[option_number("kind=", 0)], start, 1);
    raw_end();
    failure("it had a stack");
}
