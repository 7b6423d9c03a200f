/* SPDX-License-Identifier: MIT */
/*
 * Calls for the pieces of CPU state that a kernel on bare hardware would set by privileged
 * instructions: the kernel's stack, CR0.TS, segment bases, debug registers, and the assists, which
 * switch such emulation on and off.
 *
 * All but vm_assist, which is of the domain, concern the calling vCPU only. Its registers are in
 * the CPU or in struct pv_vcpu; which, is known to pv/switch.c, so the handlers here go through
 * pv/.
 */
#include "core/descriptor.h"
#include "hypercall/hypercall.h"
#include "lib/atomic.h"
#include "pv/debugreg.h"
#include "x86/address.h"

/*
 * stack_switch(ss, sp): where a bounce frame goes when user mode is interrupted; what TSS.SS0 and
 * SP0 are on bare hardware. Always 0. Nothing is checked, but that ss is not of ring 0: a stack
 * that cannot be written shows when it is used, and ends the domain then (TRAP-3). Kernels make it
 * at each task switch, as a rule in one multicall with the next.
 */
long hc_stack_switch(struct hcall *h)
{
    struct pv_vcpu *pv = h->v->pv;

    pv->kernel_ss = selector_raise((uint16_t)h->arg[0], pv->width->kernel_ring);
    pv->kernel_sp = h->arg[1];
    return 0;
}

/* fpu_taskswitch(set): the guest's CR0.TS. While it is set, the first FPU instruction arrives at
 * the guest as exception 7, upon which it is cleared again, which on bare hardware the handler does
 * by clts. Always 0. */
long hc_fpu_taskswitch(struct hcall *h)
{
    pv_set_ts(h->v->pv, (int)h->arg[0] != 0);
    return 0;
}

/*
 * set_segment_base(which, base): FS, the kernel's GS, or user mode's GS; or, as the fourth kind,
 * loads user mode's GS from a selector. 0, or -EINVAL (DESC-11) for another kind or a base that is
 * not canonical. A selector is not refused: one that cannot be loaded becomes 0, as on Xen.
 */
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

/* vm_assist(command, type): enables or disables one, for the whole domain. 0; -EINVAL (CPU-6) for
 * an assist that does not exist, which is looked at first; -ENOSYS (HCALL-3) for another command.
 */
long hc_vm_assist(struct hcall *h)
{
    uint32_t command = (uint32_t)h->arg[0];
    uint32_t type = (uint32_t)h->arg[1];

    if (type >= 64 || !(h->v->pv->width->assists & BIT(type)))
        return refuse(h->v, RULE_CPU_6, "assist %u", type);
    switch (command) {
    case VMASST_CMD_enable: atomic_or(&h->v->domain->vm_assist, BIT(type)); return 0;
    case VMASST_CMD_disable: atomic_and(&h->v->domain->vm_assist, ~BIT(type)); return 0;
    default: return refuse(h->v, RULE_HCALL_3, "vm_assist %u", command);
    }
}

/* set_debugreg(number, value). 0, or the errno of DESC-8, -9, -10, -12: a guest must not trace the
 * hypervisor, so no breakpoint there, and no detection of accesses. */
long hc_set_debugreg(struct hcall *h)
{
    unsigned int reg = (unsigned int)h->arg[0];
    enum rule_id rule = pv_set_debug_register(h->v->pv, reg, h->arg[1]);

    if (rule != RULE_NONE)
        return refuse(h->v, rule, "DR%u, value %lx", reg, h->arg[1]);

    pv_load_debug(h->v->pv);
    return 0;
}

/* get_debugreg(number): the value is the result. Weak spot of the ABI: a value can look like an
 * errno; the registers that could are addresses, and those of a guest's breakpoints are its own. */
long hc_get_debugreg(struct hcall *h)
{
    unsigned int reg = (unsigned int)h->arg[0];
    uint64_t value;
    enum rule_id rule = pv_get_debug_register(h->v->pv, reg, &value);

    if (rule != RULE_NONE)
        return refuse(h->v, rule, "DR%u", reg);
    return (long)value;
}
