/* SPDX-License-Identifier: MIT */
/*
 * Claim: 32-bit programs meet the same exceptions in the flat segment, in a segment of the LDT and
 *     in one with a base, and what is done for them honours base, limit and rights of their
 *     segments; far jumps lead to 64-bit code and back, call gates to a general protection fault.
 * Rule: CPU-3, IO-5, DESC-5
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because that is 32-bit code in a 64-bit guest
 */
#include "tests/guests/support/support.h"

#define CODE 0x40 /* offset of the code in its page, which is full of HLT */

/* What becomes of some code: an exception, and how far behind its begin. */
struct test {
    const char *text;
    const uint8_t *code;
    uint64_t size, level; /* bytes of code, I/O privilege */
    uint64_t vector, error, offset;
};

extern const struct test tests[], tests_end[];

// clang-format off
#define TEST_AT(level, vector, error, offset, text) \
    ".pushsection .rodata.text, \"a\"\n8: .asciz \"" text "\"\n.popsection\n" \
    ".pushsection .rodata.code, \"a\"\n.code32\n9: " text "\n10:\n.code64\n.popsection\n" \
    ".pushsection .data.tests, \"aw\"\n" \
    ".quad 8b, 9b, 10b - 9b, " level ", " vector ", " error ", " offset "\n.popsection\n"
/* Done, up to the HLT behind it. */
#define DONE(level, text)             TEST_AT(level, "13", "0", "10b - 9b", text)
#define FAULTS(vector, offset, text)  TEST_AT("0", vector, "0", offset, text)
#define SELECTOR(vector, error, text) TEST_AT("0", vector, error, "0", text)
/* To the HLT at 0x80, which faults. */
#define ARRIVES(text)                 TEST_AT("0", "13", "0", "0x40", text)

__asm__(".pushsection .data.tests, \"aw\"\n.balign 8\ntests:\n.popsection\n"
        /* exceptions */
        FAULTS("0", "2", "xorl %ecx, %ecx; divl %ecx")
        FAULTS("3", "1", "int3")
        FAULTS("4", "5", "movb $0x7f, %al; addb $1, %al; into")
        FAULTS("5", "20", "movl $5, 0x10800; movl $4, 0x10804; bound %ecx, 0x10800")
        FAULTS("7", "0", "fninit")
        TEST_AT("0", "14", "4", "5", "movl $0x1234567, %ebx; movl (%ebx), %eax")
        TEST_AT("0", "14", "6", "5", "movl $0x1234567, %ebx; movl %eax, (%ebx)")
        /* privileged instructions, and those that are done */
        FAULTS("13", "0", "hlt")
        FAULTS("13", "0", "cli")
        DONE("3", "cli; sti")
        FAULTS("13", "0", "inb $0x80, %al")
        DONE("3", "inb $0x80, %al; outb %al, $0x80")
        FAULTS("13", "5", "movl $0xc0000080, %ecx; rdmsr")
        FAULTS("13", "0", "movl %cr0, %eax")
        FAULTS("13", "0", "movl %eax, %cr3")
        FAULTS("13", "0", "movl %db7, %eax")
        FAULTS("13", "0", "clts")
        FAULTS("13", "0", "lgdt 0x800")
        FAULTS("13", "0", "lldt %ax")
        FAULTS("13", "0", "invlpg 0x800")
        FAULTS("13", "0", "wbinvd")
        FAULTS("6", "2", "xorl %ecx, %ecx; xsetbv")
        FAULTS("6", "0", "syscall")
        FAULTS("13", "0", "sysenter")
        DONE("0", "sldt %eax; str %eax; smsw %eax; rdtsc")
        DONE("3", "pushl $0x3202; popfl; pushfl; popl %eax")
        /* far jumps: the ABI's segments, the LDT's, what is not for it, too far, absent, a gate */
        ARRIVES("ljmp $0xe033, $0x10080")
        ARRIVES("ljmp $0xe023, $0x10080")
        ARRIVES("ljmp $0x0f, $0x10080")
        ARRIVES("ljmp $0x17, $0x80")
        ARRIVES("ljmp $0x27, $0x10080")
        ARRIVES("lcall $0xe033, $0x10080")
        ARRIVES("pushl $0xe033; pushl $0x10080; lret")
        ARRIVES("pushl $0x3202; pushl $0xe033; pushl $0x10080; iretl")
        SELECTOR("13", "0xe008", "ljmp $0xe008, $0x10080")
        SELECTOR("13", "0xe028", "ljmp $0xe02b, $0x10080")
        SELECTOR("13", "0", "ljmp $3, $0x10080")
        SELECTOR("13", "0x1000", "ljmp $0x1003, $0x10080")
        SELECTOR("13", "0x6c", "ljmp $0x6f, $0x10080")
        SELECTOR("11", "0x2c", "ljmp $0x2f, $0x10080")
        SELECTOR("13", "0x44", "ljmp $0x47, $0")
        SELECTOR("13", "0x44", "lcall $0x47, $0")
        /* data segments: absent, 4 KiB with a base, the same read-only, null */
        TEST_AT("0", "11", "0x64", "5", "movl $0x67, %eax; movl %eax, %ds")
        TEST_AT("0", "12", "0x64", "5", "movl $0x67, %eax; movl %eax, %ss")
        TEST_AT("0", "13", "0x5c", "5", "movl $0x5f, %eax; movl %eax, %ss")
        DONE("0", "movl $0x57, %eax; movl %eax, %ds; smsw 0xffe; sgdtl 0x300")
        DONE("3", "movl $0x57,%eax; movl %eax,%es; movl $0xffe,%edi; movl $2,%ecx; rep insb")
        TEST_AT("3", "13", "0", "17",
                "movl $0x57,%eax; movl %eax,%es; movl $0xffe,%edi; movl $4,%ecx; rep insb")
        TEST_AT("3", "13", "0", "12", "movl $0x5f,%eax; movl %eax,%es; movl $0x10,%edi; insb")
        TEST_AT("3", "13", "0", "12", "movl $0x57,%eax; movl %eax,%ds; movl $0xfff,%esi; outsw")
        TEST_AT("3", "13", "0", "9", "xorl %eax,%eax; movl %eax,%es; movl $0x10,%edi; insb")
        ".pushsection .data.tests, \"aw\"\ntests_end:\n.popsection\n");
// clang-format on

#define TYPE_CODE     0xfbull
#define TYPE_DATA     0xf3ull
#define TYPE_READ     0xf1ull
#define PRESENT       0x80ull
#define FLAGS_32      0x4ull
#define FLAGS_32_FLAT 0xcull
#define FLAGS_64      0xaull

static uint64_t descriptor(uint64_t base, uint64_t limit, uint64_t type, uint64_t flags)
{
    return (limit & 0xffff) | (base & 0xffffff) << 16 | type << 40 | (limit >> 16) << 48 |
           flags << 52 | (base >> 24) << 56;
}

static void set_ldt(void)
{
    uint64_t *ldt = page_new();
    struct mmuext_op op = { .cmd = MMUEXT_SET_LDT,
                            .arg1.linear_addr = (unsigned long)ldt,
                            .arg2.nr_ents = 13 };

    ldt[1] = descriptor(0, 0xfffff, TYPE_CODE, FLAGS_32_FLAT);             /* 0x0f */
    ldt[2] = descriptor(LOW_PAGE, 0xfff, TYPE_CODE, FLAGS_32);             /* 0x17 */
    ldt[4] = descriptor(0, 0xfffff, TYPE_CODE, FLAGS_64);                  /* 0x27 */
    ldt[5] = descriptor(0, 0xfffff, TYPE_CODE & ~PRESENT, FLAGS_32_FLAT);  /* 0x2f */
    ldt[8] = 0x0001ec00e0330080ull;                                        /* 0x47: a call gate */
    ldt[10] = descriptor(LOW_PAGE, 0xfff, TYPE_DATA, FLAGS_32);            /* 0x57 */
    ldt[11] = descriptor(LOW_PAGE, 0xfff, TYPE_READ, FLAGS_32);            /* 0x5f */
    ldt[12] = descriptor(LOW_PAGE, 0xfff, TYPE_DATA & ~PRESENT, FLAGS_32); /* 0x67 */
    set_writable(ldt, false);
    expect(CALL(mmuext_op, &op, 1, NULL, DOMID_SELF), 0, "set_ldt");
}

/* cs has the page at base. */
static void run(uint8_t *page, const struct test *t, unsigned cs, uint64_t base)
{
    struct physdev_set_iopl level = { .iopl = (uint32_t)t->level };
    struct frame frame = low_frame(CODE, true);

    expect(CALL(physdev_op, PHYSDEVOP_set_iopl, &level), 0, "set_iopl");
    memset(page, 0xf4, PAGE_SIZE / 2);
    memcpy(page + CODE, t->code, t->size);
    frame.ip -= base;
    frame.cs = cs;
    frame.dx = 0x80; /* a port that does no harm */
    CALL(fpu_taskswitch, 1);
    __asm__ volatile("mov %0, %%ds; mov %0, %%es" : : "r"(FLAT_USER_SS));
    frame = code_run(frame);
    expect((long)frame.vector, (long)t->vector, "%s, cs 0x%x: vector", t->text, cs);
    expect_hex(frame.error, t->error, "%s, cs 0x%x: error code", t->text, cs);
    /* A jump may have led into a flat segment. */
    if (frame.ip >= LOW_PAGE)
        frame.ip -= LOW_PAGE;
    expect_hex(frame.ip, CODE + t->offset, "%s, cs 0x%x: rip", t->text, cs);
}

void test_main(void)
{
    uint8_t *page = low_page_new("", 0);

    set_ldt();
    for (const struct test *t = tests; t < tests_end; t++) {
        run(page, t, FLAT_RING3_CS32, 0);
        run(page, t, 0x0f, 0);
        run(page, t, 0x17, LOW_PAGE);
    }
    CALL(fpu_taskswitch, 0);
}
