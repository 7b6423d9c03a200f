/* SPDX-License-Identifier: MIT */
/*
 * The world of the random calls: pages to play with ("toys"), and all other state that a call can
 * change. world_reset() brings it back to where it was, whatever calls have done; how each of its
 * steps ends is recorded, since that shows the state in which they left it.
 *
 * The hard part are the frames. After a reset the toys are of every kind: writable, read-only,
 * unmapped, tables of each level, pinned or not, and descriptors. All toys may refer to each other,
 * and nothing else refers to a toy but its own entry in the linear mapping. So when all pins, base
 * pointers, descriptor tables and those entries are gone, no frame has a type or a use left.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define SPARE_PAGES 256
#define LAST_PORT   255 /* more than the calls of a block open */

/* One table maps them all. */
char toys[TOYS][PAGE_SIZE] __attribute__((aligned(0x20000)));
struct slot slots[VCPUS * SLOTS] __attribute__((aligned(4096)));
unsigned nmis, port_base;

/* Pages that the hypervisor keeps up to date at any moment: no call's result is looked for there.
 */
static char runstate_page[PAGE_SIZE] __attribute__((aligned(4096)));
static char time_page[PAGE_SIZE] __attribute__((aligned(4096)));

static uint64_t toy_entries[TOYS], others[OTHER_FRAMES];
static char probe_page[PAGE_SIZE] __attribute__((aligned(4096)));
static char spare[SPARE_PAGES][PAGE_SIZE] __attribute__((aligned(4096)));
static unsigned kept_busy;
static bool given_back[TOYS], named[TOYS], lingering, frames_moved;

static unsigned long pfn_of(const void *page)
{
    return ((uintptr_t)page - VIRT_BASE) / PAGE_SIZE;
}

uint64_t toy_frame(unsigned toy)
{
    return mfn_of(toys[toy]);
}

void toy_set_frame(unsigned toy, uint64_t mfn)
{
    ((unsigned long *)start_info->mfn_list)[pfn_of(toys[toy])] = (unsigned long)mfn;
    frames_moved = true;
}

void toy_name(unsigned toy)
{
    named[toy] = !in_mass();
}

bool toy_is_named(unsigned toy)
{
    return named[toy];
}

void toy_given_back(unsigned toy)
{
    given_back[toy] = true;
}

/* Whoever owns a frame can map it read-only. */
static bool is_ours(unsigned toy)
{
    bool is_there = map(probe_page, make_entry(toys[toy], PTE_RO)) == 0;

    map(probe_page, 0);
    return is_there;
}

void toys_look(void)
{
    for (unsigned i = 0; i < TOYS && in_mass(); i++)
        if (given_back[i])
            toy_set_frame(i, NO_FRAME + i);
    if (in_mass()) {
        memset(given_back, 0, sizeof(given_back));
        return;
    }
    for (unsigned i = 0; i < TOYS; i++) {
        bool is_there = is_ours(i);

        record("there", is_there);
        if (!is_there)
            toy_set_frame(i, NO_FRAME + i);
        lingering |= given_back[i] && is_there;
    }
}

bool toys_linger(void)
{
    return lingering;
}

uint64_t toy_entry(unsigned toy)
{
    return toy_entries[toy];
}

uint64_t other_frame(unsigned index)
{
    return others[index];
}

int frame_name(uint64_t mfn)
{
    for (unsigned i = 0; i < TOYS; i++)
        if (toy_frame(i) == mfn)
            return (int)i;
    for (unsigned i = 0; i < OTHER_FRAMES; i++)
        if (others[i] == mfn)
            return (int)(TOYS + i);
    return -1;
}

/* Exceptions that calls can bring about without having done anything wrong: NMIs that they sent,
 * breakpoints that they set. */
static void ignore(struct frame *frame)
{
    if (frame->vector == 2)
        nmis++;
    else if (frame->vector != X_DB && !(in_storm() && frame->vector == VECTOR_FAILSAFE))
        error("exception %lu, code 0x%lx, at 0x%lx, stack at 0x%lx", frame->vector, frame->error,
              frame->ip, frame->sp);
}

/* ---- Resetting frames ---- */

/* Maps a page at its own address or, with bits 0, nowhere. */
static long map_page(void *page, uint64_t bits)
{
    return map(page, bits ? make_entry(page, bits) : 0);
}

static void drop_all_uses(void)
{
    struct mmuext_op no_ldt = { .cmd = MMUEXT_SET_LDT },
                     no_user = { .cmd = MMUEXT_NEW_USER_BASEPTR };

    record("no gdt", (unsigned long)CALL(set_gdt, NULL, 0));
    record("no ldt", (unsigned long)CALL(mmuext_op, &no_ldt, 1, NULL, DOMID_SELF));
    record("no user tables", (unsigned long)CALL(mmuext_op, &no_user, 1, NULL, DOMID_SELF));
    for (unsigned i = 0; i < TOYS; i++)
        record("unpin", (uint64_t)mmuext(MMUEXT_UNPIN_TABLE, toy_frame(i)));
    record("unpin table", (uint64_t)mmuext(MMUEXT_UNPIN_TABLE, others[FRAME_TABLE]));
    record("pin root", (uint64_t)mmuext(MMUEXT_PIN_L1_TABLE + TOP_LEVEL - 1, others[FRAME_ROOT]));
    for (unsigned i = 0; i < TOYS; i++)
        record("unmap", (uint64_t)map_page(toys[i], 0));
}

static void replace(unsigned toy)
{
    unsigned long extent = pfn_of(toys[toy]);
    struct xen_memory_reservation one = { .extent_start = (unsigned long)&extent,
                                          .nr_extents = 1,
                                          .domid = DOMID_SELF };

    if (CALL(memory_op, XENMEM_populate_physmap, &one) != 1)
        error("toy %u is lost", toy);
    toy_set_frame(toy, extent);
    if (map_page(toys[toy], PTE_RW) != 0)
        error("toy %u has no use", toy);
    memset(toys[toy], 0, PAGE_SIZE);
}

unsigned toys_kept_busy(void)
{
    return kept_busy;
}

/* Toys whose frames were given back get others; not before it is known which they are. Nothing uses
 * a toy now, yet Xen may have lost count (docs/differences.md): such a one is left behind. */
static void make_writable(void)
{
    long results[TOYS];

    kept_busy = 0;
    for (unsigned i = 0; i < TOYS; i++) {
        results[i] = map_page(toys[i], PTE_RW);
        record("map", (uint64_t)results[i]);
        kept_busy += results[i] != 0 && is_ours(i);
    }
    for (unsigned i = 0; i < TOYS; i++)
        if (results[i] != 0)
            replace(i);
    memset(given_back, 0, sizeof(given_back));
    lingering = false;
}

/* What the calls wrote. Accessed and dirty bits, and those that a hypervisor adds, say nothing. */
static void record_contents(unsigned toy)
{
    const uint64_t *words = (const uint64_t *)toys[toy];
    const uint64_t ignored = PTE_USER | PTE_GLOBAL | PTE_SOFTWARE | PTE_ACCESSED | PTE_DIRTY;
    uint64_t sum = 0;

    for (unsigned i = 0; i < PAGE_SIZE / 8; i++) {
        uint64_t word = comparable(toy, i, words[i] & ~ignored);
        int name;

        /* Of one level's tables some entries are the hypervisor's. */
        if (word == 0 || (i >= RESERVED_ENTRY && i < RESERVED_END))
            continue;
        name = frame_name((word & PTE_FRAME) / PAGE_SIZE);
        /* Frames that toys had before are anybody's now. */
        word &= ~PTE_FRAME;
        if (!frames_moved)
            word |= (uint64_t)(name + 1) << 12;
        record_word(i, word);
        sum = (sum ^ word) * 0x100000001b3ul + i;
    }
    record("contents", sum);
}

static void fill(unsigned toy)
{
    uint64_t *words = (uint64_t *)toys[toy];

    memset(words, 0, PAGE_SIZE);
    switch (plan[toy].kind) {
    case L1:
        words[0] = make_entry(toys[plan[toy].below], PTE_RO);
        toy_name(plan[toy].below);
        break;
    case L2:
    case L3:
    case L4:
        words[0] = table_entry(toys[plan[toy].below], plan[toy].kind - L1 + 1);
        toy_name(plan[toy].below);
        break;
    case DESCRIPTORS:
        for (unsigned i = 1; i < 8; i++)
            words[i] = 0x00c3fa000000fffe; /* flat code of ring 3 */
        break;
    case WRITABLE:
    case READ_ONLY:
    case UNMAPPED:
    case EMPTY: break;
    }
    fill_kernel_part(toy, words);
}

static void set_kinds(void)
{
    for (unsigned i = 0; i < TOYS; i++) {
        uint64_t bits = plan[i].kind == WRITABLE ? PTE_RW : plan[i].kind == UNMAPPED ? 0 : PTE_RO;

        record("kind", (uint64_t)map_page(toys[i], bits));
    }
    for (unsigned i = 0; i < TOYS; i++)
        if (plan[i].pinned)
            record("pin", (uint64_t)mmuext(plan[i].kind - L1 + MMUEXT_PIN_L1_TABLE, toy_frame(i)));
}

static void reset_frames(void)
{
    drop_all_uses();
    make_writable();
    for (unsigned i = 0; i < TOYS; i++)
        record_contents(i);
    frames_moved = false;
    memset(named, 0, sizeof(named));
    forget_roots();
    for (unsigned i = 0; i < TOYS; i++)
        fill(i);
    set_kinds();
}

/* ---- Resetting the rest ---- */

static void close_ports(void)
{
    for (unsigned port = port_base + 1; port <= LAST_PORT; port++) {
        struct evtchn_close close = { .port = port };

        event_op(EVTCHNOP_close, &close);
    }
}

static void reset_events(void)
{
    struct evtchn_reset reset = { .dom = DOMID_SELF };

    for (unsigned id = 1; id <= 2; id++) {
        struct sched_watchdog stop = { .id = id };

        record("stop watchdog", (unsigned long)CALL(sched_op, SCHEDOP_watchdog, &stop));
    }
    set_timer_op(0);
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0, NULL);
    CALL(vcpu_op, VCPUOP_stop_singleshot_timer, 0, NULL);
    if (among_domains)
        close_ports();
    else
        record("reset events", (uint64_t)event_op(EVTCHNOP_reset, &reset));
    memset(shared_info->evtchn_pending, 0, sizeof(shared_info->evtchn_pending));
    memset(shared_info->evtchn_mask, 0, sizeof(shared_info->evtchn_mask));
    shared_info->vcpu_info[0].evtchn_pending_sel = 0;
    shared_info->vcpu_info[0].evtchn_upcall_pending = 0;
}

void world_callbacks(void)
{
    static const struct callback_register callbacks[] = {
        { .type = CALLBACKTYPE_sysenter, .address = CALLBACK_AT(event_entry) },
        { .type = CALLBACKTYPE_syscall32, .address = CALLBACK_AT(event_entry) },
    };
    struct callback_unregister nmi = { .type = CALLBACKTYPE_nmi };

    CALL(set_trap_table, NULL);
    traps_init();
    for (unsigned i = 0; i < COUNT(callbacks); i++)
        CALL(callback_op, CALLBACKOP_register, &callbacks[i]);
    CALL(callback_op, CALLBACKOP_unregister, &nmi);
}

static void reset_cpu(void)
{
    struct vcpu_register_runstate_memory_area runstate = { .addr.p = (unsigned long)runstate_page };
    struct vcpu_register_time_memory_area time = { .addr.p = (unsigned long)time_page };
    struct physdev_set_iopl iopl = { .iopl = 0 };
    struct physdev_set_iobitmap bitmap = { .nr_ports = 0 };

    world_callbacks();
    CALL(set_debugreg, 7, 0);
    for (unsigned i = 0; i < 4; i++)
        CALL(set_debugreg, i, 0);
    CALL(set_debugreg, 6, 0xffff0ff0);
    CALL(fpu_taskswitch, 0);
    CALL(set_segment_base, SEGBASE_GS_USER_SEL, 0);
    for (unsigned which = SEGBASE_FS; which <= SEGBASE_GS_KERNEL; which++)
        CALL(set_segment_base, which, 0);
    for (unsigned type = 0; type < 64; type++)
        CALL(vm_assist, VMASST_CMD_disable, type);
    CALL(physdev_op, PHYSDEVOP_set_iopl, &iopl);
    CALL(physdev_op, PHYSDEVOP_set_iobitmap, &bitmap);
    CALL(vcpu_op, VCPUOP_register_runstate_memory_area, 0, &runstate);
    CALL(vcpu_op, VCPUOP_register_vcpu_time_memory_area, 0, &time);
}

void world_reset(void)
{
    reset_frames();
    reset_events();
    reset_cpu();
    record("nmis", nmis);
    nmis = 0;
}

/* ---- Mending ---- */

static void give_frame(unsigned toy)
{
    unsigned long extent = pfn_of(toys[toy]);
    struct xen_memory_reservation one = { .extent_start = (unsigned long)&extent,
                                          .nr_extents = 1,
                                          .domid = DOMID_SELF };

    if (CALL(memory_op, XENMEM_populate_physmap, &one) == 1)
        toy_set_frame(toy, extent);
}

void world_mend(unsigned vcpus)
{
    for (unsigned id = 1; id < vcpus; id++)
        CALL(vcpu_op, VCPUOP_up, id, NULL);
    drop_all_uses();
    toys_look();
    for (unsigned i = 0; i < TOYS; i++)
        if (toy_frame(i) >= NO_FRAME)
            give_frame(i);
    for (unsigned i = 0; i < TOYS; i++)
        map_page(toys[i], below(3) == 0 ? PTE_RW : below(2) ? PTE_RO : 0);
    lingering = false;
    memset(named, 0, sizeof(named));
    world_callbacks();
}

/* ---- In a mass ---- */

/* False: something uses its frame still, or there is none for it. */
static bool make_toy_writable(unsigned toy)
{
    if (map_page(toys[toy], PTE_RW) == 0)
        return true;
    if (is_ours(toy))
        return false;
    give_frame(toy);
    return map_page(toys[toy], PTE_RW) == 0;
}

void world_renew(void)
{
    reset_events();
    reset_cpu();
    drop_all_uses();
    memset(given_back, 0, sizeof(given_back));
    for (unsigned i = 0; i < TOYS; i++)
        if (make_toy_writable(i))
            fill(i);
    set_kinds();
}

void world_take(uint64_t mfn)
{
    unsigned long extent = (unsigned long)mfn;
    struct xen_memory_reservation one = { .extent_start = (unsigned long)&extent,
                                          .nr_extents = 1,
                                          .domid = DOMID_SELF };

    for (unsigned i = 0; i < TOYS; i++)
        if (toy_frame(i) == NO_FRAME + i) {
            toy_set_frame(i, mfn);
            return;
        }
    CALL(memory_op, XENMEM_decrease_reservation, &one);
}

/* ---- Start ---- */

/* Pages are given back, so that toys which are left behind leave room for others. */
static void make_room(void)
{
    for (unsigned i = 0; i < SPARE_PAGES; i++) {
        unsigned long mfn = (unsigned long)mfn_of(spare[i]);
        struct xen_memory_reservation one = { .extent_start = (unsigned long)&mfn,
                                              .nr_extents = 1,
                                              .domid = DOMID_SELF };

        if (map(spare[i], 0) != 0 || CALL(memory_op, XENMEM_decrease_reservation, &one) != 1)
            error("cannot give back page %u", i);
    }
}

static uint64_t hypervisor_frame(void)
{
    unsigned long first = 0;
    struct xen_machphys_mfn_list list = { .max_extents = 1, .extent_start = (unsigned long)&first };

    if (CALL(memory_op, XENMEM_machphys_mfn_list, &list) != 0)
        error("where is the M2P?");
    return first;
}

/* The first ports are the hypervisor's, and no reset frees them. A port that was never used is
 * another thing than one that is free again: use some. */
static unsigned taken_ports(void)
{
    unsigned lowest = ~0u;

    for (unsigned i = 0; i < 64; i++) {
        struct evtchn_alloc_unbound any = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };

        if (event_op(EVTCHNOP_alloc_unbound, &any) != 0)
            error("no port is free");
        if (any.port < lowest)
            lowest = any.port;
    }
    return lowest - 1;
}

void world_init(void)
{
    port_base = taken_ports();
    trap_hook = ignore;
    user_sees_kernel(); /* before pages go away */
    if (!among_domains)
        print_by_hypercall(); /* the ring needs a port, and calls reset ports */
    make_room();
    for (unsigned i = 0; i < TOYS; i++)
        toy_entries[i] = entry_machine(toys[i], 1);
    others[FRAME_ROOT] = mfn_of((void *)start_info->pt_base);
    others[FRAME_TABLE] = entry_machine(toys, 1) / PAGE_SIZE;
    others[FRAME_SHARED] = start_info->shared_info / PAGE_SIZE;
    others[FRAME_HYPERVISOR] = hypervisor_frame();
    for (unsigned i = 0; i < VCPUS * SLOTS; i++)
        if (map(slots[i].read_only, make_entry(slots[i].area, PTE_RO)) != 0 ||
            map(slots[i].nothing, 0) != 0)
            error("cannot map slot %u", i);
}
