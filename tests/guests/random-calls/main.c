/* SPDX-License-Identifier: MIT */
/*
 * Claim: hypercalls of every kind with random arguments, good and bad, end on xen-lite as on the
 *     real Xen, one by one as in a multicall; made by a program they are system calls.
 * Rule: all of them; invariants B1, B2, B5, B6, C5
 * Runs on: xen-lite, xen-dom0
 * Ends: poweroff
 *
 * Calls are made up in blocks of CALLS by the seed and the block's number. Each block begins with
 * the same world (world.c) and runs twice, first call by call, then packed into multicalls; then
 * comes a system call. A line "block N DIGEST DIGEST" tells what the calls gave, and what the world
 * was then; both ways must give the same. A line "marks" tells what calls gave that may differ.
 * tests/qemu/random_calls.py compares all that between the hypervisors, by the rules of
 * differences.def, and finds the first call that differs. At the end comes how often which call
 * ended how.
 *
 * Not as the real Xen's ordinary domain: it prints by console_io, since the ring needs a port.
 *
 * Command line: seed=N first=N blocks=N, and list=N,N,... to run those blocks only, with a line for
 * each call; only=N,N,... then makes only these calls of a block. domains=1: for comparisons with a
 * domain of the real Xen that has no privileges. storm=N: all vCPUs at once, for N seconds
 * (storm.c). calls=N: that many calls (mass.c), beside domain peer=N; family=N: of one family only.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define CALLS 100

static struct multicall_entry multicall[SLOTS];
static unsigned long user_number;
static bool left_out[CALLS];

/* ---- Making calls up ---- */

static maker *const makers[] = {
    make_mmu_update,  make_mmu_update, make_mmu_update, make_mmuext_op,  make_mmuext_op,
    make_mmuext_op,   make_update_va,  make_update_va,  make_descriptor, make_memory_op,
    make_memory_op,   make_event_op,   make_event_op,   make_event_op,   make_sched_op,
    make_timer_op,    make_vcpu_op,    make_trap_call,  make_cpu_state,  make_question,
    make_device_call, make_privileged, make_unknown,
};

void make_call(struct call *call, unsigned slot)
{
    unsigned long *cliff;

    *call = (struct call){ .slot = &slots[slot], .area = slots[slot].area };
    cliff = call->slot->nothing - AREA_WORDS;
    /* Neither a frame nor an address nor a port. */
    for (unsigned i = 0; i < AREA_WORDS; i++)
        call->area[i] = cliff[i] = (unsigned long)0xa5a5a5a5a5a5a5a0ull;
    makers[below(COUNT(makers))](call);
    expect_by_width(call);
    record_arguments(call);
}

static void finish(struct call *call)
{
    record_call(call);
    if (call->after)
        call->after(call);
}

/* ---- Ways to make them ---- */

static void run_alone(void)
{
    for (unsigned i = 0; i < CALLS; i++) {
        struct call call;

        make_call(&call, i % SLOTS);
        if (left_out[i])
            continue;
        tally_call(&call);
        tally_distinct(&call);
        call.e.result = (unsigned long)hypercall(call.e.op, call.e.args[0], call.e.args[1],
                                                 call.e.args[2], call.e.args[3], call.e.args[4]);
        tally_outcome(&call);
        finish(&call);
    }
}

static void run_list(struct call *calls, unsigned count)
{
    long result;

    for (unsigned i = 0; i < count; i++)
        multicall[i] = calls[i].e;
    result = CALL(multicall, multicall, count);
    if (result != 0)
        expect(result, 0, "a multicall of %u calls", count);
    for (unsigned i = 0; i < count; i++) {
        calls[i].e.result = multicall[i].result;
        finish(&calls[i]);
    }
}

/* A list ends where the next call must know what came of this one, and now and then. */
static void run_in_lists(void)
{
    static struct call calls[SLOTS];
    unsigned count = 0;

    for (unsigned i = 0; i < CALLS; i++) {
        struct call *call = &calls[count];

        make_call(call, i % SLOTS);
        count += !left_out[i];
        if (call->after || call->ends_list || i % SLOTS == SLOTS - 1 || i % 7 == 2 ||
            i == CALLS - 1) {
            run_list(calls, count);
            count = 0;
        }
    }
}

static void user_syscall(void)
{
    __asm__ volatile("mov %0, " R(ax) "; mov $0x1111, %%edi; mov $0x2222, %%esi; " USER_CALL
                     :
                     : "m"(user_number));
}

/* A program's system call: the kernel gets it with all registers, and no hypercall is done. */
static struct frame frame_of_program(void (*program)(void))
{
    user_number = (unsigned long)below(70);
    return user_run(program);
}

/* By the instruction that is for kernels of 32 bits. */
static void user_int(void)
{
    __asm__ volatile("mov %0, " R(ax) "; int $0x82" : : "m"(user_number));
}

void call_by_program(void)
{
    bool by_int = once_in(2);
    struct frame frame = frame_of_program(by_int ? user_int : user_syscall);

    expect((long)frame.vector, by_int ? X_GP : VECTOR_SYSCALL, "a program's call arrives");
    expect_hex(frame.ax, user_number, "its number");
}

static void run_by_program(void)
{
    struct frame frame;

    traps_init();
    frame = frame_of_program(user_syscall);
    record("system call", frame.vector);
    record("number", frame.ax);
    record("arguments", frame.di + frame.si);
}

/* What came of a block: of the calls, and of the reset. */
struct outcome {
    uint64_t calls, reset;
    unsigned kept_busy;
};

static struct outcome run_block(uint64_t seed, uint64_t block, void (*way)(void), bool list)
{
    struct outcome outcome;

    record_begin(list);
    random_seed(seed, block);
    way();
    run_by_program();
    outcome.calls = record_end();
    world_reset();
    outcome.reset = record_end();
    outcome.kept_busy = toys_kept_busy();
    return outcome;
}

/* ---- The run ---- */

/* Both ways must come to the same. */
static void run_both(uint64_t seed, uint64_t block, bool list)
{
    struct outcome alone, packed;

    if (list)
        print("list of block %llu\n", (unsigned long long)block);
    alone = run_block(seed, block, run_alone, list);
    record_print_marks();
    if (list)
        print("list of block %llu in multicalls\n", (unsigned long long)block);
    packed = run_block(seed, block, run_in_lists, list);

    print("block %llu %016llx %016llx", (unsigned long long)block, (unsigned long long)alone.calls,
          (unsigned long long)alone.reset);
    if (alone.kept_busy || packed.kept_busy)
        print(" kept busy");
    else if (alone.calls != packed.calls || alone.reset != packed.reset)
        print(" in multicalls %016llx %016llx", (unsigned long long)packed.calls,
              (unsigned long long)packed.reset);
    print("\n");
}

static const char *number_at(const char *text, uint64_t *value)
{
    for (*value = 0; *text >= '0' && *text <= '9'; text++)
        *value = *value * 10 + (uint64_t)(*text - '0');
    return text;
}

/* What follows key, of five letters, on the command line, or NULL. */
static const char *list_argument(const char *key)
{
    for (const char *line = (const char *)start_info->cmd_line; *line; line++)
        if (strlen(line) > 5 && memcmp(line, key, 5) == 0)
            return line + 5;
    return NULL;
}

static void leave_others_out(const char *rest)
{
    memset(left_out, 1, sizeof(left_out));
    for (const char *end = ","; *end == ','; rest = end + 1) {
        uint64_t index;

        end = number_at(rest, &index);
        if (index < CALLS)
            left_out[index] = false;
    }
}

static void list_blocks(uint64_t seed, const char *rest)
{
    for (const char *end = ","; *end == ','; rest = end + 1) {
        uint64_t block;

        end = number_at(rest, &block);
        run_both(seed, block, true);
    }
}

void test_main(void)
{
    uint64_t seed = option_number("seed=", 1), first = option_number("first=", 0);
    uint64_t blocks = option_number("blocks=", 20);
    uint64_t seconds = option_number("storm=", 0), number = option_number("calls=", 0);
    const char *list = list_argument("list="), *only = list_argument("only=");

    among_domains = option_number("domains=", 0);
    world_init();
    if (seconds != 0) {
        storm(seed, seconds);
        return;
    }
    if (number != 0) {
        mass(seed, number, (unsigned)option_number("family=", 0));
        return;
    }
    print("seed %llu, %u calls a block\n", (unsigned long long)seed, CALLS);
    record_begin(false);
    world_reset();

    if (only != NULL)
        leave_others_out(only);
    if (list != NULL) {
        list_blocks(seed, list);
        return;
    }
    for (uint64_t block = first; block < first + blocks; block++)
        run_both(seed, block, false);
    tally_print();
}
