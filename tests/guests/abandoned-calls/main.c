/* SPDX-License-Identifier: MIT */
/*
 * Claim: a kernel that is interrupted in a long call, and never goes back to it, has lost nothing:
 *     what was half done can be made whole or undone by another call, and does not keep the domain
 *     from ending.
 * Rule: invariants A1, F1, F3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 *
 * The event upcall goes to code that forgets what it interrupted. The calls pin and unpin a tree
 * that takes several holds of the lock; the time of the upcall moves through them.
 */
#include "tests/guests/support/support.h"

#define L1S      24
#define WANTED   6 /* calls that were left half done, of each kind */
#define TRIES    400
#define STEP_NS  20000
#define RANGE_NS 2000000
/* Where the L2 stands in its L3: behind many entries that are not there, where there are many. */
#define PLACE    (TOP_LEVEL == 3 ? 0 : 100)

static uint64_t *leaf, *l1[L1S], *l2, *l3;
static unsigned command;
static volatile bool came_back;

static void make_tree(void)
{
    leaf = page_new();
    l2 = page_new();
    /* An L3 that is the top of a tree needs the kernel's part. */
    l3 = TOP_LEVEL == 3 ? root_new() : page_new();
    for (unsigned i = 0; i < L1S; i++) {
        l1[i] = page_new();
        for (unsigned slot = 0; slot < 512; slot++)
            l1[i][slot] = make_entry(leaf, PTE_RO);
        l2[i * 16] = make_entry(l1[i], PTE_TABLE);
        set_writable(l1[i], false);
    }
    l3[PLACE] = table_entry(l2, 3);
    set_writable(l2, false);
    set_writable(l3, false);
}

static void in_the_call(void)
{
    mmuext(command, mfn_of(l3));
    came_back = true;
    frame_leave();
}

/* Makes the call with an upcall after so long. */
static void interrupted(unsigned its_command, uint64_t after)
{
    struct frame frame = code_frame((const void *)in_the_call, false);

    command = its_command;
    came_back = false;
    set_timer_op(system_time() + after);
    frame_enter(&frame);
    events_mask();
    set_timer_op(0);
    events_serve();
}

/* The tree's middle is in the state between: neither plain memory nor, as nothing else uses it, a
 * table that an unpin would have left. */
static bool is_half_done(void)
{
    bool refused = map(l2, make_entry(l2, PTE_RW)) != 0;

    if (!refused)
        set_writable(l2, false);
    return refused;
}

/* Whole, then gone: every page of it can be written again. */
static void expect_undone(const char *what)
{
    expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), 0, "%s: pin it whole", what);
    expect(mmuext(MMUEXT_UNPIN_TABLE, mfn_of(l3)), 0, "%s: unpin it", what);
    for (unsigned i = 0; i < L1S; i++) {
        expect(map(l1[i], make_entry(l1[i], PTE_RW)), 0, "%s: L1 %u writable", what, i);
        set_writable(l1[i], false);
    }
    expect_true(!is_half_done(), "%s: the L2 is writable", what);
}

/* True if the call was left half done by an upcall; else there is nothing left of it. The moment of
 * the upcall depends on i. */
static bool leave_half_done(unsigned its_command, unsigned i)
{
    bool half_done;

    interrupted(its_command, STEP_NS + i * STEP_NS % RANGE_NS);
    if (its_command == MMUEXT_UNPIN_TABLE) /* an unpin that was begun is not to be done again */
        half_done = !came_back && mmuext(MMUEXT_UNPIN_TABLE, mfn_of(l3)) != 0;
    else
        half_done = !came_back && is_half_done();
    if (came_back && its_command != MMUEXT_UNPIN_TABLE)
        mmuext(MMUEXT_UNPIN_TABLE, mfn_of(l3));
    return half_done;
}

static unsigned abandon(unsigned its_command, const char *what)
{
    unsigned half_done = 0;

    for (unsigned i = 0; i < TRIES && half_done < WANTED; i++) {
        if (its_command == MMUEXT_UNPIN_TABLE)
            expect(mmuext(MMUEXT_PIN_L3_TABLE, mfn_of(l3)), 0, "a tree to be unpinned");
        if (!leave_half_done(its_command, i))
            continue;
        half_done++;
        expect_undone(what);
    }
    return half_done;
}

void test_main(void)
{
    struct evtchn_bind_virq virq = { .virq = VIRQ_TIMER, .vcpu = 0 };
    unsigned pins, unpins;

    make_tree();
    CALL(vcpu_op, VCPUOP_stop_periodic_timer, 0, 0);
    if (event_op(EVTCHNOP_bind_virq, &virq) != 0)
        error("no timer");
    event_unmask_locally(virq.port);
    events_serve();
    if (set_callbacks(frame_leave, failsafe_entry) != 0)
        error("no callback");

    pins = abandon(MMUEXT_PIN_L3_TABLE, "a pin");
    unpins = abandon(MMUEXT_UNPIN_TABLE, "an unpin");
    print("left half done: %u pins, %u unpins\n", pins, unpins);
    if (pins == 0)
        skip("no call was interrupted");
    /* The end of the domain finds another one. */
    for (unsigned i = 0; i < TRIES; i++)
        if (leave_half_done(MMUEXT_PIN_L3_TABLE, i))
            break;
}
