/* SPDX-License-Identifier: MIT */
/* What only 64-bit guests have: page tables of four levels, addresses that are not canonical. */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

/* Of the lower half: what begins here does not end there. */
#define LAST_ADDRESS 0x00007ffffffffff8

const struct plan plan[TOYS] = {
    { WRITABLE, false, 0 },    { WRITABLE, false, 0 },  { WRITABLE, false, 0 },
    { READ_ONLY, false, 0 },   { READ_ONLY, false, 0 }, { UNMAPPED, false, 0 },
    { UNMAPPED, false, 0 },    { UNMAPPED, false, 0 },  { L1, true, 3 },
    { L1, false, 4 },          { L1, false, 3 },        { L2, true, 8 },
    { L2, false, 10 },         { L3, true, 11 },        { L3, false, 12 },
    { L4, true, 13 },          { L4, false, 14 },       { DESCRIPTORS, false, 0 },
    { DESCRIPTORS, false, 0 }, { EMPTY, false, 0 },     { EMPTY, false, 0 },
    { EMPTY, false, 0 },       { UNMAPPED, false, 0 },  { UNMAPPED, false, 0 },
};

const uint64_t bad_addresses[BAD_ADDRESSES] = {
    0,
    8,
    UNMAPPED_ADDRESS,
    HYPERVISOR_ADDRESS,
    HYPERVISOR_VIRT_START - 8,
    HYPERVISOR_VIRT_END - 8,
    NONCANONICAL_ADDRESS,
    LAST_ADDRESS,
    0x0000800000000000,
    0xffff7fffffffffff,
    MACH2PHYS_VIRT_START + 16,
    MACH2PHYS_VIRT_END - 4,
    ~0ul - 7,
    ~0ul,
};

uint64_t refused_handler(void)
{
    return NONCANONICAL_ADDRESS;
}

bool crosses_end(uint64_t address)
{
    return address == LAST_ADDRESS || address >= ~7ul;
}

const unsigned exchange_most = ~0u;

/* Nothing. */
void expect_by_width(struct call *call)
{
    (void)call;
}

uint64_t agreed_descriptor(uint64_t value)
{
    return value;
}

uint64_t agreed_l3(uint64_t mfn)
{
    return mfn;
}

uint64_t agreed_ldt(uint64_t address)
{
    return address;
}

uint64_t comparable(unsigned toy, unsigned index, uint64_t word)
{
    (void)toy;
    (void)index;
    return word;
}

void forget_roots(void)
{
}

/* Nothing: a root may be empty. */
void fill_kernel_part(unsigned toy, uint64_t *words)
{
    (void)toy;
    (void)words;
}

void set_address(struct callback_register *callback, uint64_t address)
{
    callback->address = address;
}

void make_set_callbacks(struct call *call)
{
    set_call(call, __HYPERVISOR_set_callbacks, handler(), failsafe_handler(), handler(), 0);
}
