/* SPDX-License-Identifier: MIT */
/* What the random calls are made of: random numbers, calls being made up, the world that they act
 * on, and the record of what came of them. */
#ifndef TESTS_GUESTS_RANDOM_CALLS_RANDOM_H
#define TESTS_GUESTS_RANDOM_CALLS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/xen.h"
#include "tests/guests/support/memory.h"

/* ---- Differences that are expected ---- */

/* See differences.def. */
enum difference {
    SAME,
#define DIFFERENCE(name, ...) name,
#include "tests/guests/random-calls/differences.def"
};

/* The run is compared with one on the real Xen as an unprivileged domain, so with fewer marks, and
 * the port of the console must stay. */
extern bool among_domains;

/* ---- A call ---- */

#define ARGUMENTS  5
#define AREA_WORDS 128
#define SLOTS      8
#define VCPUS      8

/* Words of the guest's width. */
#define WORDS(bytes)      (((bytes) + sizeof(long) - 1) / sizeof(long))
#define WORD_AT(type, of) (offsetof(type, of) / sizeof(long))

/* Calls of one multicall have a slot each: where their arguments lie. Four pages: the arguments'
 * own page, which several share in a mass, the same read-only, a page for arguments that reach
 * beyond its end, and nothing. */
struct slot {
    unsigned long area[PAGE_SIZE / sizeof(long)];
    unsigned long read_only[PAGE_SIZE / sizeof(long)];
    unsigned long cliff[PAGE_SIZE / sizeof(long)];
    unsigned long nothing[PAGE_SIZE / sizeof(long)];
};

/* As many for each vCPU. */
extern struct slot slots[VCPUS * SLOTS];

/* A call as made up. */
struct call {
    struct slot *slot;
    unsigned long *area; /* its part of the slot's */
    struct multicall_entry e;
    unsigned used;            /* words of the slot's area that hold arguments */
    unsigned long at;         /* where place() put them */
    unsigned ports;           /* a bit for each 32-bit word of them that a port is written to */
    unsigned tells_peer;      /* where among them a struct evtchn_status is, plus 1; 0: nowhere */
    enum difference expected; /* what about its result differs between hypervisors */
    unsigned operation;       /* what it is counted as (tally.c) */
    unsigned status_at;       /* where among its arguments a status is that counts; 0: nowhere */
    unsigned window;          /* of a mapping that it is to make, plus 1 (grants.h) */
    bool is_spent;            /* may not be made again */
    bool has_own_id;          /* among its arguments */
    bool result_is_machines;  /* a result that is no error tells about the machine */
    bool output_is_machines;  /* as does what it writes: only that it writes counts */
    bool ends_list; /* whether it is the last of a multicall makes no difference if it always is */
    void (*after)(struct call *call); /* sets right what the call did; no call before it has */
};

/* Makes a call up, its arguments in this slot. */
void make_call(struct call *call, unsigned slot);

/* ---- Random numbers: each vCPU has its own ---- */

void random_seed(uint64_t seed, uint64_t block);
uint64_t below(uint64_t limit);

/* True once in so many times. */
bool once_in(uint64_t times);

/* ---- Values (values.c) ---- */

/* A number at the edge of some type. */
uint64_t edge(void);

/* number, but seldom one at an edge. */
uint64_t or_edge(uint64_t number);

/* A domain's id; notes in the call when that id means more to a privileged domain. */
uint64_t domain(struct call *call);

/* A machine frame: mostly a toy's. */
uint64_t frame(void);

/* One of the guest's own ground, which nothing may be written to (page_calls.c). */
bool is_live(uint64_t mfn);

/* A page-table entry. */
uint64_t entry(struct call *call);

/* An address that is of no use for arguments, and any address. */
uint64_t bad_address(void);
uint64_t address(void);

/* Of a handler: one that exists, or nothing. */
uint64_t handler(void);
uint64_t failsafe_handler(void);

/* Says how many words of the area the arguments take, and gives the address to be passed: mostly
 * the area's, seldom one of a copy where something is wrong, or one that is wrong itself. */
uint64_t place(struct call *call, unsigned words);

/* The arguments' own place where it cannot be written. */
unsigned long read_only_area(const struct call *call);

/* Fills the call in; the rest of its arguments is 0. */
void set_call(struct call *call, unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/* Puts a 64-bit argument there: one register, or two in a 32-bit guest. Returns the next one. */
unsigned put_wide(struct call *call, unsigned argument, uint64_t value);

/* ---- What depends on the width (width64.c, width32.c) ---- */

#define TOYS 24

/* What a toy is after a reset. */
enum kind {
    WRITABLE,
    READ_ONLY,
    UNMAPPED,
    L1,
    L2,
    L3,
    L4,
    DESCRIPTORS,
    EMPTY, /* read-only and zero: as a table it has any level */
};

extern const struct plan {
    enum kind kind;
    bool pinned;
    unsigned below; /* the toy that the first entry is for */
} plan[TOYS];

/* Puts into a toy's table what its level must have beside the first entry. */
void fill_kernel_part(unsigned toy, uint64_t *words);

/* Addresses that are of no use for arguments. */
#define BAD_ADDRESSES 14
extern const uint64_t bad_addresses[BAD_ADDRESSES];

/* True for a bad address near the end of an address range, at which nothing longer than a word can
 * lie: the argument would not fit, which Xen does not see beforehand. */
bool crosses_end(uint64_t address);

/* Another descriptor, place of an LDT or frame to be pinned as L3, for one that the two hypervisors
 * do not agree on. */
uint64_t agreed_l3(uint64_t mfn);
uint64_t agreed_descriptor(uint64_t value);
uint64_t agreed_ldt(uint64_t address);

/* Where an NMI's handler may not be, or where it is if it may be anywhere. */
uint64_t refused_handler(void);

/* How many extents an exchange may have that may end before all are done. */
extern const unsigned exchange_most;

/* Marks what differs at this width alone. */
void expect_by_width(struct call *call);

/* A word of a toy without the bits that depend on the hypervisor. And all calls' toys are looked
 * at: a new block begins. */
uint64_t comparable(unsigned toy, unsigned index, uint64_t word);
void forget_roots(void);

struct callback_register;
void set_address(struct callback_register *callback, uint64_t address);
void make_set_callbacks(struct call *call);

/* ---- The world (world.c) ---- */

/* A frame that does not exist; toys without a frame have numbers from here on. */
#define NO_FRAME (1ul << (sizeof(long) == 8 ? 39 : 28))

extern char toys[TOYS][PAGE_SIZE];

void world_init(void);

/* The same without a record, and no matter what is left of it. */
void world_renew(void);

/* Only the handlers and callbacks. */
void world_callbacks(void);

/* A frame that came: some toy's that has none, or it is given back. */
void world_take(uint64_t mfn);

/* Puts everything back that calls could have changed. What that meets is recorded: it tells in
 * which state the world was. */
void world_reset(void);

/* Toys that the last reset found in use though nothing uses them. */
unsigned toys_kept_busy(void);

/* Without looking at results: frames for toys that have none, no pins, all vCPUs up. */
void world_mend(unsigned vcpus);

uint64_t toy_frame(unsigned toy);

/* Gives a toy another frame, which an exchange put in the old one's place. */
void toy_set_frame(unsigned toy, uint64_t mfn);

/* A toy was given back. When all that were are noted, toys_look() finds out which are still in use.
 * The others' frames are forgotten: one hypervisor may give them out again, another not yet. */
void toy_given_back(unsigned toy);
void toys_look(void);

/* Toys that were given back are still in use; when they are not any more, their frames may be given
 * out again, unnoticed. So nothing should be asked for until the reset. */
bool toys_linger(void);

/* The machine address of the entry that maps a toy at its own address. */
uint64_t toy_entry(unsigned toy);

/* A page-table entry names a toy. An entry that nobody has checked says nothing to the hypervisor:
 * if the toy's frame went, it might be given out again, on one machine as this toy and on another
 * as that. So toys that are named keep their frames. */
void toy_name(unsigned toy);
bool toy_is_named(unsigned toy);

/* Frames that are no toys but exist: of the guest's own tables, the shared page, and one of the
 * hypervisor's. */
enum { FRAME_ROOT, FRAME_TABLE, FRAME_SHARED, FRAME_HYPERVISOR, OTHER_FRAMES };
uint64_t other_frame(unsigned index);

/* The number that stands for a frame in records: TOYS + index for others; -1 for unknown ones. */
int frame_name(uint64_t mfn);

/* NMIs that came. */
extern unsigned nmis;

/* Ports up to this one are taken from the start. In calls and records ports count from there. */
extern unsigned port_base;

/* ---- The families of calls ---- */

typedef void maker(struct call *call);

maker make_mmu_update, make_mmuext_op, make_update_va, make_descriptor; /* page_calls.c */
maker make_memory_op;                                                   /* memory_calls.c */
maker make_event_op, make_sched_op, make_timer_op, make_vcpu_op;        /* event_calls.c */
maker make_trap_call, make_cpu_state, make_question, make_device_call;  /* state_calls.c */
maker make_privileged, make_unknown;
maker make_fifo_op;  /* event_calls.c; in a mass only, as it changes what events are */
maker make_grant_op; /* grant_calls.c; in a mass only */

/* ---- Grants in a mass (grant_entries.c) ---- */

void grants_init(void);

/* Before a round: nothing is mapped any more, and entries are as they should be. */
void grants_renew(void);

/* Changes one entry. */
void grants_flip(void);

/* The domain's. */
unsigned own_number(void);

/* ---- Several vCPUs at once (storm.c) ---- */

/* All make calls at once, for so many seconds. */
void storm(uint64_t seed, uint64_t seconds);

/* Starts all vCPUs but this one so; the argument is a vCPU's number. */
void storm_vcpus(void (*function)(unsigned long));

/* Who calls this, and a vCPU to be named in a call: 0 where there is no storm. */
unsigned this_vcpu(void);
unsigned any_vcpu(void);

/* Others act on the same world: so it is in a mass, too. */
bool in_storm(void);

/* ---- As many as possible (mass.c) ---- */

/* Makes so many calls; only: 0, or the family that they are to be of. */
void mass(uint64_t seed, uint64_t number, unsigned only);
bool in_mass(void);

/* One by a program, which its kernel gets (main.c). */
void call_by_program(void);

/* ---- The calls of a run (tally.c) ---- */

/* Notes what a call is counted as, before it is made the first time; counts how it ended. */
void tally_call(struct call *call);
void tally_outcome(const struct call *call);

/* Counts it among the distinct ones. */
void tally_distinct(const struct call *call);

void tally_print(void);

/* ---- The record (record.c) ---- */

/* Begins a record with digest 0; a listing also has a line for whatever is recorded. */
void record_begin(bool list);
uint64_t record_end(void);

/* The results of the calls that were marked since record_begin(), and whether from here on the two
 * worlds differ. */
void record_print_marks(void);

/* Adds a number to the record, and shows it in a listing under this name. */
void record(const char *what, uint64_t value);

/* Shows a word of a page in a listing. */
void record_word(unsigned index, uint64_t word);

/* Before and after a call is made. */
void record_arguments(const struct call *call);
void record_call(const struct call *call);

#endif
