/* SPDX-License-Identifier: MIT */
/*
 * Claim: a new vCPU's 32-bit context may say anything: selectors of ring 0 get ring 1, IOPL and
 *     what else a guest may not have goes, a root that is none or descriptors that may not be
 * refuse it, and a vCPU may begin in ring 3.
 * Rule: VCPU-2, VCPU-3, MMU-18, DESC-2; abi/struct_width_context.h
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 3
 * Widths: pv32, because a 64-bit context has other registers
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

static struct vcpu_guest_context context;

static volatile unsigned arrived;
static volatile struct {
    uint32_t cs, ss, ds, es, flags, argument;
} seen;

/* What a program's `int $0x80` left on the stack. */
volatile uint32_t user_frame_seen[5];
volatile unsigned user_arrived;

static void other(unsigned long argument)
{
    uint32_t flags;

    __asm__ volatile("pushf; pop %0" : "=r"(flags));
    seen.flags = flags;
    seen.cs = READ_SEGMENT(cs);
    seen.ss = READ_SEGMENT(ss);
    seen.ds = READ_SEGMENT(ds);
    seen.es = READ_SEGMENT(es);
    seen.argument = argument;
    arrived = 1;
    for (;;)
        CALL(vcpu_op, VCPUOP_down, 1);
}

/* A handler for int 0x80 that keeps the frame, and then does nothing more. */
static __attribute__((naked)) void entered(void)
{
    __asm__ volatile("mov %ss, %eax; mov %eax, %ds; mov %eax, %es\n"
                     "mov $user_frame_seen, %edi; mov %esp, %esi; mov $5, %ecx; rep movsl\n"
                     "movl $1, user_arrived\n"
                     "1: mov $29, %eax; xor %ebx, %ebx; xor %ecx, %ecx; int $0x82; jmp 1b");
}

static const uint8_t program[] = { 0xcd, 0x80 };

static long initialise(void)
{
    return CALL(vcpu_op, VCPUOP_initialise, 1, &context);
}

/* Each has one mistake. */
static void refused(void)
{
    unsigned long plain = (unsigned long)mfn_of(page_new());
    unsigned long table = (unsigned long)mfn_of((void *)start_info->pt_base);
    const struct {
        const char *name;
        unsigned long cr3, gdt_frame, gdt_entries, ldt, ldt_entries;
    } mistakes[] = {
        { "a plain page as root", cr3_of(plain), 0, 0, 0, 0 },
        { "no frame as root", ~0ul, 0, 0, 0, 0 },
        { "frame 0 as root", 0, 0, 0, 0, 0 },
        { "no frame as GDT", cr3_of(table), ~0ul, 512, 0, 0 },
        { "a page table as GDT", cr3_of(table), table, 512, 0, 0 },
        { "too long a GDT", cr3_of(table), plain, FIRST_RESERVED_GDT_ENTRY + 1, 0, 0 },
        { "a misplaced LDT", cr3_of(table), 0, 0, 0x1001, 1 },
        { "too long an LDT", cr3_of(table), 0, 0, 0, 8193 },
    };

    for (unsigned i = 0; i < COUNT(mistakes); i++) {
        vcpu_context(&context, other, 1);
        context.ctrlreg[3] = mistakes[i].cr3;
        context.gdt_frames[0] = mistakes[i].gdt_frame;
        context.gdt_ents = mistakes[i].gdt_entries;
        context.ldt_base = mistakes[i].ldt;
        context.ldt_ents = mistakes[i].ldt_entries;
        expect(initialise(), -XEN_EINVAL, "%s", mistakes[i].name);
        expect(CALL(vcpu_op, VCPUOP_up, 1), -XEN_EINVAL, "up after %s", mistakes[i].name);
    }
}

static void in_ring_1(unsigned vcpu)
{
    vcpu_context(&context, other, 0x77);
    context.user_regs.cs = FLAT_KERNEL_CS & ~3u;
    context.user_regs.ss = FLAT_KERNEL_SS & ~3u;
    context.user_regs.es = 0;
    context.user_regs.eflags = 0x3203;
    expect(CALL(vcpu_op, VCPUOP_initialise, vcpu, &context), 0, "initialise");
    expect(CALL(vcpu_op, VCPUOP_initialise, vcpu, &context), -XEN_EEXIST, "initialise again");
    expect(CALL(vcpu_op, VCPUOP_up, vcpu), 0, "up");
    expect_true(wait_for(&arrived), "it runs");
    expect_hex(seen.cs, FLAT_KERNEL_CS, "cs");
    expect_hex(seen.ss, FLAT_KERNEL_SS, "ss");
    expect_hex(seen.ds & ~3u, FLAT_KERNEL_DS & ~3u, "ds");
    expect_hex(seen.es, 0, "es");
    expect_hex(seen.flags & 0x3200, 0x200, "eflags");
    expect_hex(seen.argument, 0x77, "what is on its stack");
}

/* A program at once, without VGCF_in_kernel, on a stack where no kernel was. */
static void in_ring_3(unsigned vcpu)
{
    user_sees_kernel();
    vcpu_context(&context, NULL, 0);
    context.flags = 0;
    context.user_regs.cs = FLAT_USER_CS;
    context.user_regs.ss = FLAT_USER_SS;
    context.user_regs.ds = FLAT_USER_DS;
    context.user_regs.es = FLAT_USER_DS;
    context.user_regs.eip = (uint32_t)program;
    context.user_regs.esp = (uint32_t)user_stack_end;
    context.trap_ctxt[0x80].address = (unsigned long)entered;
    context.trap_ctxt[0x80].cs = FLAT_KERNEL_CS & ~3u;
    expect(CALL(vcpu_op, VCPUOP_initialise, vcpu, &context), 0, "initialise a program");
    expect(CALL(vcpu_op, VCPUOP_up, vcpu), 0, "up");
    expect_true(wait_for(&user_arrived), "its program has called");
    expect_hex(user_frame_seen[0], (uint32_t)program + 2, "the program's eip");
    expect_hex(user_frame_seen[1] & 0xffff, FLAT_USER_CS, "the program's cs");
    expect_hex(user_frame_seen[3], (uint32_t)user_stack_end, "the program's esp");
    expect_hex(user_frame_seen[4], FLAT_USER_SS, "the program's ss");
}

void test_main(void)
{
    shared_info->vcpu_info[1].evtchn_upcall_mask = 1;
    shared_info->vcpu_info[2].evtchn_upcall_mask = 1;
    refused();
    in_ring_1(1);
    in_ring_3(2);
}
