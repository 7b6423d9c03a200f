/* SPDX-License-Identifier: MIT */
/*
 * Claim: no instruction that is for ring 0 does anything in ring 3: each is the general protection
 *     fault or the invalid opcode that a program would meet on bare hardware. Those that any ring
 *     may use, and descriptor stores under UMIP, are done; POPF changes neither IF nor IOPL. What
 * is done on its behalf reaches no memory that is closed to it.
 * Rule: CPU-3, IO-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv32, because a 64-bit kernel is in ring 3 itself
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

/* Does nothing, if it is taken. */
#define CR0 0x80050033

extern const struct snippet instructions[], instructions_end[];
extern const struct snippet closed[], closed_end[], closed_io[], closed_io_end[];

// clang-format off
#define REFUSED(text)      SNIPPET("13", "0", "0", text)
#define LATER(first, text) SNIPPET("13", "0", "6b - 8b", first "; 6: " text)
#define UNKNOWN(text)      SNIPPET("6", "0", "0", text)
__asm__(SNIPPETS(instructions)
        REFUSED("hlt")
        REFUSED("cli")
        REFUSED("sti")
        REFUSED("inb $0x80, %al")
        REFUSED("inl %dx, %eax")
        REFUSED("outb %al, $0x80")
        REFUSED("outl %eax, %dx")
        REFUSED("insb")
        REFUSED("outsl")
        REFUSED("rep insw")
        REFUSED("rep outsb")
        REFUSED("lgdt (%ebx)")
        REFUSED("lidt (%ebx)")
        REFUSED("lldt %cx")
        REFUSED("ltr %cx")
        REFUSED("lmsw %ax")
        REFUSED("invd")
        REFUSED("invlpg (%ebx)")
        REFUSED("rdpmc")
        REFUSED("sysexit")
        REFUSED("sysretl")
        REFUSED("lret")
        REFUSED("clts")
        REFUSED("mov %cr0, %eax")
        REFUSED("mov %cr2, %eax")
        REFUSED("mov %cr3, %eax")
        REFUSED("mov %cr4, %eax")
        REFUSED("mov %eax, %cr0")
        REFUSED("mov %eax, %cr2")
        REFUSED("mov %eax, %cr4")
        REFUSED("mov %db0, %eax")
        REFUSED("mov %db6, %eax")
        REFUSED("mov %db7, %eax")
        REFUSED("wbinvd")
        REFUSED("mov %eax, %cr3")
        LATER("xor %eax, %eax", "mov %eax, %db0")
        LATER("xor %eax, %eax", "mov %eax, %db7")
        LATER("mov $0xc0000080, %ecx", "rdmsr")
        LATER("mov $0xc0000080, %ecx", "wrmsr")
        LATER("mov $0x12345678, %ecx", "rdmsr")
        LATER("mov $0x12345678, %ecx", "wrmsr")
        UNKNOWN(".byte 0x0f, 0x01, 0xf8")
        UNKNOWN("rsm")
        UNKNOWN("vmcall")
        UNKNOWN("monitor")
        UNKNOWN("mwait")
        UNKNOWN("ud2")
        SNIPPET_DONE("smsw %eax; str %eax; sldt %eax")
        SNIPPET_DONE("sgdt (%ebx); sidt (%ebx)")
        SNIPPET_DONE("smsw (%ebx); str (%ebx); sldt (%ebx)")
        SNIPPET_DONE("arpl %ax, %cx")
        SNIPPET_DONE("lar %cx, %eax; lsl %cx, %eax; verr %cx; verw %cx")
        SNIPPET_DONE("mov $0, %eax; cpuid")
        SNIPPET_DONE("rdtsc")
        SNIPPET_DONE("mov %fs, %eax; mov %eax, %fs")
        SNIPPET_DONE("pushf; orl $0x3000, (%esp); popf; pushf; testl $0x3000, (%esp); jnz 9f")
        SNIPPET_DONE("pushf; andl $~0x200, (%esp); popf; pushf; testl $0x200, (%esp); jz 9f")
        SNIPPETS_END(instructions));
#define CLOSED(error, text) SNIPPET("14", error, "0", text)
__asm__(SNIPPETS(closed)
        CLOSED("7", "sgdt (%ebx)")
        CLOSED("7", "sidt (%ebx)")
        CLOSED("7", "sldt (%ebx)")
        CLOSED("7", "str (%ebx)")
        CLOSED("7", "smsw (%ebx)")
        SNIPPETS_END(closed)
        SNIPPETS(closed_io)
        CLOSED("7", "insb")
        CLOSED("7", "insl")
        CLOSED("5", "outsb")
        CLOSED("5", "outsl")
        SNIPPETS_END(closed_io));
// clang-format on

static void check(const struct snippet *s, uint32_t page, uint32_t stack)
{
    struct raw_start start = raw_start(0, 3);
    struct raw_arrival a;
    bool code;

    start.sp = stack + 2048; /* LRET finds no selector there */
    start.ax = CR0;
    start.bx = page;
    start.cx = 1 * 8;
    start.dx = 0x80;
    start.si = page;
    start.di = page;
    a = snippet_run(s, start, 3);
    code = has_error_code(a.vector);
    expect((long)a.vector, (long)s->vector, "%s: vector", s->text);
    if (code)
        expect_hex(a.words[0], s->error, "%s: error code", s->text);
    expect_hex(a.words[code], (uint32_t)s->code + s->offset, "%s: eip", s->text);
}

/* Memory of the kernel's, which the same tables map. */
static void try_closed(uint32_t page, uint32_t stack)
{
    struct physdev_set_iopl all = { .iopl = 3 };
    uint8_t *bytes = (uint8_t *)page;

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &all), 0, "set_iopl 3");
    memset(bytes, 0xa5, PAGE_SIZE);
    expect(map(bytes, make_entry(bytes, PTE_RW & ~PTE_USER)), 0, "the kernel's page");
    for (const struct snippet *s = closed; s < closed_end; s++)
        check(s, page, stack);
    if (is_xen_lite()) /* the real Xen does these for a program as for the kernel */
        for (const struct snippet *s = closed_io; s < closed_io_end; s++)
            check(s, page, stack);
    for (unsigned i = 0; i < 16; i++)
        expect_hex(bytes[i], 0xa5, "byte %u", i);
}

void test_main(void)
{
    struct physdev_set_iopl none = { .iopl = 0 };
    uint32_t page = (uint32_t)page_new(), stack = (uint32_t)page_new();

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &none), 0, "set_iopl 0");
    raw_begin();
    for (const struct snippet *s = instructions; s < instructions_end; s++)
        check(s, page, stack);
    try_closed(page, stack);
    raw_end();
}
