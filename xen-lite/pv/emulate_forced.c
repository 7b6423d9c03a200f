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
    uint64_t code = 0;
    int error;

    if (likely(rip % PAGE_SIZE != PAGE_SIZE - LENGTH))
        error = guest_copy_in_words(&code, GVA(rip), sizeof(code));
    else
        error = guest_copy_in(&code, GVA(rip), LENGTH);
    return error == 0 && (code & LENGTH_MASK) == PREFIXED_CPUID;
}

bool pv_emulate_forced(struct regs *regs)
{
    struct vcpu *v = current_vcpu();

    if (!is_prefixed_cpuid(regs->rip))
        return false;
    if (pv_do_cpuid(v, regs)) {
        pv_retire(v, regs, LENGTH);
        return true;
    }
    /* As if there were no prefix. */
    regs->rip += PREFIX_LENGTH;
    pv_inject(v, regs, VECTOR_GP, 0);
    return true;
}
