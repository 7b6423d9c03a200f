/* SPDX-License-Identifier: MIT */
/*
 * The forced-emulation prefix: UD2 followed by the letters "xen", then an instruction that the CPU
 * would run by itself without telling the hypervisor. A guest that writes it before CPUID gets the
 * answer that is meant for it.
 */
#include "domain/sched.h"
#include "lib/types.h"
#include "pv/emulate.h"
#include "x86/guest_copy.h"
#include "x86/vector.h"

/* The seven bytes of ud2; "xen"; cpuid as a little-endian number. */
#define PREFIXED_CPUID 0x00a20f6e65780b0fUL
#define PREFIX_LENGTH  5
#define LENGTH         7
#define LENGTH_MASK    0x00ffffffffffffffUL

/* Eight bytes are one word and quickly read; but the eighth may be where nothing is mapped. */
static bool is_prefixed_cpuid(uint64_t rip)
{
    unsigned int faults = 0;
    uint64_t code = 0;

    if (unlikely(rip % PAGE_SIZE == PAGE_SIZE - LENGTH))
        return guest_copy_in(&code, GVA(rip), LENGTH) == 0 && code == PREFIXED_CPUID;
    if (unlikely(!guest_start_ok(GVA(rip))))
        return false;
    stac();
    code = guest_get_word(rip, &faults);
    clac();
    return (code & LENGTH_MASK) == PREFIXED_CPUID;
}

static NOINLINE void emulate_cpuid(struct vcpu *v, struct regs *regs)
{
    if (pv_do_cpuid(v, regs)) {
        pv_retire(v, regs, LENGTH);
        return;
    }
    /* As if there were no prefix. */
    regs->rip += PREFIX_LENGTH;
    pv_inject(v, regs, VECTOR_GP, 0);
}

void pv_invalid_opcode(struct vcpu *v, struct regs *regs)
{
    if (is_prefixed_cpuid(regs->rip))
        emulate_cpuid(v, regs);
    else
        pv_inject(v, regs, VECTOR_UD, 0);
}
