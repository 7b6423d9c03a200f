/* SPDX-License-Identifier: MIT */
/*
 * Claim: when a vCPU comes back to the CPU and the descriptor of DS, ES, FS or GS has gone, in the
 *     GDT or the LDT, the failsafe callback finds on the stack the four selectors as they were,
 *     below EIP, CS and EFLAGS, of a program also ESP and SS; the register itself is null then, the
 *     others are as they were. With mask_events events are masked. The callback runs in the flat
 *     segments, whatever selector it was registered with and stack was in use.
 * Rule: TRAP-6; invariants D1, D2
 * Runs on: xen-lite, xen
 * Ends: poweroff
 * Options: --cpus 1 --vcpus 2
 * Widths: pv32, because the frame is another one than a 64-bit guest's
 *
 * Two vCPUs on one CPU, so that a yield is a change of vCPU.
 */
#include "tests/guests/support/raw32.h"
#include "tests/guests/support/support.h"

#define KEPT             8 /* entries of the GDT */
#define LOST             9
#define STACK            10 /* with a base, for ring 1 */
#define CODE             11
#define STACK_BASE       0x100
#define GDT(entry, ring) ((uint32_t)(entry)*8 | (ring))
#define LDT(entry, ring) ((uint32_t)(entry)*8 | 4 | (ring))

static volatile unsigned turns, go_and_take, spin;
static uint64_t victim; /* machine address of the descriptor to take */

extern const struct snippet ways[], ways_end[];

/* In ring 1: takes the descriptor of machine address ECX:EBX away and yields until the other vCPU
 * has run. In ring 3: waits until the other one has done that. */
// clang-format off
__asm__(SNIPPETS(ways)
        SNIPPET("256", "0", "6b - 8b",
                "mov $10, %eax; xor %edx, %edx; xor %esi, %esi; int $0x82; movl $0, %ss:turns; "
                "5: mov $29, %eax; xor %ebx, %ebx; xor %ecx, %ecx; int $0x82; "
                "6: cmpl $0, %ss:turns; je 5b; int3")
        SNIPPET("256", "0", "0", "movl $1, %ss:go_and_take; 5: cmpl $0, %ss:spin; je 5b; int3")
        SNIPPETS_END(ways));
// clang-format on

static void other(unsigned long argument)
{
    (void)argument;
    for (;;) {
        turns = 1;
        if (go_and_take) {
            go_and_take = 0;
            update_descriptor(victim, 0);
            spin = 1;
        }
        CALL(sched_op, SCHEDOP_yield);
    }
}

static struct raw_start start_with(unsigned ring, unsigned which, uint32_t lost)
{
    struct raw_start start = raw_start(0, ring);
    uint32_t *const registers[] = { &start.ds, &start.es, &start.fs, &start.gs };

    for (unsigned i = 0; i < 4; i++)
        *registers[i] = GDT(KEPT, ring);
    if (ring == 1 && which >= 2)
        start.ss = GDT(STACK, 1);
    *registers[which] = lost;
    start.bx = (uint32_t)victim;
    start.cx = (uint32_t)(victim >> 32);
    return start;
}

static void check(unsigned ring, unsigned which, uint32_t lost, bool mask)
{
    static const char names[4][3] = { "ds", "es", "fs", "gs" };
    struct raw_start start = start_with(ring, which, lost);
    const struct snippet *s = &ways[ring == 3];
    const uint32_t wanted[4] = { start.ds, start.es, start.fs, start.gs };
    struct raw_arrival a;

    shared_info->vcpu_info[0].evtchn_upcall_mask = 0;
    a = snippet_run(s, start, ring == 3 ? 9 : 7);
    /* The other vCPU may have been stopped between what it does and saying so. */
    while (ring == 3 && !spin)
        CALL(sched_op, SCHEDOP_yield);
    expect((long)a.vector, RAW_FAILSAFE, "ring %u, %s 0x%x: vector", ring, names[which], lost);
    if (a.vector != RAW_FAILSAFE)
        return;
    const uint32_t found[4] = { a.ds, a.es, a.fs, a.gs };
    for (unsigned i = 0; i < 4; i++) {
        expect_hex(a.words[i] & 0xffff, wanted[i], "ring %u, %s 0x%x lost: %s in the frame", ring,
                   names[which], lost, names[i]);
        expect_hex(found[i], i == which ? 0 : wanted[i], "ring %u, %s 0x%x lost: %s", ring,
                   names[which], lost, names[i]);
    }
    expect_hex(a.words[5], ring == 3 ? FLAT_USER_CS : FLAT_KERNEL_CS, "ring %u: cs", ring);
    expect_hex(a.cs, FLAT_KERNEL_CS, "ring %u: the callback's cs", ring);
    expect_hex(a.ss, FLAT_KERNEL_SS, "ring %u: the callback's ss", ring);
    expect_hex(a.words[6] & 0x200, 0x200, "ring %u: IF", ring);
    expect_true(a.words[4] > (uint32_t)s->code && a.words[4] < (uint32_t)s->code + 64,
                "ring %u: eip", ring);
    expect_hex(a.events, mask, "ring %u: the event mask", ring);
    if (ring == 3) {
        expect_hex(a.words[7], start.sp, "esp");
        expect_hex(a.words[8], start.ss, "ss");
        expect_hex(a.sp, (uint32_t)trap_stack_end - 36, "the kernel's esp");
    } else {
        expect_hex(a.sp, start.sp - 28, "esp");
    }
}

static void enroll(bool mask, uint32_t cs)
{
    struct callback_register callback = {
        .type = CALLBACKTYPE_failsafe,
        .flags = mask ? CALLBACKF_mask_events : 0,
        .address = { .cs = cs, .eip = raw_entry(RAW_FAILSAFE) },
    };

    expect(CALL(callback_op, CALLBACKOP_register, &callback), 0, "register");
}

void test_main(void)
{
    static const uint32_t callback_cs[] = { FLAT_KERNEL_CS, GDT(CODE, 1), 0 };
    uint64_t *gdt = gdt_new(), *ldt = page_new();
    const uint64_t data = raw_descriptor(0, 0xfffff, 0xf3, 0xc);

    gdt_set(gdt, KEPT, data);
    gdt_set(gdt, STACK, raw_descriptor(STACK_BASE, 0xfffff, 0xb3, 0xc));
    gdt_set(gdt, CODE, raw_descriptor(0, 0xfffff, 0xbb, 0xc));
    set_writable(ldt, false);
    expect(ldt_load(ldt, 512), 0, "set_ldt");
    vcpu_start(other, 0);
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0);
    raw_begin();
    for (unsigned i = 0; i < 16; i++) {
        unsigned which = i % 4, ring = i < 8 ? 1 : 3;
        bool local = i & 4;

        victim = local ? machine_of(&ldt[2]) : machine_of(&gdt[LOST]);
        expect(update_descriptor(victim, data), 0, "the descriptor is there");
        spin = 0;
        enroll(which & 1, callback_cs[i % COUNT(callback_cs)]);
        check(ring, which, local ? LDT(2, ring) : GDT(LOST, ring), which & 1);
    }
    raw_end();
}
