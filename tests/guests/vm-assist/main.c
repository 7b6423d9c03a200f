/* SPDX-License-Identifier: MIT */
/*
 * Claim: vm_assist takes the assists that a guest of the width has, and refuses the rest.
 * Rule: CPU-6, HCALL-3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

static long assist(unsigned command, unsigned type)
{
    return CALL(vm_assist, command, type);
}

void test_main(void)
{
    expect(assist(VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0, "writable_pagetables");
    expect(assist(VMASST_CMD_disable, VMASST_TYPE_writable_pagetables), 0, "and off");
    expect(assist(VMASST_CMD_enable, VMASST_TYPE_runstate_update_flag), 0, "runstate_update_flag");
    expect(assist(VMASST_CMD_enable, VMASST_TYPE_4gb_segments), 0,
           "4gb_segments, which does nothing at 64 bits");
    expect(assist(VMASST_CMD_enable, VMASST_TYPE_architectural_iopl), 0, "architectural_iopl");
    expect(assist(VMASST_CMD_disable, VMASST_TYPE_architectural_iopl), 0, "and off");
    for (unsigned type = 0; type < 70; type++) {
        bool exists = type <= VMASST_TYPE_runstate_update_flag ||
                      (type == VMASST_TYPE_m2p_strict && WORD_BITS == 64);

        expect(assist(VMASST_CMD_enable, type), exists ? 0 : -XEN_EINVAL, "enable type %u", type);
        expect(assist(VMASST_CMD_disable, type), exists ? 0 : -XEN_EINVAL, "disable type %u", type);
    }
    expect(assist(VMASST_CMD_enable, ~0u), -XEN_EINVAL, "type -1");
    expect(assist(2, VMASST_TYPE_writable_pagetables), -XEN_ENOSYS, "command 2");
}
