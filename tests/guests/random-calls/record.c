/* SPDX-License-Identifier: MIT */
/*
 * What came of the calls. Each result and each word that a call wrote goes into one running digest;
 * in a listing each call is a line as well. Frame numbers are the machine's: in their place stands
 * the name of the frame.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define HALVES \
    (AREA_WORDS * sizeof(long) / 4) /* 32-bit words: the smallest things that a call writes */

#define MARKS 1000 /* kept, of a block */

static uint64_t digest;
static bool listing;
bool among_domains;

/* What marked calls gave. */
static struct {
    enum difference what;
    long result;
} marks[MARKS];
static unsigned mark_count;

/* A call has left another world behind than on the other hypervisor: what comes now is no matter.
 */
static bool worlds_differ;

/* The words that the calls of one multicall may write, as they were before. */
static struct {
    unsigned long area[AREA_WORDS], cliff[AREA_WORDS];
} before[VCPUS * SLOTS];

static void mix(uint64_t value)
{
    if (worlds_differ)
        return;
    digest = (digest ^ value) * 0x9e3779b97f4a7c15ul;
    digest ^= digest >> 29;
}

void record_begin(bool list)
{
    digest = 0;
    worlds_differ = false;
    mark_count = 0;
    listing = list;
}

uint64_t record_end(void)
{
    return digest;
}

void record(const char *what, uint64_t value)
{
    mix(value);
    if (listing)
        print("%s = %ld\n", what, (long)value);
}

void record_word(unsigned index, uint64_t word)
{
    if (listing)
        print("word %u %llx, ", index, (unsigned long long)word);
}

void record_arguments(const struct call *call)
{
    unsigned i = (unsigned)(call->slot - slots);

    memcpy(before[i].area, call->area, sizeof(before[i].area));
    memcpy(before[i].cliff, call->slot->nothing - AREA_WORDS, sizeof(before[i].cliff));
}

/* ---- Listings ---- */

static const struct {
    unsigned number;
    const char *name;
} names[] = {
#define HYPERCALL(number, name, ...) { number, #name },
#include "abi/hypercalls.def"
};

static const char *name_of(uint64_t number)
{
    for (unsigned i = 0; i < COUNT(names); i++)
        if (names[i].number == number)
            return names[i].name;
    return "call";
}

/* A number that contains a frame shows as fN and what is left of it. */
static void show(uint64_t value)
{
    int whole = frame_name(value), part = frame_name((value & PTE_FRAME) / PAGE_SIZE);

    if (whole >= 0)
        print(" f%d", whole);
    else if (part >= 0)
        print(" f%d:%llx", part, (unsigned long long)(value & ~PTE_FRAME));
    else
        print(" %llx", (unsigned long long)value);
}

enum where { ALWAYS, INITIAL, DOMAINS };

static const struct {
    const char *name;
    enum where where;
    bool leaves_other_world;
} differences[] = {
    [SAME] = { "", ALWAYS, false },
#define DIFFERENCE(name, where, other_world, ours, reason) [name] = { #name, where, other_world },
#include "tests/guests/random-calls/differences.def"
};

static bool is_marked(const struct call *call)
{
    return call->expected != SAME &&
           differences[call->expected].where != (among_domains ? INITIAL : DOMAINS);
}

static void show_changes(const struct call *call, const char *where, const void *after,
                         const void *former)
{
    const uint32_t *now = after, *then = former;

    for (unsigned i = 0; i < HALVES; i++)
        if (now[i] != then[i])
            print(" %s%u:%x", where, i, call->output_is_machines ? 0 : now[i]);
}

static void show_call(const struct call *call, long result)
{
    unsigned words = call->used, slot = (unsigned)(call->slot - slots);

    print("%s %lx:", name_of(call->e.op), call->e.op);
    for (unsigned i = 0; i < ARGUMENTS; i++)
        show(call->e.args[i]);
    if (words)
        print(" |");
    for (unsigned i = 0; i < words; i++)
        show(before[slot].area[i]);
    print(" = %ld", result);
    if (result != -XEN_EFAULT) {
        show_changes(call, "area", call->area, before[slot].area);
        show_changes(call, "cliff", call->slot->nothing - AREA_WORDS, before[slot].cliff);
    }
    if (is_marked(call))
        print(" expected %s", differences[call->expected].name);
    print("\n");
}

/* ---- Calls ---- */

/* A digest of the words that are no longer what they were. */
static uint64_t changes(const struct call *call, const void *after, const void *former)
{
    const uint32_t *now = after, *then = former;
    uint64_t sum = 0;

    for (unsigned i = 0; i < HALVES; i++)
        if (now[i] != then[i])
            sum = (sum ^ (call->output_is_machines ? i : now[i])) * 0x100000001b3ul + i + 1;
    return sum;
}

/* The result that counts. */
static long result_of(const struct call *call)
{
    long result = (long)call->e.result;

    return call->result_is_machines && result > 0 ? 1 : result;
}

static void mark(enum difference what, long result)
{
    if (worlds_differ || mark_count == MARKS)
        return;
    marks[mark_count].what = what;
    marks[mark_count++].result = result;
    worlds_differ = differences[what].leaves_other_world;
}

void record_print_marks(void)
{
    print("marks");
    for (unsigned i = 0; i < mark_count; i++)
        print(" %s=%ld", differences[marks[i].what].name, marks[i].result);
    print("\n");
}

/* size bytes of the arguments, from offset on, if they lie where they can be changed. */
static void *in_slot(const struct call *call, unsigned offset, unsigned size)
{
    unsigned long begin = (unsigned long)call->slot, end = (unsigned long)call->slot->nothing;
    unsigned long read_only = (unsigned long)call->slot->read_only;

    if (call->at < begin || call->at >= end || call->at == read_only ||
        call->at + offset + size > end)
        return NULL;
    return (void *)(call->at + offset);
}

/* Ports that were written become those that they would be if none had been taken before. */
static void count_ports_from_base(const struct call *call)
{
    for (unsigned i = 0; call->ports >> i != 0; i++) {
        uint32_t *port = in_slot(call, i * 4, 4);

        if ((call->ports >> i & 1) && port && *port > port_base && *port < port_base + 64)
            *port -= port_base;
    }
}

/* So does the caller's own number where a port's peer is told. */
static void hide_own_id(const struct call *call)
{
    struct evtchn_status *status;

    if (call->tells_peer == 0)
        return;
    status = in_slot(call, call->tells_peer - 1, sizeof(*status));
    if (!status || status->u.unbound.dom != (is_initial_domain() ? 0 : 1))
        return;
    if (status->status == EVTCHNSTAT_unbound || status->status == EVTCHNSTAT_interdomain)
        status->u.unbound.dom = DOMID_SELF;
}

void record_call(const struct call *call)
{
    unsigned i = (unsigned)(call->slot - slots);
    long result = result_of(call);
    uint64_t output;

    count_ports_from_base(call);
    hide_own_id(call);
    output = changes(call, call->area, before[i].area) +
             3 * changes(call, call->slot->nothing - AREA_WORDS, before[i].cliff);
    /* Of what cannot be written as a whole a part may be written. */
    if (is_marked(call) || result == -XEN_EFAULT)
        output = 0;
    mix(is_marked(call) ? 0 : (uint64_t)result);
    mix(output);
    if (listing)
        show_call(call, result);
    if (is_marked(call))
        mark(call->expected, result);
}
