/* SPDX-License-Identifier: MIT */
/*
 * Random numbers, and the values that calls are made of. Which value is chosen depends on the seed
 * alone, never on what the machine or the hypervisor answered: so all hypervisors get the same
 * calls, and a block of them can be made again by itself.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

/* One block in so many is wild. */
#define WILD_BLOCKS 16

/* That storm beside each other: theirs are the numbers from 1 on. */
#define MOST_DOMAINS 3

static struct {
    uint64_t state;
    uint32_t quick; /* of quick_step() */
    bool wild;
} source[VCPUS];

/* The steps of splitmix64: neighbouring seeds and blocks have nothing in common. */
static uint64_t step(void)
{
    uint64_t z = source[this_vcpu()].state += 0x9e3779b97f4a7c15ul;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ul;
    z = (z ^ z >> 27) * 0x94d049bb133111ebul;
    return z ^ z >> 31;
}

/* In a mass one of 32 bits is good enough; but its upper bits must not follow from those before, or
 * what a family makes depends on what chose the family. So it is a counter, well mixed. */
static uint32_t quick_step(void)
{
    uint32_t z = source[this_vcpu()].quick += 0x9e3779b9u;

    z = (z ^ z >> 16) * 0x21f0aaadu;
    z = (z ^ z >> 15) * 0x735a2d97u;
    return z ^ z >> 15;
}

void random_seed(uint64_t seed, uint64_t block)
{
    unsigned me = this_vcpu();

    source[me].state = seed;
    source[me].state = step() + block;
    source[me].state = step();
    source[me].quick = (uint32_t)source[me].state;
    source[me].wild = block % WILD_BLOCKS == WILD_BLOCKS - 1;
}

uint64_t below(uint64_t limit)
{
    if (in_mass() && limit >> 32 == 0)
        return quick_step() * limit >> 32;
    return step() % limit;
}

bool once_in(uint64_t times)
{
    return below(times) == 0;
}

uint64_t edge(void)
{
    static const uint64_t edges[] = {
        0,          1,          2,          0xfff,      0x1000,    0x7fff,
        0xffff,     0x10000,    0x7fffffff, 1ull << 31, ~0u,       1ull << 32,
        1ull << 47, 1ull << 52, ~0ull >> 1, 1ull << 63, ~0ull - 1, ~0ull,
    };

    return edges[below(COUNT(edges))];
}

uint64_t or_edge(uint64_t number)
{
    uint64_t other = edge();

    return once_in(16) ? other : number;
}

/* 0 is the caller itself on the real Xen and nobody on xen-lite, and 1 the other way round; so the
 * caller is DOMID_SELF or what its own number is, and nobody has a number further up. */
uint64_t domain(struct call *call)
{
    static const uint16_t ids[] = { 5,          0x7000,    DOMID_IO,
                                    DOMID_XEN,  DOMID_COW, DOMID_INVALID,
                                    DOMID_IDLE, 0x8000,    0xffff };
    uint64_t own = is_initial_domain() ? 0 : 1, id;

    if (in_storm() && once_in(8))
        return below(MOST_DOMAINS + 1);
    if (!once_in(8)) {
        if (!once_in(8))
            return DOMID_SELF;
        call->has_own_id = true;
        return own;
    }
    id = ids[below(COUNT(ids))];
    if (!source[this_vcpu()].wild && (id == DOMID_IO || id == DOMID_XEN))
        id = DOMID_INVALID;
    /* Of a range that is refused nothing is left behind. */
    if ((id == DOMID_IO || id == DOMID_XEN) && call->expected != WHOLE_RANGE)
        call->expected = FOREIGN;
    return id;
}

/* Frames that are nobody's, the first of them devices' on most machines. */
static uint64_t strange_frame(void)
{
    static const uint64_t frames[] = { 0,          1,          0xa0,       0xfee00,
                                       1ull << 32, 1ull << 40, 1ull << 52, ~0ull };

    return frames[below(COUNT(frames))];
}

uint64_t frame(void)
{
    unsigned which = (unsigned)below(20);

    if (which < OTHER_FRAMES)
        return other_frame(which);
    return which == OTHER_FRAMES ? strange_frame() : toy_frame((unsigned)below(TOYS));
}

/* What a privileged domain may do with entries depends on frame and cache attributes. */
static uint64_t expect_by_entry(struct call *call, uint64_t value)
{
    const uint64_t cache_bits = 1ul << 3 | 1ul << 4 | PTE_PSE;
    int name = frame_name((value & PTE_FRAME) / PAGE_SIZE);
    bool is_strange = name < 0;

    if (name >= 0 && name < TOYS)
        toy_name((unsigned)name);
    if (!(value & PTE_PRESENT))
        return value;
    if (!source[this_vcpu()].wild && is_strange)
        value = (value & ~PTE_FRAME) | other_frame(FRAME_HYPERVISOR) * PAGE_SIZE;
    if (!source[this_vcpu()].wild)
        return value & ~cache_bits;
    if (is_strange)
        call->expected = DEVICE_MEMORY;
    else if (value & cache_bits)
        call->expected = CACHE_ATTRIBUTES;
    return value;
}

uint64_t entry(struct call *call)
{
    uint64_t bits = below(2) ? PTE_RO : PTE_RW, kind = below(16),
             value = frame() * PAGE_SIZE | bits;

    if (kind == 0)
        value = 0;
    else if (kind == 1) /* but not to a frame that is next to this one on one machine only */
        value ^= 1ull << (below(40) + 36) % 64;
    else if (kind == 2)
        value = (value & PTE_FRAME) | below(PAGE_SIZE);
    else if (kind == 3)
        value &= ~PTE_PRESENT;
    return expect_by_entry(call, value);
}

uint64_t bad_address(void)
{
    return bad_addresses[below(BAD_ADDRESSES)];
}

uint64_t address(void)
{
    uint64_t bad = bad_address(), good = (unsigned long)toys[below(TOYS)];

    switch (below(4)) {
    case 0: return bad;
    case 1: return good + PAGE_SIZE - below(16);
    default: return good + below(PAGE_SIZE / 8) * 8;
    }
}

/* A copy of the arguments of which so many bytes are missing, or none and so many are left behind
 * it on the page. */
static unsigned long place_at_cliff(const struct call *call, unsigned size, unsigned missing,
                                    unsigned left)
{
    char *copy = (char *)call->slot->nothing - size + missing - left;

    memcpy(copy, call->area, size - missing);
    return (unsigned long)copy;
}

unsigned long read_only_area(const struct call *call)
{
    return (unsigned long)call->area + offsetof(struct slot, read_only);
}

uint64_t handler(void)
{
    uint64_t bad = bad_address();

    return below(2) ? (unsigned long)event_entry : bad;
}

uint64_t failsafe_handler(void)
{
    uint64_t some = handler();

    return in_storm() ? (unsigned long)failsafe_entry : some;
}

/* The caller's own number should not share a 32-bit word with what is written. */
static unsigned long choose_place(const struct call *call, unsigned size)
{
    unsigned few = 1 + (unsigned)below(7);
    unsigned long bad = (unsigned long)bad_address();
    bool has_own_id = call->has_own_id;

    switch (below(32)) {
    case 0: return bad;
    case 1: return read_only_area(call);
    case 2: return place_at_cliff(call, size, 0, 0);
    case 3: return place_at_cliff(call, size, few < 4 && !has_own_id ? few : few * 4 % size, 0);
    case 4: return place_at_cliff(call, size, 0, has_own_id ? few * 4 : few);
    default: return (unsigned long)call->area;
    }
}

uint64_t place(struct call *call, unsigned words)
{
    call->used = words;
    call->at = choose_place(call, words * sizeof(long));
    if (crosses_end(call->at))
        call->expected = WHOLE_RANGE;
    return call->at;
}

void set_call(struct call *call, unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    call->e = (struct multicall_entry){
        .op = number,
        .args = { (unsigned long)a, (unsigned long)b, (unsigned long)c, (unsigned long)d },
    };
}

unsigned put_wide(struct call *call, unsigned argument, uint64_t value)
{
    for (unsigned bits = 0; bits < 64; bits += WORD_BITS)
        call->e.args[argument++] = (unsigned long)(value >> bits);
    return argument;
}
