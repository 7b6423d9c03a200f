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
 * comes a system call. A line "block N DIGEST" tells what all that gave; tests/qemu/random_calls.py
 * compares those of both hypervisors and finds the first call that differs. What differs on purpose
 * is in differences.def.
 *
 * Not as the real Xen's ordinary domain: it prints by console_io, since the ring needs a port.
 *
 * Command line: seed=N first=N blocks=N, and list=N,N,... to run those blocks only, with a line for
 * each call.
 */
#include "tests/guests/random-calls/random.h"
#include "tests/guests/support/support.h"

#define CALLS 100

static struct multicall_entry multicall[SLOTS];
static uint64_t user_number;

/* ---- Making calls up ---- */

static maker *const makers[] = {
    make_mmu_update,  make_mmu_update, make_mmu_update, make_mmuext_op,  make_mmuext_op,
    make_mmuext_op,   make_update_va,  make_update_va,  make_descriptor, make_memory_op,
    make_memory_op,   make_event_op,   make_event_op,   make_event_op,   make_sched_op,
    make_timer_op,    make_vcpu_op,    make_trap_call,  make_cpu_state,  make_question,
    make_device_call, make_privileged, make_unknown,
};

static void make(struct call *call, unsigned index)
{
    uint64_t *cliff;

    *call = (struct call){ .slot = &slots[index % SLOTS] };
    cliff = call->slot->nothing - AREA_WORDS;
    /* Neither a frame nor an address nor a port. */
    for (unsigned i = 0; i < AREA_WORDS; i++)
        call->slot->area[i] = cliff[i] = 0xa5a5a5a5a5a5a5a0;
    makers[below(COUNT(makers))](call);
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

        make(&call, i);
        call.e.result = (uint64_t)hypercall(call.e.op, call.e.args[0], call.e.args[1],
                                            call.e.args[2], call.e.args[3], call.e.args[4]);
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
        make(&calls[count++], i);
        if (calls[count - 1].after || calls[count - 1].ends_list || i % SLOTS == SLOTS - 1 ||
            i % 7 == 2 || i == CALLS - 1) {
            run_list(calls, count);
            count = 0;
        }
    }
}

static void user_syscall(void)
{
    __asm__ volatile("mov %0, %%rax; mov $0x1111, %%edi; mov $0x2222, %%esi; syscall"
                     :
                     : "m"(user_number));
}

/* A program's SYSCALL: the kernel gets it with all registers, and no hypercall is done. */
static void run_by_program(void)
{
    struct frame frame;

    user_number = below(70);
    traps_init();
    frame = user_run(user_syscall);
    record("system call", frame.vector);
    record("number", frame.rax);
    record("arguments", frame.rdi + frame.rsi);
}

static uint64_t run_block(uint64_t seed, uint64_t block, void (*way)(void), bool list)
{
    record_begin(list);
    random_seed(seed, block);
    way();
    run_by_program();
    world_reset();
    return record_end();
}

/* ---- The run ---- */

/* Both ways must come to the same. */
static uint64_t run_both(uint64_t seed, uint64_t block, bool list)
{
    uint64_t alone = run_block(seed, block, run_alone, list);
    uint64_t packed;

    if (list)
        print("list of block %lu in multicalls\n", block);
    packed = run_block(seed, block, run_in_lists, list);

    if (alone != packed)
        print("block %lu %016lx in multicalls\n", block, packed);
    expect_hex(packed, alone, "block %lu in multicalls", block);
    return alone;
}

static const char *number_at(const char *text, uint64_t *value)
{
    for (*value = 0; *text >= '0' && *text <= '9'; text++)
        *value = *value * 10 + (uint64_t)(*text - '0');
    return text;
}

/* What follows "list=" on the command line, or NULL. */
static const char *list_argument(void)
{
    for (const char *line = (const char *)start_info->cmd_line; *line; line++)
        if (strlen(line) > 5 && memcmp(line, "list=", 5) == 0)
            return line + 5;
    return NULL;
}

static void list_blocks(uint64_t seed, const char *rest)
{
    for (const char *end = ","; *end == ','; rest = end + 1) {
        uint64_t block;

        end = number_at(rest, &block);
        print("list of block %lu\n", block);
        print("block %lu %016lx\n", block, run_both(seed, block, true));
    }
}

void test_main(void)
{
    uint64_t seed = option_number("seed=", 1), first = option_number("first=", 0);
    uint64_t blocks = option_number("blocks=", 20);
    const char *list = list_argument();

    world_init();
    print("seed %lu, %u calls a block\n", seed, CALLS);
    record_begin(false);
    world_reset();

    if (list != NULL) {
        list_blocks(seed, list);
        return;
    }
    for (uint64_t block = first; block < first + blocks; block++)
        print("block %lu %016lx\n", block, run_both(seed, block, false));
}
