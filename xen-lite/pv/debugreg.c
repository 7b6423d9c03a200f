/* SPDX-License-Identifier: MIT */
/*
 * Debug registers of a PV guest: the same rules for the hypercalls and for MOV to a debug register.
 *
 * A breakpoint must not watch the hypervisor's memory, where it would strike in ring 0. One that
 * watches I/O ports needs CR4.DE, as on bare hardware, and is not given to the CPU, which would
 * never meet it: a guest's port accesses are emulated (emulate_io.c), and so are these breakpoints.
 * As on Xen, once any breakpoint is enabled DE is needed for the type alone, of whichever.
 */
#include "pv/debugreg.h"

#include "x86/address.h"
#include "x86/cpu_bits.h"
#include "x86/layout.h"

/* Bits of DR7: the enables take the lower half, type and length of each breakpoint the upper. */
#define DR7_RESERVED       0xd800UL
#define DR7_GENERAL_DETECT 0x2000UL
#define DR7_TYPE_IO        2
#define DR7_ENABLES        0xffUL
#define DR6_WRITABLE       0xffffefffUL
#define BREAKPOINTS        4

/* The two enable bits of breakpoint n in DR7. */
static uint64_t enables(unsigned int n)
{
    return 3UL << (2 * n);
}

/* The places of the enable bits of those breakpoints whose type is ports. */
static uint64_t port_enables(uint64_t dr7)
{
    uint64_t found = 0;

    for (unsigned int n = 0; n < BREAKPOINTS; n++)
        if ((dr7 >> (16 + 4 * n) & 3) == DR7_TYPE_IO)
            found |= enables(n);
    return found;
}

/* DR4 and DR5 are other names of DR6 and DR7. */
static unsigned int real_number(unsigned int number)
{
    return number == 4 || number == 5 ? number + 2 : number;
}

static enum rule_id set_control(struct pv_vcpu *pv, uint64_t value)
{
    uint64_t ports = port_enables(value);
    bool needs_de = ports != 0 && (value & DR7_ENABLES);

    if ((value & DR7_GENERAL_DETECT) || (needs_de && !(pv->cr4 & CR4_DE)))
        return RULE_DESC_10;
    pv->dr[7] = (value & ~(DR7_RESERVED | ports)) | DR7_FIXED;
    pv->dr7_ports = value & ports;
    return RULE_NONE;
}

enum rule_id pv_set_debug_register(struct pv_vcpu *pv, unsigned int number, uint64_t value)
{
    if (number > 7)
        return RULE_DESC_8;
    if (number > 3 && value >> 32)
        return RULE_DESC_12;

    number = real_number(number);
    if (number == 7)
        return set_control(pv, value);
    if (number == 6)
        value = (value & DR6_WRITABLE) | DR6_DEFAULT;
    else if (!address_is_canonical(value) || (value >= HV_VIRT_START && value < HV_VIRT_END))
        return RULE_DESC_9;
    pv->dr[number] = value;
    return RULE_NONE;
}

enum rule_id pv_get_debug_register(const struct pv_vcpu *pv, unsigned int number, uint64_t *value)
{
    if (number > 7)
        return RULE_DESC_8;
    number = real_number(number);
    *value = pv->dr[number];
    if (number == 7)
        *value |= pv->dr7_ports;
    return RULE_NONE;
}

unsigned int pv_port_breakpoints(const struct pv_vcpu *pv, unsigned int port, unsigned int size)
{
    /* What the two bits of length in DR7 mean. */
    static const uint8_t lengths[4] = { 1, 2, 8, 4 };
    unsigned int hits = 0;

    for (unsigned int n = 0; n < BREAKPOINTS; n++) {
        unsigned int length = lengths[pv->dr[7] >> (18 + 4 * n) & 3];
        uint64_t start = pv->dr[n] & -(uint64_t)length;

        if ((pv->dr7_ports & enables(n)) && start < port + size && port < start + length)
            hits |= 1u << n;
    }
    return hits;
}

void pv_note_debug(struct pv_vcpu *pv, uint64_t dr6)
{
    /* Some bits of DR6 say what happened by being 0. */
    pv->dr[6] |= dr6 & ~(uint64_t)DR6_DEFAULT;
    pv->dr[6] &= dr6 | ~(uint64_t)DR6_DEFAULT;
}
