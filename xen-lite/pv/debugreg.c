/* SPDX-License-Identifier: MIT */
/*
 * Debug registers of a PV guest: the same rules for the hypercalls and for MOV to a debug register.
 *
 * A breakpoint must not watch the hypervisor's memory, where it would strike in ring 0. One that
 * watches I/O ports would be of no use to a guest that owns none; it is refused, as on Xen without
 * CR4.DE.
 */
#include "pv/debugreg.h"

#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/layout.h"

/* Bits of DR7: the enables take the lower half, type and length of each breakpoint the upper. */
#define DR7_RESERVED       0xd800UL
#define DR7_GENERAL_DETECT 0x2000UL
#define DR7_TYPE_IO        2
#define DR6_WRITABLE       0xffffefffUL

static bool dr7_is_allowed(uint64_t value)
{
    if (value & DR7_GENERAL_DETECT)
        return false;
    for (unsigned int n = 0; n < 4; n++) {
        bool on = (value >> (2 * n) & 3) != 0;

        if (on && (value >> (16 + 4 * n) & 3) == DR7_TYPE_IO)
            return false;
    }
    return true;
}

/* DR4 and DR5 are other names of DR6 and DR7. */
static unsigned int real_number(unsigned int number)
{
    return number == 4 || number == 5 ? number + 2 : number;
}

enum rule_id pv_set_debug_register(struct pv_vcpu *pv, unsigned int number, uint64_t value)
{
    if (number > 7)
        return RULE_DESC_8;
    if (number > 3 && value >> 32)
        return RULE_DESC_12;

    number = real_number(number);
    if (number == 6)
        value = (value & DR6_WRITABLE) | DR6_DEFAULT;
    else if (number == 7 && !dr7_is_allowed(value))
        return RULE_DESC_10;
    else if (number == 7)
        value = (value & ~DR7_RESERVED) | DR7_FIXED;
    else if (!address_is_canonical(value) || (value >= HV_VIRT_START && value < HV_VIRT_END))
        return RULE_DESC_9;
    pv->dr[number] = value;
    pv_load_debug(pv);
    return RULE_NONE;
}

enum rule_id pv_get_debug_register(const struct pv_vcpu *pv, unsigned int number, uint64_t *value)
{
    if (number > 7)
        return RULE_DESC_8;
    *value = pv->dr[real_number(number)];
    return RULE_NONE;
}
