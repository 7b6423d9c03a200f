/* SPDX-License-Identifier: MIT */
/* Calls about events, scheduling, time and vCPUs. Events stay masked. */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

/* Ports are given out from the lowest up. */
static uint64_t port(void)
{
    uint64_t number = or_edge(1 + below(8));

    return number > 0 && number < 64 ? number + port_base : number;
}

/* The 32-bit words of an operation's argument that a port is written to. */
static unsigned port_words(uint64_t op)
{
    switch (op) {
    case EVTCHNOP_alloc_unbound:
    case EVTCHNOP_bind_ipi: return 1u << 1;
    case EVTCHNOP_bind_interdomain:
    case EVTCHNOP_bind_virq: return 1u << 2;
    case EVTCHNOP_status: return 1u << 5;
    default: return 0;
    }
}

/* ---- Event channels ---- */

static void fill_ports(struct call *call, uint64_t op, uint32_t *words)
{
    uint64_t id = domain(call), other = domain(call), p = port(), vcpu = or_edge(0);

    switch (op) {
    case EVTCHNOP_alloc_unbound:
        words[0] = (uint32_t)((uint16_t)id | (uint64_t)(uint16_t)other << 16);
        break;
    case EVTCHNOP_bind_interdomain:
        words[0] = (uint16_t)id;
        words[1] = (uint32_t)p;
        break;
    case EVTCHNOP_bind_virq:
        words[0] = (uint32_t)or_edge(below(26));
        words[1] = (uint32_t)vcpu;
        break;
    case EVTCHNOP_bind_pirq: /* none that a machine has */
        words[0] = (uint32_t)(0x10000 | p);
        words[1] = (uint32_t)vcpu;
        call->expected = NO_PIRQ;
        break;
    case EVTCHNOP_bind_ipi: words[0] = (uint32_t)vcpu; break;
    case EVTCHNOP_status:
        words[0] = (uint16_t)id;
        words[1] = (uint32_t)p;
        break;
    case EVTCHNOP_reset: words[0] = (uint16_t)id; break;
    default:
        words[0] = (uint32_t)p;
        words[1] = (uint32_t)vcpu;
        break;
    }
}

void make_event_op(struct call *call)
{
    uint32_t *words = (uint32_t *)call->area;
    uint64_t upper = or_edge(0) & ~(uint64_t)~0u, op = (uint32_t)or_edge(below(11)), at;
    bool old = once_in(4);

    /* Seldom, or there would be no ports. */
    if (op == EVTCHNOP_reset && (below(4) || among_domains))
        op = EVTCHNOP_alloc_unbound;
    fill_ports(call, op, old ? words + 1 : words);
    if (old)
        words[0] = (uint32_t)op;
    call->ports = port_words(op) << old;
    if (op == EVTCHNOP_status)
        call->tells_peer = 1 + (unsigned)old * 4;
    at = place(call, 4);
    /* Xen has the port taken, and cannot tell which: it would stay until the next reset. */
    if (call->ports && op != EVTCHNOP_status && at == read_only_area(call))
        call->at = at = (unsigned long)call->area;
    if (old)
        set_call(call, __HYPERVISOR_event_channel_op_compat, at, 0, 0, 0);
    else
        set_call(call, __HYPERVISOR_event_channel_op, upper | op, at, 0, 0);
}

/* Control blocks and arrays in toys, which may be gone, or be tables, before long. */
void make_fifo_op(struct call *call)
{
    uint64_t op = EVTCHNOP_init_control + below(3), mfn = frame();
    void *area = call->area;

    if (is_live(mfn))
        mfn = toy_frame(0);

    switch (op) {
    case EVTCHNOP_init_control:
        *(struct evtchn_init_control *)area = (struct evtchn_init_control){
            .control_gfn = mfn,
            .offset = (uint32_t)or_edge(below(64) * 64),
            .vcpu = (uint32_t)or_edge(any_vcpu()),
        };
        break;
    case EVTCHNOP_expand_array:
        *(struct evtchn_expand_array *)area = (struct evtchn_expand_array){ .array_gfn = mfn };
        break;
    default:
        *(struct evtchn_set_priority *)area =
            (struct evtchn_set_priority){ .port = (uint32_t)port(),
                                          .priority = (uint32_t)or_edge(below(16)) };
        break;
    }
    set_call(call, __HYPERVISOR_event_channel_op, op,
             place(call, WORDS(sizeof(struct evtchn_init_control))), 0, 0);
}

/* ---- Scheduling and time ---- */

/* The end, and what is remembered for it, is only asked for where the reason cannot be read. */
static uint64_t unreadable(void)
{
    static const uint64_t addresses[] = { 0, UNMAPPED_ADDRESS, HYPERVISOR_ADDRESS,
                                          NONCANONICAL_ADDRESS };

    return addresses[below(COUNT(addresses))];
}

#define PORTS      8 /* of a poll */
#define PORTS_WORD 8 /* of the area: where their list is */

/* With a moment in the past or near, as nothing else ends it. The ports are one and the same:
 * before a bad one, a good one would count only if it is not pending, and timers come when they
 * come. */
static uint64_t fill_poll(struct call *call)
{
    struct sched_poll *poll = (struct sched_poll *)call->area;
    uint32_t *ports = (uint32_t *)&call->area[PORTS_WORD];
    uint64_t bad = bad_address(), one = port();

    for (unsigned i = 0; i < PORTS; i++)
        ports[i] = (uint32_t)one;
    *poll = (struct sched_poll){ .ports = once_in(8) ? bad : (unsigned long)ports,
                                 .nr_ports = (uint32_t)or_edge(below(6)),
                                 .timeout = 1 + below(2) * 1000 };
    return place(call, PORTS_WORD + WORDS(PORTS * sizeof(*ports)));
}

static uint64_t fill_sched(struct call *call, uint64_t op)
{
    uint32_t *words = (uint32_t *)call->area;
    static const uint16_t nobody[] = { 5, 0x7000, DOMID_SELF, DOMID_INVALID, 0xffff };

    switch (op) {
    case SCHEDOP_shutdown:
    case SCHEDOP_shutdown_code: return unreadable();
    case SCHEDOP_poll: return fill_poll(call);
    case SCHEDOP_remote_shutdown:
        words[0] = nobody[below(COUNT(nobody))];
        words[1] = (uint32_t)below(8);
        break;
    case SCHEDOP_watchdog: /* hours, which no run takes */
        words[0] = (uint32_t)or_edge(below(4));
        words[1] = (uint32_t)(words[0] != 0 && once_in(3) ? 0 : 10000 + below(1000));
        call->expected = words[0] == 0 ? WATCHDOG : SAME;
        break;
    case SCHEDOP_pin_override:
        words[0] = (uint32_t)edge();
        call->expected = PRIVILEGED_SCHED;
        break;
    default: break;
    }
    return place(call, 2);
}

/* Not block: it waits for events, which are masked, and unmasks them. */
void make_sched_op(struct call *call)
{
    uint64_t op = or_edge(below(9)), old = 3 + below(8);

    if ((uint32_t)op == SCHEDOP_block)
        op = SCHEDOP_poll;
    if (once_in(8)) {
        old = once_in(4) ? SCHEDOP_yield : old;
        set_call(call, __HYPERVISOR_sched_op_compat, old, edge(), 0, 0);
    } else {
        set_call(call, __HYPERVISOR_sched_op, op, fill_sched(call, (uint32_t)op), 0, 0);
    }
}

void make_timer_op(struct call *call)
{
    uint64_t when = once_in(2) ? edge() : below(1ull << 40);
    unsigned next;

    set_call(call, __HYPERVISOR_set_timer_op, 0, 0, 0, 0);
    next = put_wide(call, 0, when);
    call->e.args[next] = (unsigned long)edge();
}

/* ---- vCPUs ---- */

/* The information must stay where the guest looks for it: what is asked for cannot be. */
static void fill_vcpu_info(struct vcpu_register_vcpu_info *info)
{
    static const uint64_t frames[] = { 1ull << 40, ~0ull };

    info->mfn = below(2) ? frames[below(COUNT(frames))] : toy_frame((unsigned)below(TOYS));
    info->offset = (uint32_t)(PAGE_SIZE - 60 + below(128));
    info->rsvd = 0;
}

/* Long past or far away: whether a moment within the run is past depends on the machine's speed. */
static uint64_t clear_moment(uint64_t moment)
{
    return moment >= 1ull << 30 && moment < 1ull << 40 ? moment << 16 : moment;
}

void make_vcpu_op(struct call *call)
{
    void *area = call->area;
    uint64_t op = or_edge(below(15)), id = or_edge(any_vcpu());
    uint64_t where = bad_address(), value = edge(), at;

    /* The only vCPU would be down for good. */
    if ((uint32_t)op == VCPUOP_down && (uint32_t)id == 0)
        op = VCPUOP_is_up;
    switch ((uint32_t)op) {
    case VCPUOP_get_runstate_info: call->output_is_machines = true; break;
    case VCPUOP_register_vcpu_info: fill_vcpu_info(area); break;
    case VCPUOP_register_runstate_memory_area:
    case VCPUOP_register_vcpu_time_memory_area:
        *(struct vcpu_register_time_memory_area *)area =
            (struct vcpu_register_time_memory_area){ .addr.p = where };
        if (crosses_end(where))
            call->expected = WHOLE_RANGE;
        break;
    case VCPUOP_set_periodic_timer:
    case VCPUOP_set_singleshot_timer:
        *(struct vcpu_set_singleshot_timer *)area =
            (struct vcpu_set_singleshot_timer){ .timeout_abs_ns = clear_moment(value),
                                                .flags = (uint32_t)below(4) };
        break;
    case VCPUOP_get_physid: call->expected = FIXED_CPU; break;
    default: break;
    }
    at = place(call, WORDS(sizeof(struct vcpu_register_vcpu_info)));
    /* Without a callback an NMI is lost when the guest runs: none may come before that. */
    call->ends_list = (uint32_t)op == VCPUOP_send_nmi;
    if (call->ends_list && below(4))
        at = 0;
    set_call(call, __HYPERVISOR_vcpu_op, op, id, at, 0);
}
