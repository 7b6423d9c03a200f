/* SPDX-License-Identifier: MIT */
/*
 * Claim: whatever registers, segments, flags and tables a vCPU is started with, it runs, is
 *     refused, or faults into its own kernel; the others go on.
 * Rule: invariants C4, D1, D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 32
 *
 * Random, "seed=N" on the command line makes other contexts.
 */
#include "tests/guests/support/support.h"
#include "tests/guests/vcpu-contexts/contexts.h"

#define STACK   512
#define TF_FLAG 0x100

static struct vcpu_guest_context context;
static char stacks[32][STACK] __attribute__((aligned(16)));
static uint64_t *descriptors;
static uint64_t state;

static uint64_t random(uint64_t limit)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (state >> 30) % limit;
}

/* Good ones of the hypervisor's, of the own table, of no table. */
static uint16_t selector(void)
{
    switch (random(4)) {
    case 0: return 0;
    case 1: return (uint16_t)(random(64) * 8 + random(8));
    case 2: return (uint16_t)(0xe000 + random(16) * 8 + random(8));
    default: return (uint16_t)random(65536);
    }
}

static void make_descriptors(void)
{
    descriptors = page_new();
    for (unsigned i = 1; i < 512; i++) {
        uint64_t type = 0x10 | random(16), flags = random(16) & descriptor_flags;

        descriptors[i] = 0x000060000000ffffull | type << 40 | (random(8) != 0) * (1ull << 47) |
                         0xfull << 48 | flags << 52;
    }
    set_writable(descriptors, false);
}

static void make_context(unsigned id)
{
    vcpu_context(&context, 0, 0);
    for (unsigned i = 0; i < COUNT(context.trap_ctxt); i++) {
        context.trap_ctxt[i].address = (unsigned long)park;
        context.trap_ctxt[i].cs = FLAT_KERNEL_CS;
    }
    context.event_callback_eip = (unsigned long)park;
    context.failsafe_callback_eip = (unsigned long)park;
    context.kernel_sp = (unsigned long)stacks[id] + STACK;
    context.user_regs.REG(sp) =
        random(4) ? context.kernel_sp : (unsigned long)(random(4) << (WORD_BITS - 2)) | 0x7fff0;
    context.user_regs.REG(ip) =
        random(8) ? (unsigned long)park : last_bytes + (unsigned long)random(15);
    context.user_regs.cs = random(2) ? FLAT_KERNEL_CS : selector();
    context.user_regs.ss = random(2) ? FLAT_KERNEL_SS : selector();
    context.user_regs.ds = selector();
    context.user_regs.es = selector();
    context.user_regs.fs = selector();
    context.user_regs.gs = selector();
    context.user_regs.REG(flags) =
        random(2) ? 0x200 : (unsigned long)state & ~(unsigned long)TF_FLAG;
    context.flags = (unsigned)random(64);
    context.ctrlreg[1] = random(2) ? context.ctrlreg[3] : 0;
    context.ctrlreg[4] = (unsigned long)state;
    context.gdt_frames[0] = (unsigned long)mfn_of(descriptors);
    context.gdt_ents = random(2) ? 512 : 0;
    context.ldt_base = random(2) ? (unsigned long)descriptors : 0;
    context.ldt_ents = (unsigned long)random(600);
    finish_context(&context);
}

static void nap(void)
{
    struct sched_poll poll = { .timeout = system_time() + 2000000 };

    CALL(sched_op, SCHEDOP_poll, &poll);
}

void test_main(void)
{
    const char *seed = strlen((const char *)start_info->cmd_line) > 5
                           ? (const char *)start_info->cmd_line + 5
                           : "1";
    unsigned started = 0;

    for (; *seed; seed++)
        state = state * 10 + (uint64_t)(*seed - '0');
    user_sees_kernel();
    make_descriptors();
    for (unsigned id = 1; id < 32 && CALL(vcpu_op, VCPUOP_is_up, id) == 0; id++) {
        make_context(id);
        if (CALL(vcpu_op, VCPUOP_initialise, id, &context) != 0)
            continue;
        expect(CALL(vcpu_op, VCPUOP_up, id), 0, "vCPU %u up", id);
        started++;
        nap();
    }
    for (unsigned id = 1; id < 32; id++)
        CALL(vcpu_op, VCPUOP_send_nmi, id, 0);
    for (unsigned i = 0; i < 20; i++)
        nap();
    print("%u vCPUs were started\n", started);
    expect_true(started > 4, "some were");
}
