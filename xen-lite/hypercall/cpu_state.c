/* SPDX-License-Identifier: MIT */
/*
 * Calls for the pieces of CPU state that a kernel on bare hardware would set by privileged
 * instructions: the kernel's stack, CR0.TS, segment bases, debug registers, and the assists, which
 * switch such emulation on and off.
 */
#include "hypercall/hypercall.h"
#include "lib/atomic.h"
#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/layout.h"

/* Nothing is checked: a stack that cannot be written shows when it is used, and ends the domain
 * then. */
long hc_stack_switch(struct hcall *h)
{
    h->v->pv->kernel_ss = (uint16_t)h->arg[0];
    h->v->pv->kernel_sp = h->arg[1];
    return 0;
}

long hc_fpu_taskswitch(struct hcall *h)
{
    pv_set_ts(h->v->pv, (int)h->arg[0] != 0);
    return 0;
}

long hc_set_segment_base(struct hcall *h)
{
    unsigned int which = (unsigned int)h->arg[0];
    uint64_t base = h->arg[1];

    if (which == SEGBASE_GS_USER_SEL) {
        pv_load_user_gs((uint16_t)base);
        return 0;
    }
    if (which > SEGBASE_GS_USER_SEL || !address_is_canonical(base))
        return refuse(h->v, RULE_DESC_11, "base %u, address %lx", which, base);
    pv_set_segment_base(h->v->pv, which, base);
    return 0;
}

#define ASSISTS_64                                                                 \
    (BIT(VMASST_TYPE_4gb_segments) | BIT(VMASST_TYPE_4gb_segments_notify) |        \
     BIT(VMASST_TYPE_writable_pagetables) | BIT(VMASST_TYPE_pae_extended_cr3) |    \
     BIT(VMASST_TYPE_architectural_iopl) | BIT(VMASST_TYPE_runstate_update_flag) | \
     BIT(VMASST_TYPE_m2p_strict))

long hc_vm_assist(struct hcall *h)
{
    uint32_t command = (uint32_t)h->arg[0];
    uint32_t type = (uint32_t)h->arg[1];

    if (type >= 64 || !(ASSISTS_64 & BIT(type)))
        return refuse(h->v, RULE_CPU_6, "assist %u", type);
    switch (command) {
    case VMASST_CMD_enable: atomic_or(&h->v->domain->vm_assist, BIT(type)); return 0;
    case VMASST_CMD_disable: atomic_and(&h->v->domain->vm_assist, ~BIT(type)); return 0;
    default: return refuse(h->v, RULE_HCALL_3, "vm_assist %u", command);
    }
}

/*
 * The bits of DR7 that a guest may set: enables, and type and length of each breakpoint. A
 * breakpoint that is on must not watch I/O: that needs CR4.DE.
 */
#define DR7_RESERVED       0xd800UL
#define DR7_GENERAL_DETECT 0x2000UL
#define DR7_TYPE_IO        2

static bool dr7_is_allowed(uint64_t value)
{
    if (value >> 32 || value & DR7_GENERAL_DETECT)
        return false;
    for (unsigned int n = 0; n < 4; n++) {
        bool on = (value >> (2 * n) & 3) != 0;

        if (on && (value >> (16 + 4 * n) & 3) == DR7_TYPE_IO)
            return false;
    }
    return true;
}

long hc_set_debugreg(struct hcall *h)
{
    struct pv_vcpu *pv = h->v->pv;
    unsigned int reg = (unsigned int)h->arg[0];
    uint64_t value = h->arg[1];

    switch (reg) {
    case 0 ... 3:
        if (value >= HV_VIRT_START && value < HV_VIRT_END)
            return refuse(h->v, RULE_DESC_9, "DR%u, address %lx", reg, value);
        pv->dr[reg] = value;
        break;
    case 4:
    case 6: pv->dr[6] = (value & 0xffffefffUL) | DR6_DEFAULT; break;
    case 5:
    case 7:
        if (!dr7_is_allowed(value))
            return refuse(h->v, RULE_DESC_10, "DR7, value %lx", value);
        pv->dr[7] = (value & ~DR7_RESERVED) | DR7_FIXED;
        break;
    default: return refuse(h->v, RULE_DESC_8, "DR%u", reg);
    }
    pv_load_debug(pv);
    return 0;
}

long hc_get_debugreg(struct hcall *h)
{
    unsigned int reg = (unsigned int)h->arg[0];

    if (reg > 7)
        return refuse(h->v, RULE_DESC_8, "DR%u", reg);
    if (reg == 4 || reg == 5)
        reg += 2;
    return (long)h->v->pv->dr[reg];
}
