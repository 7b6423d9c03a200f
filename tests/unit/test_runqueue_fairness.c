/* SPDX-License-Identifier: MIT */
/*
 * core/runqueue.c: who gets how much, and how late, over simulated seconds of one CPU.
 */
#include "runqueue_world.h"

/*
 * Simulated CPUs: entry (g, i) burns, and if sleep[g] is not 0 it burns for burst[g] and then
 * sleeps so long.
 */
static struct {
    uint64_t burst[GROUPS], sleep[GROUPS]; /* ns */
    size_t count[GROUPS];                  /* entries of each group */
    uint64_t ran[GROUPS], longest_wait[GROUPS];
    uint64_t wakes_at[GROUPS][EACH], ready_at[GROUPS][EACH], left[GROUPS][EACH];
} sim;

#define STEP (10 * US)

static void wake_due(uint64_t now)
{
    for (size_t g = 0; g < GROUPS; g++)
        for (size_t i = 0; i < sim.count[g]; i++) {
            if (sim.wakes_at[g][i] > now)
                continue;
            sim.wakes_at[g][i] = UINT64_MAX;
            sim.ready_at[g][i] = now;
            sim.left[g][i] = sim.burst[g];
            add(g, i);
        }
}

/* One step of the entry's running. True if it goes to sleep. */
static bool run_step(struct runqueue_entry *entry, uint64_t now)
{
    size_t g = group_of(entry), i = (size_t)(entry - entries[g]);

    if (sim.ready_at[g][i] != UINT64_MAX) {
        sim.longest_wait[g] = max(sim.longest_wait[g], now - sim.ready_at[g][i]);
        sim.ready_at[g][i] = UINT64_MAX;
    }
    runqueue_charge(&queue, entry, STEP);
    sim.ran[g] += STEP;
    if (sim.sleep[g] == 0)
        return false;
    sim.left[g][i] -= STEP;
    if (sim.left[g][i] != 0)
        return false;
    sim.wakes_at[g][i] = now + STEP + sim.sleep[g];
    return true;
}

static void simulate(uint64_t end)
{
    struct runqueue_entry *running = NULL;

    for (uint64_t now = 0; now < end; now += STEP) {
        wake_due(now);
        if (running != NULL && runqueue_turn(&queue, running) == 0) {
            struct runqueue_entry *next = runqueue_take(&queue);

            add(group_of(running), (size_t)(running - entries[group_of(running)]));
            running = next;
        }
        if (running == NULL)
            running = runqueue_take(&queue);
        if (running != NULL && run_step(running, now))
            running = runqueue_take(&queue);
    }
}

struct load {
    uint64_t burst, sleep;
    size_t count;
    uint32_t weight;
};

static void load(size_t g, struct load l)
{
    sim.burst[g] = l.burst;
    sim.sleep[g] = l.sleep;
    sim.count[g] = l.count;
    groups[g].weight = l.weight;
}

/* Group 0 is the one that is looked at, 1 to 3 are those beside it. */
static void check_fairness(uint64_t used_before)
{
    static const struct {
        const char *name;
        struct load loads[GROUPS];
        uint64_t wait; /* group 0's longest, at most */
        uint64_t ran;  /* its time in a second, within 5 ms; 0: any */
    } cases[] = {
        { "two that burn", { { 0, 0, 1, 256 }, { 0, 0, 1, 256 } }, MS, 500 * MS },
        { "one beside eight of one group", { { 0, 0, 1, 256 }, { 0, 0, 8, 256 } }, MS, 500 * MS },
        { "twice the weight", { { 0, 0, 1, 512 }, { 0, 0, 8, 256 } }, MS, 667 * MS },
        { "a sleeper beside one that burns",
          { { 200 * US, 800 * US, 1, 256 }, { 0, 0, 1, 256 } },
          STEP,
          200 * MS },
        { "a sleeper beside many of three groups",
          { { 200 * US, 800 * US, 1, 256 }, { 0, 0, 8, 256 }, { 0, 0, 8, 256 }, { 0, 0, 8, 256 } },
          4 * RUNQUEUE_GAIN_NS, /* only at the start, when nobody has used anything */
          200 * MS },
        { "a light sleeper beside heavy ones",
          { { 10 * US, 990 * US, 1, 256 }, { 5 * MS, 7 * MS, 8, 256 } },
          RUNQUEUE_CREDIT_NS + RUNQUEUE_GAIN_NS,
          0 },
        { "a sleeper beside such as save up",
          { { 10 * US, 990 * US, 1, 256 }, { 3 * MS, 40 * MS, 1, 256 } },
          RUNQUEUE_CREDIT_NS + RUNQUEUE_GAIN_NS,
          0 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        start_at(used_before);
        memset(&sim, 0, sizeof(sim));
        for (size_t g = 0; g < GROUPS; g++)
            load(g, cases[i].loads[g].count != 0 ? cases[i].loads[g] : (struct load){ 0, 0, 0, 1 });
        simulate(1000 * MS);
        check(cases[i].name, sim.longest_wait[0] <= cases[i].wait);
        if (cases[i].ran != 0)
            check(cases[i].name,
                  sim.ran[0] + 5 * MS >= cases[i].ran && sim.ran[0] <= cases[i].ran + 5 * MS);
    }
}

static void test_fairness(void **state)
{
    (void)state;
    check_fairness(0);
    /* Counts that wrap meanwhile, or become what a signed number would not hold. */
    check_fairness((uint64_t)0 - 100 * MS);
    check_fairness(((uint64_t)1 << 63) - 100 * MS);
}

/* Entries of one group share alike. */
static void test_siblings(void **state)
{
    (void)state;
    start();
    memset(&sim, 0, sizeof(sim));
    load(0, (struct load){ 0, 0, EACH, 256 });
    simulate(100 * MS);
    for (size_t i = 1; i < EACH; i++) {
        uint64_t a = entries[0][0].used, b = entries[0][i].used;

        check("within two turns", max(a, b) - min(a, b) <= 2 * RUNQUEUE_GAIN_NS + STEP);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fairness),
        cmocka_unit_test(test_siblings),
    };

    return RUN_TESTS(tests);
}
