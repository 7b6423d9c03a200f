/* SPDX-License-Identifier: MIT */
/*
 * All handlers are good: one or the other is in place. By iret the kernel goes to a program, whose
 * frame is taken where it lies. Selectors of ring 0 would end the domain at once.
 */
#include "tests/guests/smp-double-fetch/fetch.h"

const unsigned long other_handler = (unsigned long)vector_stubs + X_OF * VECTOR_STUB_SIZE;

static struct frame landing;

struct multicall_entry mapping_call(const void *address, uint64_t entry)
{
    return (struct multicall_entry){ .op = __HYPERVISOR_update_va_mapping,
                                     .args = { (unsigned long)address, (unsigned long)entry,
                                               (unsigned long)(entry >> 32), UVMF_INVLPG } };
}

long handler_result(long result, unsigned vector)
{
    expect(result, 0, "set_trap_table");
    expect_true(vector == X_BP || vector == X_OF, "one of the handlers (%u)", vector);
    return vector == X_BP ? 0 : 1;
}

static void land(void)
{
    __asm__ volatile(USER_CALL ::: USER_CALL_CLOBBERS);
}

static void crash(struct frame *frame)
{
    failure("exception %lu by an iret to a program", frame->vector);
}

static long iret(void)
{
    fault.happened = false;
    frame_enter(&landing);
    events_mask();
    return fault.happened && fault.vector == VECTOR_SYSCALL ? 0 : 1;
}

void flip_iret(void)
{
    user_sees_kernel();
    trap_hook = crash;
    landing = code_frame((const void *)land, true);
    flip("iret, cs", &landing.cs, landing.cs, XEN_CS | 3, iret, 3000);
    flip("iret, ss", &landing.ss, landing.ss, XEN_DS | 3, iret, 3000);
    flip("iret, eip", &landing.ip, landing.ip, NONCANONICAL_ADDRESS, iret, 3000);
    trap_hook = NULL;
}
