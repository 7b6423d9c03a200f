/* SPDX-License-Identifier: MIT */
/*
 * What hypercalls, traps and emulated instructions cost, in instructions.
 *
 * Runs on xen-lite and on the real Xen, under `xlite run --icount`: there the TSC counts one
 * for each instruction, the guest's and the hypervisor's. Each line it prints is
 *
 *     BENCH instructions operation
 *
 * for one turn of a loop of ROUNDS, loop included. tests/bench/table.py makes the table.
 */
#include "guest-kernel/lib/print.h"
#include "tests/guests/support/grant.h"
#include "tests/guests/support/support.h"

#define ROUNDS      200
#define WARM_UP     4
#define LIST        64
#define MULTICALLS  8
#define UNKNOWN     63
#define FAR_AHEAD   (1ULL << 45) /* ns */
#define MSR_EFER    0xc0000080u
#define INT80       0x80
#define USER_MAY    3
#define MASK_EVENTS 4
#define GRANT_REF   20

extern char bench_return[], bench_ud2[], bench_page_fault[], bench_syscall[], bench_event[];

/* For entry64.S and entry32.S: where an event is taken. */
struct vcpu_info *bench_vcpu_info;
unsigned long *bench_pending;

static uint64_t user_ticks;

static inline uint64_t rdtsc(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
    return low | (uint64_t)high << 32;
}

/* Ticks that ROUNDS turns of the statements take. The first ones are not counted: they may fill
 * the TLB. */
#define TICKS(...)                                  \
    ({                                              \
        uint64_t start_;                            \
                                                    \
        for (unsigned i_ = 0; i_ < WARM_UP; i_++) { \
            __VA_ARGS__;                            \
        }                                           \
        start_ = rdtsc();                           \
        for (unsigned i_ = 0; i_ < ROUNDS; i_++) {  \
            __VA_ARGS__;                            \
        }                                           \
        rdtsc() - start_;                           \
    })

/* Told at the end: printing would be work for the hypervisor during the next measurement. */
static struct {
    const char *operation;
    uint64_t ticks;
} results[32];
static unsigned measured;

static void note(const char *operation, uint64_t ticks)
{
    if (measured == COUNT(results))
        error("too many results");
    results[measured].operation = operation;
    results[measured++].ticks = ticks;
}

static void tell(void)
{
    for (unsigned i = 0; i < measured; i++)
        print("BENCH %lu %s\n", ((unsigned long)results[i].ticks + ROUNDS / 2) / ROUNDS,
              results[i].operation);
}

#define BENCH(operation, ...) note(operation, TICKS(__VA_ARGS__))

/* ---- Calls ---- */

static void calls(void)
{
    struct multicall_entry list[MULTICALLS];

    BENCH("null hypercall", CALL(xen_version, XENVER_version));
    BENCH("unknown hypercall", hypercall(UNKNOWN, 0, 0, 0, 0, 0));
    for (unsigned i = 0; i < MULTICALLS; i++)
        list[i] = (struct multicall_entry){ .op = __HYPERVISOR_xen_version };
    BENCH("multicall of 8", CALL(multicall, list, MULTICALLS));
    BENCH("set_timer_op", set_timer_op(FAR_AHEAD));
    set_timer_op(0);
    BENCH("sched_yield", CALL(sched_op, SCHEDOP_yield));
}

/* ---- Events ---- */

/* The handler clears whole words: this port must be the only one that comes. */
static void events(const char *pending, const char *upcall, evtchn_port_t to, evtchn_port_t from)
{
    struct evtchn_send send = { .port = from };

    bench_vcpu_info = &shared_info->vcpu_info[0];
    bench_pending = (unsigned long *)&shared_info->evtchn_pending[to / WORD_BITS];
    event_unmask_locally(to);
    if (pending != NULL) {
        events_mask();
        BENCH(pending, CALL(event_channel_op, EVTCHNOP_send, &send));
        event_clear(to);
    }
    WRITE_ONCE(bench_vcpu_info->evtchn_pending_sel, 0);
    WRITE_ONCE(bench_vcpu_info->evtchn_upcall_pending, 0);
    WRITE_ONCE(bench_vcpu_info->evtchn_upcall_mask, 0);
    BENCH(upcall, CALL(event_channel_op, EVTCHNOP_send, &send));
    events_mask();
    event_mask(to);
}

static void event_channels(void)
{
    struct callback_register callback = { .type = CALLBACKTYPE_event,
                                          .address = CALLBACK_AT(bench_event) };
    struct evtchn_bind_ipi ipi = { .vcpu = 0 };
    struct evtchn_alloc_unbound one = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain other = { .remote_dom = DOMID_SELF };

    CALL(callback_op, CALLBACKOP_register, &callback);
    if (event_op(EVTCHNOP_bind_ipi, &ipi) != 0 || event_op(EVTCHNOP_alloc_unbound, &one) != 0)
        error("no ports");
    other.remote_port = one.port;
    if (event_op(EVTCHNOP_bind_interdomain, &other) != 0)
        error("no channel");
    events("evtchn send, already pending", "evtchn send to self, upcall, iret", ipi.port, ipi.port);
    events(NULL, "interdomain send, upcall, iret", one.port, other.local_port);
}

/* ---- Page tables ---- */

static void updates(const uint64_t value[2])
{
    char *page = page_new();
    struct mmu_update list[LIST];
    unsigned turn = 0;

    for (unsigned i = 0; i < LIST; i++)
        list[i].ptr = entry_machine(page, 1);
    BENCH("mmu_update, 1 entry", list[0].val = value[turn++ & 1];
          CALL(mmu_update, list, 1, NULL, DOMID_SELF));
    for (unsigned i = 0; i < LIST; i++)
        list[i].val = value[i & 1];
    BENCH("mmu_update, 64 entries", CALL(mmu_update, list, LIST, NULL, DOMID_SELF));
    BENCH("update_va_mapping, invlpg", update_va_mapping(page, value[turn++ & 1], UVMF_INVLPG));
    BENCH("update_va_mapping, unmap, map", update_va_mapping(page, 0, UVMF_INVLPG);
          update_va_mapping(page, value[0], 0));
}

static void tables(const uint64_t value[2])
{
    uint64_t *table = table_new();
    struct mmuext_op pin = { .cmd = MMUEXT_PIN_L1_TABLE, .arg1.mfn = mfn_of(table) };
    struct mmuext_op unpin = { .cmd = MMUEXT_UNPIN_TABLE, .arg1.mfn = mfn_of(table) };
    struct mmuext_op base = { .cmd = MMUEXT_NEW_BASEPTR,
                              .arg1.mfn = mfn_of((void *)start_info->pt_base) };
    unsigned turn = 0;

    BENCH("pin + unpin of an empty L1", CALL(mmuext_op, &pin, 1, NULL, DOMID_SELF);
          CALL(mmuext_op, &unpin, 1, NULL, DOMID_SELF));
    BENCH("mmuext new_baseptr", CALL(mmuext_op, &base, 1, NULL, DOMID_SELF));
    CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables);
    CALL(mmuext_op, &pin, 1, NULL, DOMID_SELF);
    /* One store of a register: the frames differ in the lower half. */
    BENCH("trapped page-table write",
          WRITE_ONCE(*(unsigned long *)&table[3], (unsigned long)value[turn++ & 1]));
}

static void page_tables(void)
{
    uint64_t value[2] = { make_entry(page_new(), PTE_RW), make_entry(page_new(), PTE_RW) };

    updates(value);
    tables(value);
}

/* ---- Traps ---- */

/* Of the own grants, which need no second domain; first between frames of the own, as the ceilings
 * were measured. */
static void grants(void)
{
    domid_t self = own_domain();
    char *page = page_new(), *at = page_new();
    struct gnttab_copy copy = { .source = page_end(page, 0), .dest = page_end(at, 0), .len = 64 };
    struct gnttab_map_grant_ref map_op = {
        .host_addr = (unsigned long)at, .flags = GNTMAP_host_map, .ref = GRANT_REF, .dom = self
    };
    struct gnttab_unmap_grant_ref unmap_op = { .host_addr = (unsigned long)at };

    BENCH("grant copy, 64 bytes", CALL(grant_table_op, GNTTABOP_copy, &copy, 1));
    copy.len = 4096;
    BENCH("grant copy, 4 KiB", CALL(grant_table_op, GNTTABOP_copy, &copy, 1));
    grant_setup(1);
    grant_page(GRANT_REF, self, page, GTF_permit_access);
    copy.flags = GNTCOPY_source_gref;
    copy.source = grant_end(self, GRANT_REF, 0);
    BENCH("copy from a grant, 4 KiB", CALL(grant_table_op, GNTTABOP_copy, &copy, 1));
    copy.len = 64;
    BENCH("copy from a grant, 64 bytes", CALL(grant_table_op, GNTTABOP_copy, &copy, 1));
    BENCH("grant map + unmap", CALL(grant_table_op, GNTTABOP_map_grant_ref, &map_op, 1);
          unmap_op.handle = map_op.handle;
          CALL(grant_table_op, GNTTABOP_unmap_grant_ref, &unmap_op, 1));
    if (copy.status != GNTST_okay || map_op.status != GNTST_okay || unmap_op.status != GNTST_okay)
        error("grants: %d, %d, %d", copy.status, map_op.status, unmap_op.status);
}

static void own_handlers(void)
{
    const struct trap_info traps[] = {
        { X_BP, USER_MAY, FLAT_KERNEL_CS, (unsigned long)bench_return },
        { X_UD, 0, FLAT_KERNEL_CS, (unsigned long)bench_ud2 },
        { X_PF, MASK_EVENTS, FLAT_KERNEL_CS, (unsigned long)bench_page_fault },
        { INT80, USER_MAY, FLAT_KERNEL_CS, (unsigned long)bench_return },
        { 0 },
    };
    /* The second is for programs of 32 bits, the first for none of those. */
    struct callback_register callback = { .type = CALLBACKTYPE_syscall,
                                          .address = CALLBACK_AT(bench_syscall) };

    CALL(set_trap_table, traps);
    CALL(callback_op, CALLBACKOP_register, &callback);
    callback.type = CALLBACKTYPE_syscall32;
    CALL(callback_op, CALLBACKOP_register, &callback);
}

/* Of a register's size: three bytes, or two at 32 bits, which the handler steps over. */
#define FAULT(address) __asm__ volatile("mov (" R(ax) "), " R(bx) : : "a"(address) : "bx")

static void kernel_traps(void)
{
    BENCH("int3 to the kernel and back", __asm__ volatile("int3"));
    BENCH("ud2 to the kernel and back", __asm__ volatile("ud2"));
    BENCH("page fault to the kernel and back", FAULT(UNMAPPED_ADDRESS));
}

/* In user mode, until HLT: a fault that the support library takes. */
#define USER_FUNCTION(name, ...)         \
    static void name(void)               \
    {                                    \
        user_ticks = TICKS(__VA_ARGS__); \
        __asm__ volatile("hlt");         \
    }
USER_FUNCTION(user_syscalls, __asm__ volatile("syscall" ::: "cx", USER_CALL_CLOBBERS))
USER_FUNCTION(user_int80s, __asm__ volatile("int $0x80" ::: "memory"))
USER_FUNCTION(user_faults, FAULT(UNMAPPED_ADDRESS))

static void user_bench(const char *operation, void (*function)(void))
{
    user_run(function);
    note(operation, user_ticks);
}

/* ---- Instructions ---- */

static void instructions(void)
{
    unsigned long a, b, c, d;

    BENCH("RDMSR", __asm__ volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(MSR_EFER)));
    BENCH("MOV from CR0", __asm__ volatile("mov %%cr0, %0" : "=r"(a)));
    BENCH("CPUID with the prefix", __asm__ volatile(XEN_CPUID
                                                    : "=a"(a), "=b"(b), "=c"(c), "=d"(d)
                                                    : "0"(1), "2"(0)));
}

void test_main(void)
{
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0, NULL);
    events_mask();

    calls();
    event_channels();
    page_tables();
    grants();
    instructions();
    own_handlers();
    kernel_traps();
    user_bench("user SYSCALL and back", user_syscalls);
    user_bench("user int 0x80 and back", user_int80s);
    user_bench("user page fault and back", user_faults);
    tell();
}
