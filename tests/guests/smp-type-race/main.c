/* SPDX-License-Identifier: MIT */
/*
 * Claim: forty vCPUs that map, pin, change, run on, use as descriptor tables, exchange and give
 *     back the same frames at the same time leave no reference behind: when all is undone, every
 *     frame can be written again, and the domain has as many as before; and at no moment more than
 *     it may have, whatever is under way.
 * Rule: invariants A1, C3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 40
 *
 * type-walk is the same with one vCPU, and looks at every step.
 */
#include "tests/guests/support/support.h"

#define FRAMES  16
#define MOST    70
#define STEPS   10000 /* of all vCPUs together */
#define SLOTS   3
#define SEEN    4096
#define MISSING 0ul /* the frame of a page that has none */

enum { PINS, BASES, GDTS, LDTS, RELEASES, EXCHANGES, STORES, KINDS };

static const unsigned pin[] = { MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L2_TABLE, MMUEXT_PIN_L3_TABLE,
                                MMUEXT_PIN_L4_TABLE };
static uint64_t *frames[FRAMES], *other_root;
static volatile unsigned stop, stopped[MOST];
static unsigned vcpus, done[MOST][KINDS];
static unsigned long more[MOST];
static char stacks[MOST][2 * PAGE_SIZE] __attribute__((aligned(16)));
static struct vcpu_info infos[MOST] __attribute__((aligned(PAGE_SIZE)));

/* Every frame that one of the pages ever had: it may still be pinned when the page has another. */
static uint64_t seen[SEEN];
static unsigned seen_used;

static unsigned pick(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005ul + 1442695040888963407ul;
    return (unsigned)(*seed >> 33) % below;
}

static uint64_t pfn_of(const void *page)
{
    return ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
}

/* A frame for the page. All vCPUs read its number, and may use it when the page has another. */
static void new_frame(const uint64_t *page, uint64_t mfn)
{
    unsigned i = __atomic_fetch_add(&seen_used, 1, __ATOMIC_SEQ_CST);

    if (i >= SEEN)
        error("too many frames to remember");
    seen[i] = mfn;
    WRITE_ONCE(((unsigned long *)start_info->mfn_list)[pfn_of(page)], (unsigned long)mfn);
}

static struct xen_memory_reservation extent(unsigned long *number)
{
    return (struct xen_memory_reservation){ .extent_start = (unsigned long)number,
                                            .nr_extents = 1,
                                            .domid = DOMID_SELF };
}

static bool populate(const uint64_t *page)
{
    unsigned long number = (unsigned long)pfn_of(page);
    struct xen_memory_reservation r = extent(&number);

    if (CALL(memory_op, XENMEM_populate_physmap, &r) != 1)
        return false;
    new_frame(page, number);
    return true;
}

/* Gives the page's frame back and gets another, at once or later: the domain may have all that it
 * may, as what it gave back is still in use. */
static bool release(const uint64_t *page)
{
    unsigned long number = (unsigned long)mfn_of(page);
    struct xen_memory_reservation r = extent(&number);

    if (number == MISSING)
        return populate(page);
    if (CALL(memory_op, XENMEM_decrease_reservation, &r) != 1)
        failure("frame 0x%lx cannot be given back", number);
    WRITE_ONCE(((unsigned long *)start_info->mfn_list)[pfn_of(page)], MISSING);
    populate(page);
    return true;
}

static bool exchange(const uint64_t *page)
{
    unsigned long in = (unsigned long)mfn_of(page), out = (unsigned long)pfn_of(page);
    struct xen_memory_exchange x = { .in = extent(&in), .out = extent(&out) };

    if (CALL(memory_op, XENMEM_exchange, &x) != 0)
        return false;
    new_frame(page, out);
    return true;
}

static long reservation(unsigned operation)
{
    struct xen_memory_domain self = { .domid = DOMID_SELF };

    return CALL(memory_op, operation, &self);
}

/* Gets one more frame, or gives it back. There is room for one only where a page has none: what an
 * exchange has in its hands just then is no room. */
static void one_more(unsigned me)
{
    struct xen_memory_reservation r = extent(&more[me]);

    if (more[me] == MISSING) {
        CALL(memory_op, XENMEM_increase_reservation, &r);
    } else {
        expect(CALL(memory_op, XENMEM_decrease_reservation, &r), 1, "give it back");
        more[me] = MISSING;
    }
    expect_true(reservation(XENMEM_current_reservation) <= reservation(XENMEM_maximum_reservation),
                "no more than there may be");
}

/* Only one vCPU at a time gives a page another frame: so the number of a page is right for who may
 * do that, and the frame is given back once. */
static bool change_frame(unsigned i, bool (*how)(const uint64_t *page))
{
    static bool taken[FRAMES];
    bool changed;

    if (__atomic_test_and_set(&taken[i], __ATOMIC_ACQUIRE))
        return false;
    changed = how(frames[i]);
    __atomic_clear(&taken[i], __ATOMIC_RELEASE);
    return changed;
}

static bool set_ldt(const void *address, unsigned entries)
{
    struct mmuext_op op = { .cmd = MMUEXT_SET_LDT };
    bool good;

    op.arg1.linear_addr = (unsigned long)address;
    op.arg2.nr_ents = entries;
    if (CALL(mmuext_op, &op, 1, NULL, DOMID_SELF) != 0 || entries == 0)
        return false;
    /* This is what brings the page in. */
    __asm__ volatile(".globl ldt_asked\n\tlar %w1, %%eax; ldt_asked: setz %b0"
                     : "=q"(good)
                     : "r"(0x27)
                     : "ax", "cc");
    return true;
}

/* Done by the hypervisor if the frame is a table. False: it faulted. At 32 bits it is the lower
 * half of an entry. */
static bool __attribute__((noinline)) store(uint64_t *where, uint64_t value)
{
    bool faulted = true;

    __asm__ volatile(".globl stored\n\tmov %2, (%1)\n\tmovb $0, %b0\nstored:"
                     : "+q"(faulted)
                     : "r"(where), "r"((unsigned long)value)
                     : "memory");
    return !faulted;
}

/* A store or a look into the LDT that is not possible is no harm. */
static void skip_it(struct frame *frame)
{
    extern char ldt_asked[], stored[];
    bool in_ldt = frame->ip + 8 > (unsigned long)ldt_asked && frame->ip < (unsigned long)ldt_asked;

    if (frame->vector != X_PF && frame->vector != X_GP)
        error("exception %lu at 0x%lx", frame->vector, frame->ip);
    frame->ip = (unsigned long)(in_ldt ? ldt_asked : stored);
}

static void one_entry(uint64_t *seed, uint64_t *frame, const uint64_t *other)
{
    uint64_t where = machine_of(&frame[pick(seed, SLOTS)]);

    switch (pick(seed, 8)) {
    case 0: mmu_update(where, make_entry(other, PTE_TABLE)); break;
    case 1: mmu_update(where | MMU_PT_UPDATE_PRESERVE_AD, make_entry(other, PTE_RO)); break;
    default: mmu_update(where, 0); break; /* often: few of what is left there make a good table */
    }
}

static bool new_root(uint64_t *seed)
{
    if (pick(seed, 2))
        mmuext(pick(seed, 2) ? pin[TOP_LEVEL - 1] : MMUEXT_UNPIN_TABLE, mfn_of(other_root));
    return mmuext(MMUEXT_NEW_BASEPTR,
                  mfn_of(pick(seed, 2) ? other_root : (void *)start_info->pt_base)) == 0;
}

/* A root for programs; or, where one root serves both, an entry of one that may be loaded. */
static void other_space(uint64_t *seed, const uint64_t *frame)
{
    bool some = pick(seed, 2);

    if (HAS_USER_TABLES)
        mmuext(MMUEXT_NEW_USER_BASEPTR, some ? mfn_of(frame) : 0);
    else
        mmu_update(machine_of(&other_root[pick(seed, SLOTS)]),
                   some ? make_entry(frame, PTE_PRESENT) : 0);
}

static void step(unsigned me, uint64_t *seed)
{
    unsigned i = pick(seed, FRAMES);
    uint64_t *frame = frames[i], *other = frames[pick(seed, FRAMES)];
    unsigned long list[2] = { (unsigned long)mfn_of(frame), (unsigned long)mfn_of(other) };
    unsigned *count = done[me];

    switch (pick(seed, 18)) {
    case 0: map(frame, make_entry(frame, PTE_RW)); break;
    case 1: map(frame, make_entry(frame, PTE_RO)); break;
    case 2:
    case 3: map(frame, 0); break;
    case 4: count[PINS] += mmuext(pin[pick(seed, 4)], mfn_of(frame)) == 0; break;
    case 5: mmuext(MMUEXT_UNPIN_TABLE, seen[pick(seed, seen_used)]); break;
    case 6:
    case 7: one_entry(seed, frame, other); break;
    case 8: other_space(seed, frame); break;
    case 9: count[BASES] += new_root(seed); break;
    case 10: count[GDTS] += CALL(set_gdt, list, 512 * (1 + pick(seed, 2))) == 0; break;
    case 11: CALL(set_gdt, list, 0); break;
    case 12: count[LDTS] += set_ldt(frame, 512 * pick(seed, 2)); break;
    case 13: count[RELEASES] += pick(seed, 4) == 0 && change_frame(i, release); break;
    case 14: count[EXCHANGES] += change_frame(i, exchange); break;
    case 15: count[STORES] += store(&frame[pick(seed, SLOTS)], make_entry(other, PTE_RO)); break;
    case 16: one_more(me); break;
    case 17: CALL(sched_op, SCHEDOP_yield); break;
    }
    if (mfn_of(frame) == MISSING)
        change_frame(i, release);
}

/* Taking down a table may be interrupted. What is left is done at the beginning of the same vCPU's
 * next call: so there must be one. */
static void finish(void)
{
    mmuext(MMUEXT_NEW_BASEPTR, mfn_of((void *)start_info->pt_base));
    mmuext(MMUEXT_NEW_USER_BASEPTR, 0);
    CALL(set_gdt, 0, 0);
    set_ldt(NULL, 0);
    mmuext(MMUEXT_TLB_FLUSH_LOCAL, 0);
}

static void other_vcpu(unsigned long me)
{
    uint64_t seed = me + 1;

    while (!stop)
        step((unsigned)me, &seed);
    finish();
    stopped[me] = 1;
    CALL(vcpu_op, VCPUOP_down, me);
    failure("vCPU %lu was brought up again", me);
}

static void undo(void)
{
    stop = 1;
    for (unsigned i = 1; i < vcpus; i++)
        if (!wait_for(&stopped[i]))
            failure("vCPU %u does not stop", i);
    finish();
    for (unsigned i = 0; i < vcpus; i++)
        if (more[i] != MISSING)
            one_more(i);
    for (unsigned i = 0; i < FRAMES; i++)
        map(frames[i], 0);
    /* -EINVAL for what is not pinned, or not the domain's any more. */
    for (unsigned i = 0; i < seen_used; i++)
        mmuext(MMUEXT_UNPIN_TABLE, seen[i]);
    /* Where one root serves both, other_space() has put some of them into this one. */
    mmuext(MMUEXT_UNPIN_TABLE, mfn_of(other_root));
    finish();
    for (unsigned i = 0; i < FRAMES; i++) {
        if (mfn_of(frames[i]) == MISSING)
            populate(frames[i]);
        expect(map(frames[i], make_entry(frames[i], PTE_RW)), 0, "frame %u writable in the end", i);
    }
}

/* The shared page has room for 32 vCPUs. */
static void give_place(unsigned vcpu)
{
    struct vcpu_register_vcpu_info where = { .mfn = mfn_of(&infos[vcpu]),
                                             .offset = (uintptr_t)&infos[vcpu] % PAGE_SIZE };

    expect(CALL(vcpu_op, VCPUOP_register_vcpu_info, vcpu, &where), 0, "the place of vCPU %u", vcpu);
}

static void set_up(void)
{
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    trap_hook = skip_it;
    for (unsigned i = 0; i < FRAMES; i++) {
        frames[i] = page_new();
        seen[seen_used++] = mfn_of(frames[i]);
    }
    other_root = root_new();
    set_writable(other_root, false);
    expect(pin_table(TOP_LEVEL, other_root), 0, "pin a second root");
}

/* What these vCPUs have done of these kinds, ends not included. */
static unsigned sum_of(unsigned vcpu, unsigned vcpu_end, unsigned kind, unsigned kind_end)
{
    unsigned sum = 0;

    for (; vcpu < vcpu_end; vcpu++)
        for (unsigned k = kind; k < kind_end; k++)
            sum += done[vcpu][k];
    return sum;
}

void test_main(void)
{
    static const char *const names[KINDS] = { "pins",     "roots",     "GDTs",  "LDTs",
                                              "releases", "exchanges", "stores" };
    long before = reservation(XENMEM_current_reservation);
    uint64_t seed = option_number("seed=", 1);

    set_up();
    while (vcpus < MOST && CALL(vcpu_op, VCPUOP_is_up, vcpus) != -XEN_ENOENT)
        vcpus++;
    for (unsigned i = 32; i < vcpus; i++)
        give_place(i);
    for (unsigned i = 1; i < vcpus; i++)
        vcpu_start_on(i, other_vcpu, i, stacks[i], sizeof(stacks[i]));
    for (unsigned i = 0; i < STEPS / vcpus; i++)
        step(0, &seed);
    undo();
    for (unsigned kind = 0; kind < KINDS; kind++) {
        print("  %u %s\n", sum_of(0, vcpus, kind, kind + 1), names[kind]);
        expect_true(sum_of(0, vcpus, kind, kind + 1) > 0, "there were some %s", names[kind]);
    }
    for (unsigned i = 0; i < vcpus; i++)
        expect_true(sum_of(i, i + 1, 0, KINDS) > 0, "vCPU %u has done something", i);
    expect(reservation(XENMEM_current_reservation), before, "the number of frames");
}
