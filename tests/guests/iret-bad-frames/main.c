/* SPDX-License-Identifier: MIT */
/*
 * Claim: an iret hypercall whose frame the processor cannot load comes back to the guest's kernel
 *     as a general protection fault at the frame's address, in the mode that the frame asked for;
 *     it never gets the guest a ring that is not its own.
 * Rule: invariants D1
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Widths: pv64, because other frames are bad at 32 bits: ring1-iret-targets
 */
#include "tests/guests/support/support.h"

#define XEN_CS 0xe008 /* the hypervisor's own code segment */
#define XEN_DS 0xe010
#define EDGE   0x0000800000000000ul

static void land(void)
{
    __asm__ volatile("ud2");
}

static const struct {
    const char *name;
    unsigned long cs, ss, ip; /* ip 0: a good one */
    unsigned long code;
} frames[] = {
    { "rip not canonical", FLAT_USER_CS, FLAT_USER_SS, NONCANONICAL_ADDRESS, 0 },
    { "rip behind the lower half", FLAT_USER_CS, FLAT_USER_SS, EDGE, 0 },
    { "kernel rip not canonical", FLAT_KERNEL_CS & ~3ul, FLAT_KERNEL_SS, NONCANONICAL_ADDRESS, 0 },
    { "null cs", 0, FLAT_USER_SS, 0, 0 },
    { "null cs with privilege 3", 3, FLAT_USER_SS, 0, 0 },
    { "data segment as cs", FLAT_USER_SS, FLAT_USER_SS, 0, FLAT_USER_SS & ~3ul },
    { "hypervisor's cs", XEN_CS, FLAT_USER_SS, 0, XEN_CS },
    { "hypervisor's cs with privilege 3", XEN_CS | 3, FLAT_USER_SS, 0, XEN_CS },
    { "cs beyond the table", 0xfffb, FLAT_USER_SS, 0, 0xfff8 },
    { "cs in a table that is not there", 0x7, FLAT_USER_SS, 0, 0x4 },
    { "hypervisor's ss", FLAT_USER_CS, XEN_DS, 0, XEN_DS },
    { "hypervisor's ss with privilege 3", FLAT_USER_CS, XEN_DS | 3, 0, XEN_DS },
    { "null ss", FLAT_USER_CS, 0, 0, 0 },
    { "code segment as ss", FLAT_USER_CS, FLAT_USER_CS, 0, FLAT_USER_CS & ~3ul },
};

static struct frame seen;

/* The fault of a frame that asked for kernel mode. */
static void keep(struct frame *frame)
{
    seen = *frame;
    frame_leave();
}

static void go(unsigned i)
{
    struct frame frame = {
        .ip = frames[i].ip ? frames[i].ip : (unsigned long)land,
        .cs = frames[i].cs,
        .flags = 0x200,
        .sp = (unsigned long)user_stack_end,
        .ss = frames[i].ss,
    };
    bool user = (frame.cs & 3) == 3;

    fault.vector = ~0u;
    seen.vector = ~0ul;
    frame_enter(&frame);
    events_mask();
    expect(user ? fault.vector : (long)seen.vector, X_GP, "%s: vector", frames[i].name);
    expect_hex(user ? fault.code : seen.error, frames[i].code, "%s: code", frames[i].name);
    expect_hex(user ? fault.pc : seen.ip, frame.ip, "%s: rip", frames[i].name);
}

void test_main(void)
{
    if (mmuext(MMUEXT_NEW_USER_BASEPTR, mfn_of((void *)start_info->pt_base)) != 0)
        error("no tables for user mode");
    trap_hook = keep;
    for (unsigned i = 0; i < COUNT(frames); i++)
        go(i);
}
