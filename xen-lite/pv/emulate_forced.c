/* SPDX-License-Identifier: MIT */
/*
 * The forced-emulation prefix: UD2 followed by the letters "xen", then an instruction that the CPU
 * would run by itself without telling the hypervisor. A guest that writes it before CPUID gets the
 * answer that is meant for it.
 */
#include "lib/string.h"
#include "lib/types.h"
#include "domain/sched.h"
#include "pv/emulate.h"
#include "x86/guest_copy.h"

static const uint8_t prefixed_cpuid[] = { 0x0f, 0x0b, 'x', 'e', 'n', 0x0f, 0xa2 };

bool pv_emulate_forced(struct regs *regs)
{
    uint8_t code[sizeof(prefixed_cpuid)];
    struct cpuid r;

    if (guest_copy_in(code, GVA(regs->rip), sizeof(code)) != 0 ||
        memcmp(code, prefixed_cpuid, sizeof(code)) != 0)
        return false;
    r = pv_cpuid((uint32_t)regs->rax, (uint32_t)regs->rcx);
    regs->rax = r.eax;
    regs->rbx = r.ebx;
    regs->rcx = r.ecx;
    regs->rdx = r.edx;
    pv_retire(current_vcpu(), regs, sizeof(code));
    return true;
}
