/* SPDX-License-Identifier: MIT */
/* A handler has to be canonical; the kernel comes back to itself by iret. */
#include "tests/guests/smp-double-fetch/fetch.h"

const unsigned long other_handler = NONCANONICAL_ADDRESS;

static struct frame landing;
static long landed;

struct multicall_entry mapping_call(const void *address, uint64_t entry)
{
    return (struct multicall_entry){ .op = __HYPERVISOR_update_va_mapping,
                                     .args = { (unsigned long)address, entry, UVMF_INVLPG } };
}

long handler_result(long result, unsigned vector)
{
    expect((long)vector, X_BP, "the handler");
    return result;
}

static void land(void)
{
    landed = 0;
    frame_leave();
}

static void crash(struct frame *frame)
{
    landed = (long)frame->vector;
    frame_leave();
}

static long iret(void)
{
    frame_enter(&landing);
    events_mask();
    return landed;
}

void flip_iret(void)
{
    trap_hook = crash;
    landing = (struct frame){ .ip = (unsigned long)land,
                              .cs = FLAT_KERNEL_CS & ~3ul,
                              .flags = 0x200,
                              .sp = (unsigned long)user_stack_end - 8,
                              .ss = FLAT_KERNEL_SS };
    flip("iret, cs", &landing.cs, landing.cs, XEN_CS, iret, 3000);
    flip("iret, ss", &landing.ss, landing.ss, XEN_DS, iret, 3000);
    flip("iret, rip", &landing.ip, landing.ip, NONCANONICAL_ADDRESS, iret, 3000);
    trap_hook = NULL;
}
