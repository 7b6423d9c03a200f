/* SPDX-License-Identifier: MIT */
/*
 * Claim: an NMI that interrupts a guest whose code segment another vCPU has just taken away becomes
 *     the guest's own fault.
 * Rule: invariants D1, D2
 * Runs on: xen-lite
 * Ends: poweroff
 * Options: --cpus 2 --vcpus 2
 *
 * The watchdog's NMI comes once a second. The segment is gone while vCPU 0 runs in it, until
 * something interrupts it; what that is, is chance: so several times.
 */
#include "tests/guests/support/support.h"

/* The kernel's flat code; not present without bit 47. */
#define CODE        (WORD_BITS == 64 ? 0x00affb000000ffffull : 0x00cfbb000000ffffull)
#define NOT_PRESENT (CODE & ~(1ull << 47))
#define ENTRY       4
#define SELECTOR    (ENTRY * 8 | KERNEL_RING)
#define ROUNDS      4

static uint64_t *table;
static volatile unsigned inside;
static unsigned long way_out, vector, code;

static void set_entry(uint64_t descriptor)
{
    update_descriptor(machine_of(&table[ENTRY]), descriptor);
}

/* Takes the segment away as soon as the other vCPU is in it. */
static void second(unsigned long argument)
{
    (void)argument;
    for (unsigned round = 0;; round = inside) {
        while (inside == round)
            ;
        set_entry(NOT_PRESENT);
    }
}

/* Leaves the segment for good. */
static void caught(struct frame *frame)
{
    vector = frame->vector;
    code = frame->error;
    frame->cs = KERNEL_RING == 3 ? FLAT_KERNEL_CS & ~3u : FLAT_KERNEL_CS;
    frame->ip = way_out;
}

static void spin_in_segment(void)
{
    __asm__ volatile("mov" W " $3f, %1\n"
                     "push %0; push $1f; lret" W "\n"
                     "1: incl inside\n"
                     "2: jmp 2b\n"
                     "3:"
                     :
                     : "i"(SELECTOR), "m"(way_out)
                     : "memory");
}

void test_main(void)
{
    unsigned long frame;

    table = page_new();
    frame = (unsigned long)mfn_of(table);
    table[ENTRY] = CODE;
    set_writable(table, false);
    expect(CALL(set_gdt, &frame, 512), 0, "a table");
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    trap_hook = caught;
    vcpu_start(second, 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        set_entry(CODE);
        spin_in_segment();
        expect((long)vector, X_NP, "the lost segment: its exception");
        expect_hex(code & ~7ul, SELECTOR & ~7, "the lost segment: its error code");
    }
}
