/* SPDX-License-Identifier: MIT */
/* All addresses are canonical, and one root serves kernel and programs: see ring1-vcpu-contexts. */
#include "tests/guests/vcpu-initialise/words.h"

unsigned bad_words_of_width(struct vcpu_guest_context *context, const struct bad_word **words)
{
    static struct bad_word all[5];
    const struct bad_word cases[] = {
        { "GDT of 7169 entries", &context->gdt_ents, 7169 },
        { "GDT without frames", &context->gdt_ents, 1 },
        { "LDT of 8193 entries", &context->ldt_ents, 8193 },
        { "page tables of nobody", &context->ctrlreg[3], cr3_of(0xfffffff) },
        { "page tables in no table", &context->ctrlreg[3], cr3_of(mfn_of(context)) },
    };

    memcpy(all, cases, sizeof(all));
    *words = all;
    return COUNT(all);
}

/* Neither makes the context bad. */
void odd_addresses(struct vcpu_guest_context *context)
{
    context->trap_ctxt[77].address = NONCANONICAL_ADDRESS;
    context->ldt_base = HYPERVISOR_ADDRESS;
}
