/* SPDX-License-Identifier: MIT */
/*
 * Calls about handlers, registers and modes, questions, devices, and what is not for guests.
 *
 * Never made: iret, which goes where the stack says; and of a privileged domain's calls those whose
 * arguments could be right, as they change the machine.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define NMI_VECTOR 2

/* ---- Handlers ---- */

/* NMIs are sent and do arrive. */
static uint64_t nmi_handler(void)
{
    return below(4) ? (unsigned long)vector_stubs + NMI_VECTOR * VECTOR_STUB_SIZE
                    : refused_handler();
}

/* Not for exceptions, which the test needs. */
static void make_trap_table(struct call *call)
{
    struct trap_info *list = (struct trap_info *)call->area;
    unsigned n = (unsigned)below(4);
    uint64_t at;

    for (unsigned i = 0; i < n; i++)
        list[i] = (struct trap_info){ .vector = (uint8_t)(32 + below(224)),
                                      .flags = (uint8_t)below(8),
                                      .cs = below(2) ? FLAT_KERNEL_CS : (uint16_t)edge(),
                                      .address = (unsigned long)handler() };
    list[n] = (struct trap_info){ .address = 0 };
    at = place(call, WORDS((n + 1) * sizeof(*list)));
    /* No list is no handler at all. */
    if (in_storm() && at == 0)
        at = (unsigned long)call->area;
    set_call(call, __HYPERVISOR_set_trap_table, at, 0, 0, 0);
}

static void make_callback(struct call *call)
{
    struct callback_register *r = (struct callback_register *)call->area;
    uint64_t op = or_edge(below(2)), type = or_edge(below(9)), nmi = nmi_handler(), address;

    *r = (struct callback_register){ .type = (uint16_t)type, .flags = (uint16_t)or_edge(below(2)) };
    address = handler();
    if (r->type == CALLBACKTYPE_nmi)
        address = nmi;
    if (r->type == CALLBACKTYPE_failsafe && in_storm())
        address = (unsigned long)failsafe_entry;
    set_address(r, address);
    set_call(call, __HYPERVISOR_callback_op, op, place(call, WORDS(sizeof(*r))), 0, 0);
}

void make_trap_call(struct call *call)
{
    switch (below(4)) {
    case 0: make_trap_table(call); break;
    case 1: make_callback(call); break;
    case 2: make_set_callbacks(call); break;
    default:
        call->area[0] = (unsigned long)nmi_handler();
        set_call(call, __HYPERVISOR_nmi_op, or_edge(below(2)), place(call, 2), 0, 0);
        break;
    }
}

/* ---- Registers and modes ---- */

/* Breakpoints on toys, which the test touches now and then, and on what nobody touches. */
static void make_debug_register(struct call *call)
{
    uint64_t which = or_edge(below(8)), value = address(), control = below(1ull << 32),
             bits = edge();

    if ((uint32_t)which == 7 || (uint32_t)which == 5) {
        value = once_in(4) ? bits : control;
    } else if ((uint32_t)which > 3) {
        value = bits;
    }
    set_call(call, __HYPERVISOR_set_debugreg, which, value, 0, 0);
}

static void make_io_privilege(struct call *call)
{
    struct physdev_set_iobitmap *map = (struct physdev_set_iobitmap *)call->area;
    uint64_t bad = bad_address(), where;

    if (below(2)) {
        call->area[0] = (unsigned long)or_edge(below(5));
        set_call(call, __HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, place(call, 1), 0, 0);
    } else {
        where = below(2) ? bad : (unsigned long)toys[0];
        if (crosses_end(where))
            call->expected = WHOLE_RANGE;
        map->bitmap = (unsigned long)where;
        map->nr_ports = (uint32_t)or_edge(below(65537));
        set_call(call, __HYPERVISOR_physdev_op, PHYSDEVOP_set_iobitmap,
                 place(call, WORDS(sizeof(*map))), 0, 0);
    }
}

void make_cpu_state(struct call *call)
{
    uint64_t value = edge(), where = address();

    switch (below(8)) {
    case 0: set_call(call, __HYPERVISOR_stack_switch, value, where, 0, 0); break;
    case 1: set_call(call, __HYPERVISOR_fpu_taskswitch, below(3), 0, 0, 0); break;
    case 2: make_debug_register(call); break;
    case 3: set_call(call, __HYPERVISOR_get_debugreg, or_edge(below(9)), 0, 0, 0); break;
    case 4:
        set_call(call, __HYPERVISOR_set_segment_base, or_edge(below(5)), below(2) ? value : where,
                 0, 0);
        break;
    case 5:
    case 6:
        set_call(call, __HYPERVISOR_vm_assist, or_edge(below(3)), or_edge(below(40)), 0, 0);
        break;
    default: make_io_privilege(call); break;
    }
}

/* ---- Questions ---- */

static void make_version(struct call *call)
{
    uint64_t op = or_edge(below(12));
    unsigned words = 1;

    switch (op) {
    case XENVER_extraversion:
    case XENVER_compile_info:
    case XENVER_capabilities:
    case XENVER_changeset:
    case XENVER_get_features:
    case XENVER_build_id:
        call->expected = OWN_TEXTS;
        words = WORDS(256); /* all texts fit, or none does */
        break;
    case XENVER_commandline: call->expected = COMMAND_LINE; break;
    default: break;
    }
    if (op == XENVER_guest_handle)
        call->output_is_machines = true; /* and neither starts like this */
    else
        call->area[0] = (unsigned long)or_edge(0);
    set_call(call, __HYPERVISOR_xen_version, op, once_in(4) ? 0 : place(call, words), 0, 0);
}

/* Nothing is written that could be read, as it would be in the way of the test's own words. */
static void make_console(struct call *call)
{
    uint64_t op = or_edge(below(3)), count = or_edge(below(64)), at = place(call, 8);

    if ((uint32_t)op == CONSOLEIO_write) {
        at = below(2) ? UNMAPPED_ADDRESS : HYPERVISOR_ADDRESS;
        call->used = 0;
    }
    call->expected = CONSOLE;
    set_call(call, __HYPERVISOR_console_io, op, count, at, 0);
}

void make_question(struct call *call)
{
    if (below(2))
        make_version(call);
    else
        make_console(call);
}

/* ---- Devices and privileges ---- */

/* The initial domain has devices: the argument cannot be read. */
static void make_physdev(struct call *call)
{
    uint64_t op = or_edge(below(33));

    if ((uint32_t)op != PHYSDEVOP_set_iopl && (uint32_t)op != PHYSDEVOP_set_iobitmap)
        call->expected = DEVICES;
    set_call(call, __HYPERVISOR_physdev_op, op, UNMAPPED_ADDRESS, 0, 0);
}

static void make_old_physdev(struct call *call)
{
    struct physdev_op *op = (struct physdev_op *)call->area;
    bool set_bitmap = below(2);

    op->cmd = set_bitmap ? PHYSDEVOP_set_iobitmap : PHYSDEVOP_set_iopl;
    op->u.set_iopl.iopl = (uint32_t)or_edge(below(5));
    op->u.set_iobitmap.nr_ports = (uint32_t)or_edge(100);
    if (set_bitmap)
        op->u.set_iobitmap.bitmap = (unsigned long)toys[0];
    set_call(call, __HYPERVISOR_physdev_op_compat, place(call, WORDS(sizeof(*op))), 0, 0, 0);
}

void make_device_call(struct call *call)
{
    if (below(2))
        make_physdev(call);
    else
        make_old_physdev(call);
}

/* The structures' version numbers are wrong, and so are the addresses in them. */
void make_privileged(struct call *call)
{
    static const struct {
        unsigned number;
        enum difference expected;
    } calls[] = {
        { __HYPERVISOR_platform_op, PRIVILEGED },   { __HYPERVISOR_sysctl, PRIVILEGED },
        { __HYPERVISOR_domctl, PRIVILEGED },        { __HYPERVISOR_kexec_op, PRIVILEGED_CALL },
        { __HYPERVISOR_hypfs_op, PRIVILEGED_CALL }, { __HYPERVISOR_arch_0, PRIVILEGED_CALL },
        { __HYPERVISOR_grant_table_op, SAME },      { __HYPERVISOR_xenoprof_op, NOT_OFFERED },
        { __HYPERVISOR_dm_op, NOT_OFFERED },        { __HYPERVISOR_hvm_op, NOT_OFFERED },
        { __HYPERVISOR_arch_1, NOT_OFFERED },
    };
    unsigned which = (unsigned)below(COUNT(calls));
    uint64_t at = place(call, 8), op = edge();

    call->expected = calls[which].expected;
    if (which < 3)
        set_call(call, calls[which].number, at, 0, 0, 0);
    else if (calls[which].number == __HYPERVISOR_arch_0 ||
             calls[which].number == __HYPERVISOR_arch_1)
        set_call(call, calls[which].number, at, 0, 0, 0);
    else
        set_call(call, calls[which].number, op, UNMAPPED_ADDRESS, below(2), 0);
}

/* Numbers without a call, and calls that Xen was built without or that are for other guests. */
void make_unknown(struct call *call)
{
    static const unsigned numbers[] = {
        11,
        __HYPERVISOR_xsm_op,

        __HYPERVISOR_tmem_op,
        __HYPERVISOR_argo_op,
        __HYPERVISOR_xenpmu_op,

        43,
        44,
        45,
        46,
        47,

        __HYPERVISOR_arch_2,
        __HYPERVISOR_arch_7,
        56,
        63,
    };
    uint64_t number = numbers[below(COUNT(numbers))], beyond = 64 + edge() % (~0ul - 64);

    if (once_in(4))
        number = beyond;
    set_call(call, (unsigned)number, edge(), below(2) ? UNMAPPED_ADDRESS : edge(), edge(), edge());
    call->e.op = (unsigned long)number;
}
