/* SPDX-License-Identifier: MIT */
/*
 * Domains and vCPUs: the state that every kind of guest has. What only PV guests have is in
 * pv/pv.h, behind .pv and the ops table.
 *
 * The hard idea is who may touch what. A vCPU is either loaded on one CPU, and then most of it is
 * that CPU's own, or it is loaded nowhere, and then whoever holds the right lock has it. A domain
 * is shared by all CPUs: each field is fixed, atomic, or under a lock that its key names. Pointers
 * to either are kept alive by references to the domain (domain/list.c): a vCPU lives as long.
 */
#ifndef XEN_LITE_DOMAIN_DOMAIN_H
#define XEN_LITE_DOMAIN_DOMAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/rules.h"
#include "abi/xen.h"
#include "core/evtchn.h"
#include "core/runqueue.h"
#include "domain/width.h"
#include "hv/lock.h"
#include "hv/timer.h"
#include "lib/bitmap.h"
#include "lib/list.h"
#include "lib/types.h"
#include "x86/cpu.h"
#include "x86/regs.h"
#include "x86/tlb.h"

#define MAX_VCPUS         128 /* of one domain; from 32 on they bring their own vcpu_info */
#define MAX_DOMAINS       256
#define DOMAIN_NAME_SIZE  32
/* Blocks of EVTCHN_PER_BLOCK ports: near ones hold what the bitmaps of a 64-bit guest do, 4096; far
 * ones the rest of what FIFO events allow. */
#define EVTCHN_BLOCKS     64
#define EVTCHN_ALL_BLOCKS (EVTCHN_FIFO_NR_CHANNELS / EVTCHN_PER_BLOCK)
#define EVTCHN_FAR_BLOCKS (EVTCHN_ALL_BLOCKS - EVTCHN_BLOCKS)
#define WATCHDOGS         2 /* of one domain */

struct domain;
struct vcpu;
struct pv_domain;
struct pv_vcpu;
struct console_ring;
struct origin;
struct grant_table;
struct evtchn_fifo;

/* What a kind of guest (today: PV) must be able to do. All are called without locks unless said. */
struct guest_ops {
    /* Allocates .pv; 0 or -XEN_ENOMEM. */
    int (*vcpu_create)(struct vcpu *v);
    void (*vcpu_destroy)(struct vcpu *v);
    /* Saves what is loaded in this CPU's registers, except the frame and FPU. Page tables stay. */
    void (*switch_out)(struct vcpu *v);
    /* Loads it: page tables, GDT, LDT, segments, debug registers. */
    void (*switch_in)(struct vcpu *v);
    /* One preemptible step of giving all frames back; true when done. */
    bool (*relinquish)(struct domain *d);
    /* VCPUOP_initialise: copies in and checks; errno. -XEN_EEXIST if v has its registers. */
    int (*vcpu_set_context)(struct vcpu *v, gva_t context);
    /* The crash report: registers, page-table walk, backtrace. */
    void (*describe)(struct vcpu *v);
    /* guest_copy_out() to the address space of v's kernel, whichever of v's tables is loaded. v is
     * the current vCPU. 0 or -XEN_EFAULT. */
    int (*kernel_copy_out)(struct vcpu *v, gva_t to, const void *from, size_t size);
};

enum vcpu_state {
    VCPU_DOWN,     /* not initialised or taken down by VCPUOP_down */
    VCPU_RUNNABLE, /* in a run queue, or about to be */
    VCPU_RUNNING,  /* loaded on .cpu */
    VCPU_BLOCKED,  /* SCHEDOP_block or poll: until an event */
};

/* The hypercall that a vCPU is in: for messages, and so that a multicall is not made inside
 * another. Kept by those who run batches, so a handler that refuses need not say who it is. */
#define CALL_NO_INDEX UINT32_MAX
struct call_context {
    const unsigned long *entry; /* number of the multicall's entry that runs; null: none does */
    uint32_t index;             /* element of a batch, or CALL_NO_INDEX */
};

/* What SCHEDOP_poll waits for. */
#define POLL_NONE     0            /* not polling (port 0 is never valid) */
#define POLL_ANY_PORT (UINT32_MAX) /* several: any event of the domain ends the wait */

/*
 * Invariants: .state is RUNNING if and only if a CPU has chosen it and it did not ask to stop
 * since; it is in a run queue only if it is RUNNABLE, .descheduled and not paused. While it is
 * loaded, .descheduled is false and cpu_top()->vcpu of .cpu points to it.
 *
 * Keys: c = set at creation; o = only the CPU on which the vCPU is loaded (or anyone while it is
 * not loaded); r = run queue lock of .cpu; e = the domain's event lock; g = also written by the
 * guest: read once; a = atomic.
 */
struct vcpu {
    struct domain *domain; /* c */
    unsigned int id;       /* c */
    struct pv_vcpu *pv;    /* c */

    /* Registers of the guest while it is not loaded; while it is, they are in cpu_top()->guest. */
    struct regs regs;         /* o */
    void *fpu;                /* o: XSAVE area, 64-byte aligned */
    struct call_context call; /* o */

    /* Scheduling (domain/sched*.c) */
    struct runqueue_entry run; /* r */
    enum vcpu_state state;     /* r; a: may be read without the lock as a hint */
    unsigned int cpu;          /* r: where it runs or ran last; a */
    bool initialising;         /* a: VCPUOP_initialise has begun */
    bool initialised;          /* a: it was done, or the builder has done the same */
    bool yielded;              /* o: has asked to let others run first */
    bool descheduled;          /* a: its state is saved: no CPU has it loaded */
    cpu_set_t affinity;        /* c: cpus= */
    uint64_t run_since;        /* r: ns, up to where its time has been charged */
    uint64_t turn_since;       /* r: ns, when it was last chosen to run */
    uint32_t pause_count;      /* r: > 0 keeps it from running */
    uint32_t poll_port;        /* a: POLL_NONE, POLL_ANY_PORT or the one port that ends its wait */

    /* Time (domain/time.c, domain/timers.c) */
    struct timer singleshot;               /* t: under the lock of a timer queue (hv/timer.h) */
    struct timer periodic;                 /* t: set only while the vCPU is loaded */
    struct timer poll_timer;               /* t: SCHEDOP_poll's time-out */
    uint64_t period;                       /* a: ns, 0 = off */
    uint64_t period_loaded;                /* o: with which .periodic was set since it is loaded */
    uint64_t period_last;                  /* o: system time of the last periodic event */
    struct vcpu_runstate_info_64 runstate; /* r: the hypervisor's own copy */
    gva_t runstate_area;                   /* a: the guest's copy, 0 = none */
    gva_t time_area;                       /* a: VCPUOP_register_vcpu_time_memory_area, 0 = none */

    /* Events (domain/evtchn*.c) */
    struct shared_vcpu *info;   /* a: moved once by VCPUOP_register_vcpu_info; g */
    struct shared_vcpu no_info; /* a: .info until then, if shared_info has no place for it */
    mfn_t info_frame;           /* e: the guest's frame of a registered vcpu_info, or INVALID_MFN */
    uint32_t virq_port[NR_VIRQS]; /* e: 0 = not bound */
    bool nmi_pending;             /* a */
    bool nmi_blocked;             /* o: the guest is in its NMI handler */
};

/* Boot-time configuration, copied from the module's command line. */
struct domain_config {
    char name[DOMAIN_NAME_SIZE];
    char command_line[MAX_GUEST_CMDLINE];
    uint32_t memory_pages, max_pages;
    uint32_t vcpus, max_vcpus;
    cpu_set_t cpus[MAX_VCPUS]; /* where each vCPU may run */
    uint32_t weight; /* cpu_weight=: its share of a CPU beside others'; 256 is the usual one */
    uint32_t cap;    /* cap=: percent of one CPU that it has at most; 0: no limit */
    uint32_t max_event_channels; /* its last port, at most */
};

/* How far a domain has come: only forward (docs/domain-life.md). */
enum domain_life {
    DOMAIN_BUILDING,
    DOMAIN_ALIVE,
    DOMAIN_PRESERVED, /* it has shut down, and is left as it was */
    DOMAIN_STOPPING,
    DOMAIN_CLOSING,
    DOMAIN_EMPTYING,
    DOMAIN_GONE,
};

#define SHUTDOWN_NONE 0xffff /* no reason given yet */

/*
 * Invariants: .pages is the length of the list at .page_list, with .pages_away never above
 * .max_pages; .shut_down comes before .dying, and that before any frame or port is taken away;
 * .cpus_loaded has the bit of every CPU whose CR3 names one of the domain's tables, or that moves
 * one of its vCPUs to its own queue; .port_count never shrinks; .fifo is null if and only if its
 * events are two-level, and changes only while no port but the kept ones is open, or to FIFO.
 *
 * Keys: c = set at creation; p = .page_lock; m = .mmu_lock; e = .event_lock; q = .queue_lock (or
 * both); w = .watchdog_lock; a = atomic; d = only who destroys the domain; g = also written by the
 * guest: read once.
 */
struct domain {
    uint16_t id;                               /* c */
    uint32_t serial;                           /* c: its birth: ids are used again, these not */
    struct domain_config config;               /* c */
    const struct guest_ops *ops;               /* c */
    struct pv_domain *pv;                      /* c */
    const struct guest_width *width;           /* c */
    struct vcpu *vcpu[MAX_VCPUS];              /* c: null where there is none */
    bool privileged;                           /* c: false for all boot-time domains */
    struct runqueue_group run_group[MAX_CPUS]; /* each: under the lock of that CPU's run queue */

    /* cap= (domain/sched_cap.c) */
    uint64_t budget;     /* c: ns that its vCPUs may run in a period; 0: as long as they can */
    int64_t budget_left; /* a: ns; <= 0: none of them is to run */
    bool refilling;      /* a: .refill is set, or its function runs */
    uint64_t refill_at;  /* o: for which moment; of who has set .refilling */
    struct timer refill;

    /* Memory */
    struct spinlock page_lock;
    uint32_t page_list;    /* p: first frame's index, or PAGE_LIST_END */
    uint32_t pages;        /* p: frames owned (allocation references) */
    uint32_t pages_away;   /* p: taken by an exchange that is under way, as many will come back */
    uint32_t max_pages;    /* c */
    struct e820entry *map; /* p: what memory_map tells: .map_entries of them, null if 0 */
    uint32_t map_entries;  /* p */
    struct spinlock mmu_lock;
    uint64_t rotated;      /* a: ns of system time when vCPUs last changed CPUs in turn: a hint */
    cpu_set_t cpus_loaded; /* a: CPUs that may hold TLB entries of this domain's tables */
    struct shared_page *shared; /* c: direct-map address; g */
    mfn_t shared_mfn;           /* c */

    /* Events */
    struct spinlock event_lock;
    struct evtchn *ports[EVTCHN_BLOCKS]; /* e; a: a block, once there, stays until the end */
    struct evtchn **far_ports;           /* e; a: the same for the others; null if there are none */
    uint32_t port_count;                 /* e; a: ports that exist, a multiple of a block */
    uint32_t quick_ports; /* e: ports below are near, and events two-level: 0 with FIFO events */
    DECLARE_BITMAP(free_blocks, EVTCHN_ALL_BLOCKS); /* e: which have a port that is free */
    uint32_t leaving; /* e: first and last of the ports that are EVTCHN_LEAVING; 0: none */
    uint32_t leaving_last;
    uint32_t ports_open; /* e: that are neither free nor reserved */
    uint32_t ports_kept; /* e: of those, which the hypervisor serves: a reset leaves them */
    struct spinlock queue_lock;
    struct evtchn_fifo *fifo; /* e; a: null: two-level; what it points to is q */
    /* Why an event may have to be told in another way than by the bitmaps: one word to look at. */
    union {
        struct {
            uint32_t pollers;  /* a: bits in .polling, or more */
            uint32_t has_fifo; /* a: 1 if .fifo is there */
        };
        uint64_t attention; /* a: 0 if neither */
    };
    uint32_t polling[MAX_VCPUS / 32]; /* a: vCPUs in SCHEDOP_poll */

    struct grant_table *grant; /* c: domain/grant.h */

    /* Console and log */
    struct console_ring *console; /* c: null if the image has none */
    uint64_t log_bucket;          /* a: core/token_bucket.h: lines that it may still cause */
    uint32_t log_dropped;         /* a */
    uint64_t log_last;            /* a: which rule was broken where, the last time */
    uint32_t log_repeats;         /* a: how often in a row */
    uint32_t advised[(RULE_COUNT + 31) / 32]; /* a: rules whose advice was given */

    /* Life */
    uint32_t references;        /* a: pointers to this struct in use; freed at 0 */
    uint8_t life;               /* a: enum domain_life */
    bool dying;                 /* a: no new references to its frames and ports */
    bool held;                  /* d: ended but for frames that other domains have mapped */
    bool shut_down;             /* a */
    uint16_t shutdown_code;     /* a: SHUTDOWN_*, or SHUTDOWN_NONE */
    struct origin *origin;      /* d; before that c: what it was built from; null while it is */
    struct origin *former_of;   /* d: while it is held: what comes again after it, or null */
    bool told;                  /* d: its end was told when it was preserved */
    uint32_t port_reset;        /* e: how far a preempted EVTCHNOP_reset or the end has come */
    struct list_node reap_link; /* d */
    struct spinlock watchdog_lock;
    struct timer watchdog[WATCHDOGS]; /* w: whether it is set; else the lock of a timer queue */
    uint8_t watchdogs_used;           /* w: bit per watchdog */

    /* Time */
    uint64_t wallclock_offset; /* c: ns to be added to system time for UTC */
    uint64_t vm_assist;        /* a: VMASST_TYPE_* bits */
};

/* CR2 of a guest is in memory that it shares. 64 bits are written at either width: behind 32 of
 * them is padding, which is nobody's. address is of the guest's width. */
static inline uint64_t vcpu_cr2(const struct vcpu *v)
{
    const struct guest_width *width = v->domain->width;

    return READ_ONCE(*shared_word(v->info, width->cr2)) & width->word_mask;
}

static inline void vcpu_set_cr2(struct vcpu *v, uint64_t address)
{
    WRITE_ONCE(*shared_word(v->info, v->domain->width->cr2), address);
}

/* Where v's vcpu_info is until the guest moves it. */
static inline struct shared_vcpu *vcpu_first_info(struct vcpu *v)
{
    return v->id < XEN_LEGACY_MAX_VCPUS ? &v->domain->shared->vcpu_info[v->id] : &v->no_info;
}

/* ---- domain/list.c ---- */

/* Takes a reference. Null if there is no such domain or it is being destroyed. DOMID_SELF is not
 * resolved here. */
struct domain *domain_get(uint16_t id);
/* The same for the domain that had this id at its birth of that number, also if it is being
 * destroyed; null once it is gone. */
struct domain *domain_get_born(uint16_t id, uint32_t serial);
void domain_put(struct domain *d);

/* The domain without a reference: only for who holds something that keeps it (the event lock of a
 * domain with a channel to it, or a frame of it). */
extern struct domain *domain_table[MAX_DOMAINS + 1]; /* a: by id, from 1 on */
static inline struct domain *domain_peek(uint16_t id)
{
    return id <= MAX_DOMAINS ? atomic_load(&domain_table[id]) : NULL;
}

/* Domains that have not ended. */
unsigned int domain_count(void);

/* Calls f for each domain that is not being destroyed, with a reference held and no lock. */
void domain_for_each(void (*f)(struct domain *d, void *arg), void *arg);

/* ---- domain/create.c ---- */

/* A new domain without vCPUs and memory; null: no memory, or there are MAX_DOMAINS. The caller goes
 * on to fill it and at last lets vCPU 0 run (vcpu_bring_up), or gives up by domain_shutdown(). */
struct domain *domain_create(const struct domain_config *config, const struct guest_ops *ops,
                             const struct guest_width *width);

/* Null: no memory. id is below MAX_VCPUS and new. */
struct vcpu *vcpu_create(struct domain *d, unsigned int id);

/* The vCPU of that number, or null. The number may come from a guest. */
static inline struct vcpu *domain_vcpu(const struct domain *d, uint64_t id)
{
    return id < MAX_VCPUS ? d->vcpu[id] : NULL;
}

/* ---- domain/crash.c ---- */

/* Ends the domain with SHUTDOWN_crash and prints the report. Returns: the caller unwinds normally;
 * the vCPU does not run again. For the current vCPU's domain only; no lock held. */
void domain_crash(struct domain *d, const char *why, ...) PRINTF_LIKE(2, 3);
/* The same where a rule says why: with its name, and its advice in a line of its own. */
void domain_crash_by_rule(struct domain *d, enum rule_id rule, const char *why, ...)
    PRINTF_LIKE(3, 4);

/* SCHEDOP_shutdown: stops all vCPUs, starts the destruction. From any CPU; no lock held. Only the
 * first call counts. A code that was latched before (SCHEDOP_shutdown_code) wins, also over a
 * crash. */
void domain_shutdown(struct domain *d, unsigned int code);

/* "poweroff", "crash", ...; "crash" for numbers that mean nothing. */
const char *shutdown_name(unsigned int code);

/* ---- domain/destroy.c ---- */

/* Registers WORK_REAP and what is to be done after the last domain. audit may be null. */
void destroy_init(unsigned long (*audit)(void));

/* d has been shut down, or failed to be built: takes it apart in the background. */
void domain_reap(struct domain *d);

/* A vCPU of a domain that has been shut down was taken off its CPU. */
void domain_reap_continue(void);

#endif
