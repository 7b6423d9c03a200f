/* SPDX-License-Identifier: MIT */
/* The calls of the storm: structures that are nearly right, and numbers that are not. */
#include "tests/guests/hypercall-storm/storm.h"
#include "tests/guests/support/support.h"

#define LIST_MAX   6
#define AREA_WORDS 64

/* What a maker fills: the call, and words for what it points to. */
struct making {
    struct storm *s;
    struct multicall_entry *e;
    uint64_t *area; /* AREA_WORDS */
};

static uint64_t below(struct making *m, uint64_t limit)
{
    return storm_random(m->s) % limit;
}

static uint64_t *toy(struct making *m)
{
    return toys[below(m, TOYS)];
}

static uint64_t frame(struct making *m)
{
    switch (below(m, 24)) {
    case 0: return 0;
    case 1: return ~0ull;
    case 2: return 1ull << below(m, 64);
    case 3: return mfn_of(toy(m));
    default: return toy_frames[below(m, TOYS)];
    }
}

/* One that does not make another frame of the guest's of a toy's, such as its text. */
static uint64_t bit_of_entry(struct making *m)
{
    uint64_t bit = below(m, 64);

    return bit >= 12 && bit < 32 ? bit - 12 : bit;
}

static uint64_t entry(struct making *m)
{
    switch (below(m, 8)) {
    case 0: return 0;
    case 1: return frame(m) * PAGE_SIZE | below(m, PAGE_SIZE);
    case 2: return (frame(m) * PAGE_SIZE | PTE_RW) ^ 1ull << bit_of_entry(m);
    case 3:
    case 4: return frame(m) * PAGE_SIZE | PTE_RO;
    default: return frame(m) * PAGE_SIZE | PTE_RW;
    }
}

/* Addresses whose contents are nobody's, and bad ones. */
static uint64_t address(struct making *m)
{
    switch (below(m, 12)) {
    case 0: return 0;
    case 1: return HYPERVISOR_ADDRESS + below(m, PAGE_SIZE);
    case 2: return HYPERVISOR_VIRT_START - below(m, 64);
    case 3: return NONCANONICAL_ADDRESS + below(m, 64);
    case 4: return MACH2PHYS_VIRT_START + below(m, PAGE_SIZE);
    case 5: return 0x800000000000 - below(m, 64);
    case 6: return -below(m, 64);
    case 7: return (unsigned long)toy(m) + PAGE_SIZE - below(m, 16);
    default: return (unsigned long)toy(m) + below(m, PAGE_SIZE / 8) * 8;
    }
}

static uint64_t number(struct making *m)
{
    switch (below(m, 6)) {
    case 0: return 1ull << below(m, 64);
    case 1: return ~0ull >> below(m, 64);
    case 2: return 0;
    default: return below(m, 40);
    }
}

static uint64_t domain(struct making *m)
{
    return below(m, 8) ? DOMID_SELF : below(m, 4) ? below(m, 4) : DOMID_SELF - below(m, 16);
}

/* The other end of a channel: with luck it is a storm, too. */
static uint64_t peer(struct making *m)
{
    return below(m, 2) ? DOMID_SELF : below(m, 10);
}

static uint64_t vcpu(struct making *m)
{
    return below(m, 16) ? below(m, storm_vcpus + 3) : number(m);
}

static void set(struct making *m, unsigned call, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    *m->e = (struct multicall_entry){ .op = call,
                                      .args = { (unsigned long)a, (unsigned long)b,
                                                (unsigned long)c, (unsigned long)d } };
}

/* Argument n becomes two where a register holds half of it. */
static void split(struct making *m, unsigned n, uint64_t value)
{
    abi_ulong *args = m->e->args;

    if (WORD_BITS == 64)
        return;
    for (unsigned i = 5; i > n; i--)
        args[i] = args[i - 1];
    args[n + 1] = (abi_ulong)(value >> 32);
}

/* ---- Memory ---- */

static void make_mmu_update(struct making *m)
{
    struct mmu_update *list = (struct mmu_update *)m->area;
    unsigned n = 1 + (unsigned)below(m, 4);

    for (unsigned i = 0; i < n; i++) {
        /* The first entries are met more than once, the hypervisor's slots now and then. */
        uint64_t index = below(m, 4) ? below(m, 4) : below(m, 512);

        list[i].ptr = frame(m) * PAGE_SIZE + index * 8 + (below(m, 4) ? 0 : below(m, 8));
        list[i].val = entry(m);
    }
    set(m, __HYPERVISOR_mmu_update, (unsigned long)list, below(m, 16) ? n : number(m),
        below(m, 3) ? 0 : address(m), below(m, 8) ? DOMID_SELF : number(m));
}

static void make_mmuext_op(struct making *m)
{
    struct mmuext_op *list = (struct mmuext_op *)m->area;
    unsigned n = 1 + (unsigned)below(m, 4);

    for (unsigned i = 0; i < n; i++) {
        list[i] = (struct mmuext_op){ .cmd = (unsigned)below(m, 22), .arg1.mfn = frame(m) };
        switch (list[i].cmd) {
        case MMUEXT_NEW_BASEPTR: /* to a toy the guest itself would come to run on it */
            list[i].arg1.mfn = below(m, 2) ? mfn_of((void *)start_info->pt_base) : number(m) << 40;
            break;
        case MMUEXT_SET_LDT:
            list[i].arg1.linear_addr = address(m);
            list[i].arg2.nr_ents = (uint32_t)(below(m, 4) ? below(m, 8193) : number(m));
            break;
        case MMUEXT_COPY_PAGE: list[i].arg2.src_mfn = frame(m); break;
        case MMUEXT_TLB_FLUSH_MULTI:
        case MMUEXT_INVLPG_MULTI: list[i].arg2.vcpumask = address(m); /* fall through */
        case MMUEXT_INVLPG_LOCAL:
        case MMUEXT_INVLPG_ALL: list[i].arg1.linear_addr = address(m); break;
        default: break;
        }
    }
    set(m, __HYPERVISOR_mmuext_op, (unsigned long)list, below(m, 16) ? n : number(m),
        below(m, 3) ? 0 : address(m), domain(m));
}

static void make_update_va(struct making *m)
{
    uint64_t flags = below(m, 4) ? below(m, 3) : (address(m) & ~3ull) | below(m, 4);
    uint64_t value = entry(m);

    if (below(m, 8))
        set(m, __HYPERVISOR_update_va_mapping, (unsigned long)toy(m), value, flags, 0);
    else
        set(m, __HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)toy(m), value, flags,
            domain(m));
    split(m, 1, value);
}

static void make_memory_op(struct making *m)
{
    struct xen_memory_exchange *x = (struct xen_memory_exchange *)m->area;
    unsigned long *lists = (unsigned long *)(m->area + 32);
    uint64_t op = below(m, 32);

    for (unsigned i = 0; i < 32; i++)
        lists[i] = (unsigned long)(below(m, 32) ? frame(m) : start_info->shared_info / PAGE_SIZE);
    x->in = (struct xen_memory_reservation){ .extent_start = (unsigned long)lists,
                                             .nr_extents = 1 + (unsigned long)below(m, 4),
                                             .domid = (domid_t)domain(m) };
    if (below(m, 4) == 0)
        x->in.extent_order = (uint32_t)below(m, 11);
    if (below(m, 8) == 0)
        x->in.nr_extents = (unsigned long)number(m);
    if (below(m, 8) == 0)
        x->in.mem_flags = (uint32_t)below(m, 64);
    x->out = x->in;
    x->out.extent_start = (unsigned long)(below(m, 8) ? (unsigned long)(lists + 16) : address(m));
    x->nr_exchanged = (unsigned long)(below(m, 8) ? 0 : number(m));
    if (below(m, 2))
        op = XENMEM_exchange;
    if (below(m, 16) == 0)
        op |= number(m) << 6;
    set(m, __HYPERVISOR_memory_op, op, (unsigned long)x, 0, 0);
}

static void make_descriptors(struct making *m)
{
    unsigned long *list = (unsigned long *)m->area;
    uint64_t where, descriptor;

    for (unsigned i = 0; i < 14; i++)
        list[i] = (unsigned long)frame(m);
    if (below(m, 2)) {
        set(m, __HYPERVISOR_set_gdt, (unsigned long)list, below(m, 8) ? below(m, 1500) : number(m),
            0, 0);
        return;
    }
    where = frame(m) * PAGE_SIZE + below(m, 512) * 8;
    descriptor = storm_random(m->s) << 40 ^ storm_random(m->s);
    set(m, __HYPERVISOR_update_descriptor, where, descriptor, 0, 0);
    split(m, 1, descriptor);
    split(m, 0, where);
}

/* ---- Events and time ---- */

static void make_event_op(struct making *m)
{
    uint32_t *words = (uint32_t *)m->area;
    uint64_t op = below(m, 16);

    for (unsigned i = 0; i < 6; i++)
        words[i] = (uint32_t)(below(m, 8) ? below(m, 12) : number(m));
    if (op == EVTCHNOP_alloc_unbound || op == EVTCHNOP_status || op == EVTCHNOP_reset)
        words[0] = (uint32_t)(domain(m) | peer(m) << 16);
    if (op == EVTCHNOP_bind_interdomain)
        words[0] = (uint32_t)peer(m);
    /* Some become true: the domain then has FIFO events until a reset. */
    if (op == EVTCHNOP_init_control || op == EVTCHNOP_expand_array) {
        *(uint64_t *)words = frame(m);
        words[2] = (uint32_t)below(m, 520) * 8;
        words[3] = (uint32_t)below(m, 4);
    }
    /* Without the console's port the verdict would not be heard. */
    if (op == EVTCHNOP_close && words[0] == start_info->console.domU.evtchn)
        words[0]++;
    /* Seldom, or there would be no ports. */
    if (op == EVTCHNOP_reset && below(m, 8))
        op = EVTCHNOP_send;
    set(m, __HYPERVISOR_event_channel_op, op, below(m, 16) ? (unsigned long)words : address(m), 0,
        0);
}

static void make_sched_op(struct making *m)
{
    struct sched_poll *poll = (struct sched_poll *)m->area;
    uint32_t *ports = (uint32_t *)(m->area + 8);

    for (unsigned i = 0; i < 8; i++)
        ports[i] = (uint32_t)(below(m, 8) ? below(m, 16) : number(m));
    *poll = (struct sched_poll){ .ports = (unsigned long)(below(m, 8) ? (unsigned long)ports
                                                                      : address(m)),
                                 .nr_ports = (uint32_t)(below(m, 8) ? below(m, 8) : number(m)),
                                 .timeout = 1 + below(m, 2) * (system_time() + below(m, 50000)) };
    if (below(m, 2))
        set(m, __HYPERVISOR_sched_op, SCHEDOP_yield, number(m), 0, 0);
    else
        set(m, __HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)poll, 0, 0);
}

static void make_timer_op(struct making *m)
{
    uint64_t when = below(m, 2) ? number(m) : system_time() + number(m);

    when = below(m, 2) ? when : -when;
    set(m, __HYPERVISOR_set_timer_op, when, 0, 0, 0);
    split(m, 0, when);
}

/* vCPU 0 stays up, and those that run keep their information where the test looks for it. */
static void make_vcpu_op(struct making *m)
{
    uint64_t *words = m->area;
    uint64_t op = below(m, 15), id = vcpu(m);

    words[0] = below(m, 2) ? address(m) : number(m);
    words[1] = number(m);
    if ((op == VCPUOP_down && (uint32_t)id == 0) || op == VCPUOP_initialise)
        op = VCPUOP_is_up;
    if (op == VCPUOP_register_vcpu_info) {
        id = storm_vcpus + below(m, 4);
        words[0] = frame(m);
    }
    if (op == VCPUOP_up && (uint32_t)id >= storm_vcpus)
        op = VCPUOP_get_runstate_info;
    set(m, __HYPERVISOR_vcpu_op, op, id,
        below(m, 16) && op != VCPUOP_get_runstate_info ? (unsigned long)words : address(m), 0);
}

/* A vCPU that is never brought up gets a context that is nearly right. */
static void make_initialise(struct making *m)
{
    static struct vcpu_guest_context contexts[STORM_VCPUS];
    struct vcpu_guest_context *c = &contexts[m->s->id];

    for (unsigned i = 0; i < sizeof(*c) / 8; i++)
        ((uint64_t *)c)[i] = below(m, 64) ? 0 : storm_random(m->s);
    for (unsigned i = 0; i < COUNT(c->gdt_frames); i++)
        c->gdt_frames[i] = (unsigned long)frame(m);
    c->gdt_ents = (unsigned long)(below(m, 2) ? below(m, 8000) : 0);
    c->ldt_base = (unsigned long)(below(m, 2) ? address(m) : 0);
    c->ldt_ents = (unsigned long)(below(m, 2) ? below(m, 9000) : 0);
    c->ctrlreg[3] = (unsigned long)(frame(m) * PAGE_SIZE);
    c->ctrlreg[1] = (unsigned long)(below(m, 2) ? frame(m) * PAGE_SIZE : 0);
    set(m, __HYPERVISOR_vcpu_op, VCPUOP_initialise, storm_vcpus + below(m, 4), (unsigned long)c, 0);
}

/* ---- The rest ---- */

/* Vectors that are no exceptions. The list ends behind the first. */
static void make_trap_table(struct making *m)
{
    struct trap_info *list = (struct trap_info *)m->area;

    list[0] = (struct trap_info){ .vector = (uint8_t)(32 + below(m, 224)),
                                  .flags = (uint8_t)below(m, 8),
                                  .address = (unsigned long)address(m) };
    list[1].address = 0;
    set(m, __HYPERVISOR_set_trap_table, (unsigned long)list, 0, 0, 0);
}

static void make_state(struct making *m)
{
    static const unsigned calls[] = {
        __HYPERVISOR_stack_switch,     __HYPERVISOR_fpu_taskswitch, __HYPERVISOR_set_debugreg,
        __HYPERVISOR_get_debugreg,     __HYPERVISOR_vm_assist,      __HYPERVISOR_physdev_op,
        __HYPERVISOR_set_segment_base, __HYPERVISOR_xen_version,    __HYPERVISOR_console_io,
    };
    unsigned call = calls[below(m, COUNT(calls))];
    uint64_t first = below(m, 12), second = below(m, 2) ? address(m) : number(m);

    /* What it would print is of no use to anybody. */
    if (call == __HYPERVISOR_console_io)
        first = CONSOLEIO_read;
    m->area[0] = number(m);
    set(m, call, first, second, address(m), 0);
}

static void make_nonsense(struct making *m)
{
    static const unsigned calls[] = {
        __HYPERVISOR_grant_table_op, __HYPERVISOR_xsm_op,     __HYPERVISOR_hvm_op,
        __HYPERVISOR_domctl,         __HYPERVISOR_sysctl,     __HYPERVISOR_platform_op,
        __HYPERVISOR_kexec_op,       __HYPERVISOR_argo_op,    __HYPERVISOR_xenpmu_op,
        __HYPERVISOR_dm_op,          __HYPERVISOR_mmuext_op,  __HYPERVISOR_event_channel_op,
        __HYPERVISOR_memory_op,      __HYPERVISOR_mmu_update, __HYPERVISOR_set_gdt,
        __HYPERVISOR_nmi_op,         __HYPERVISOR_physdev_op,
    };
    uint64_t call = below(m, 8) ? calls[below(m, COUNT(calls))] : 64 + number(m);

    m->area[0] = 0;
    /* Registered, a callback would be taken. */
    set(m, (unsigned)call, call == __HYPERVISOR_nmi_op ? 1 : number(m), address(m), number(m),
        number(m));
    m->e->op = (unsigned long)call;
}

typedef void maker(struct making *m);

static void make_multicall(struct making *m);

static maker *const makers[] = {
    make_mmu_update, make_mmu_update, make_mmuext_op,   make_mmuext_op,
    make_update_va,  make_memory_op,  make_event_op,    make_sched_op,
    make_timer_op,   make_vcpu_op,    make_initialise,  make_trap_table,
    make_state,      make_nonsense,   make_descriptors, make_multicall,
};

/* All but multicalls themselves. */
static void make_multicall(struct making *m)
{
    struct multicall_entry *list = (struct multicall_entry *)m->s->page;
    unsigned n = 1 + (unsigned)below(m, LIST_MAX);

    for (unsigned i = 0; i < n; i++) {
        struct making inner = { m->s, &list[i], m->s->page + AREA_WORDS * (i + 1) };

        makers[below(m, COUNT(makers) - 1)](&inner);
    }
    set(m, __HYPERVISOR_multicall, (unsigned long)list, n, 0, 0);
}

void storm_make_call(struct storm *s, struct multicall_entry *e)
{
    struct making m = { s, e, s->page };

    makers[below(&m, COUNT(makers))](&m);
}
