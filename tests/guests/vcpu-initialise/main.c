/* SPDX-License-Identifier: MIT */
/*
 * Claim: VCPUOP_initialise refuses a context with a bad address, table or descriptor table and
 *     leaves the vCPU as it was, so that a good one is taken afterwards; once. Its selectors become
 *     such of the kernel's ring, and its FPU image is loaded if it says that it has one. The
 * structure is read before anything else is looked at.
 * Rule: VCPU-2, VCPU-3, TRAP-1, DESC-1, DESC-3, HCALL-2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --vcpus 2
 */
#include "tests/guests/support/support.h"
#include "tests/guests/vcpu-initialise/words.h"

#define CONTROL_WORD  0x027f /* no exceptions, double precision: not what there is at first */
#define MXCSR_DEFAULT 0x1f80

static struct vcpu_guest_context context;
static volatile unsigned runs;
static unsigned its_cs, its_ss;
static uint16_t its_control_word;

static void second(unsigned long argument)
{
    (void)argument;
    its_cs = READ_SEGMENT(cs);
    its_ss = READ_SEGMENT(ss);
    __asm__ volatile("fnstcw %0" : "=m"(its_control_word));
    runs = 1;
    for (;;)
        CALL(sched_op, SCHEDOP_yield);
}

static long initialise(unsigned vcpu)
{
    return CALL(vcpu_op, VCPUOP_initialise, vcpu, &context);
}

/* Each of these words alone makes the context bad. */
static void bad_words(void)
{
    const struct bad_word *cases;
    unsigned count = bad_words_of_width(&context, &cases);

    for (unsigned i = 0; i < count; i++) {
        unsigned long good = *cases[i].word;

        *cases[i].word = cases[i].value;
        expect(initialise(1), -XEN_EINVAL, "%s", cases[i].name);
        *cases[i].word = good;
        expect(CALL(vcpu_op, VCPUOP_up, 1), -XEN_EINVAL, "%s: up", cases[i].name);
    }
}

void test_main(void)
{
    uint16_t *image = (uint16_t *)(void *)&context.fpu_ctxt;

    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 0, "down at the start");
    expect(CALL(vcpu_op, VCPUOP_down, 1), 0, "down once more");
    expect(initialise(2), -XEN_ENOENT, "a vCPU that is not there");
    expect(initialise(0), -XEN_EEXIST, "this vCPU");
    expect(CALL(vcpu_op, VCPUOP_initialise, 0, UNMAPPED_ADDRESS), -XEN_EFAULT, "... from nowhere");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, UNMAPPED_ADDRESS), -XEN_EFAULT, "from nowhere");

    vcpu_context(&context, second, 0);
    bad_words();
    odd_addresses(&context);

    context.user_regs.cs &= ~3u;
    context.user_regs.ss &= ~3u;
    context.flags |= VGCF_i387_valid;
    image[0] = CONTROL_WORD;
    image[12] = MXCSR_DEFAULT;
    expect(initialise(1), 0, "a good context");
    expect(initialise(1), -XEN_EEXIST, "again");
    expect(CALL(vcpu_op, VCPUOP_initialise, 1, UNMAPPED_ADDRESS), -XEN_EFAULT,
           "again, from nowhere");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 0, "initialised is not up");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 1, "it is up");
    expect(CALL(vcpu_op, VCPUOP_up, 1), 0, "up once more");
    expect_true(wait_for(&runs), "it runs");
    expect_hex(its_cs, FLAT_KERNEL_CS | KERNEL_RING, "cs");
    expect_hex(its_ss, FLAT_KERNEL_SS | KERNEL_RING, "ss");
    expect_hex(its_control_word, CONTROL_WORD, "the x87 control word");
    expect(CALL(vcpu_op, VCPUOP_down, 1), 0, "down");
    expect(CALL(vcpu_op, VCPUOP_is_up, 1), 0, "it is down at once");
}
