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

#define CODE_RING3  0x00affb000000ffffull
#define NOT_PRESENT 0x00af7b000000ffffull
#define ENTRY       4
#define SELECTOR    (ENTRY * 8 | 3)
#define ROUNDS      4

static uint64_t *table;
static volatile unsigned inside;
static uint64_t way_out, vector, code;

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
    frame->cs = FLAT_KERNEL_CS & ~3u; /* the kernel, for iret */
    frame->ip = way_out;
}

static void spin_in_segment(void)
{
    __asm__ volatile("leaq 3f(%%rip), %%rax; movq %%rax, %1\n"
                     "pushq %0; leaq 1f(%%rip), %%rax; pushq %%rax; lretq\n"
                     "1: incl inside\n"
                     "2: jmp 2b\n"
                     "3:"
                     :
                     : "i"(SELECTOR), "m"(way_out)
                     : "rax", "memory");
}

void test_main(void)
{
    uint64_t frame;

    table = page_new();
    frame = mfn_of(table);
    table[ENTRY] = CODE_RING3;
    set_writable(table, false);
    expect(CALL(set_gdt, &frame, 512), 0, "a table");
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    trap_hook = caught;
    vcpu_start(second, 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        set_entry(CODE_RING3);
        spin_in_segment();
        expect((long)vector, X_NP, "the lost segment: its exception");
        expect_hex(code & ~7ul, SELECTOR & ~7, "the lost segment: its error code");
    }
}
