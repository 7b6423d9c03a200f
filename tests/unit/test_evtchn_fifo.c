/* SPDX-License-Identifier: MIT */
/*
 * core/evtchn_fifo.c against a guest that is played here: what each step leaves in the shared
 * words, in which order events come out, and that a guest that writes anything there, or races with
 * a sender, makes nothing worse than what is its own.
 */
#include "unit.h"

#include <pthread.h>

#include "core/evtchn_fifo.h"
#include "lib/atomic.h"

#define PAGES 2
#define PORTS (PAGES * FIFO_WORDS_PER_PAGE)
#define VCPUS 2

#define PENDING (1U << EVTCHN_FIFO_PENDING)
#define MASKED  (1U << EVTCHN_FIFO_MASKED)
#define LINKED  (1U << EVTCHN_FIFO_LINKED)
#define BUSY    (1U << EVTCHN_FIFO_BUSY)

static struct evtchn_fifo fifo;
static struct evtchn ports[PORTS];
static uint32_t words[PORTS];
static struct evtchn_fifo_control_block control[VCPUS];
static evtchn_port_t next[VCPUS][EVTCHN_FIFO_MAX_QUEUES]; /* the guest's: the rest of a queue */

static void start(void)
{
    memset(&fifo, 0, sizeof(fifo));
    memset(ports, 0, sizeof(ports));
    memset(words, 0, sizeof(words));
    memset(control, 0, sizeof(control));
    memset(next, 0, sizeof(next));
    for (unsigned int page = 0; page < PAGES; page++)
        evtchn_fifo_add_page(&fifo, &words[page * FIFO_WORDS_PER_PAGE]);
    for (unsigned int vcpu = 0; vcpu < VCPUS; vcpu++)
        fifo.vcpu[vcpu].control = &control[vcpu];
    for (unsigned int port = 0; port < PORTS; port++)
        ports[port].fifo.priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
}

static unsigned int raise(evtchn_port_t port)
{
    return evtchn_fifo_raise(&fifo, &ports[port], port);
}

/* ---- The guest ---- */

static uint32_t unlink_word(uint32_t *word)
{
    uint32_t seen = atomic_load(word);

    while (!atomic_cmpxchg(word, &seen, seen & ~(uint32_t)(LINKED | EVTCHN_FIFO_LINK_MASK)))
        ;
    return seen & EVTCHN_FIFO_LINK_MASK;
}

/* The next port of the vCPU, by priority, that is pending and not masked; 0: nothing is left. What
 * is pending no longer is taken out and passed over. */
static evtchn_port_t take(unsigned int vcpu)
{
    static uint32_t ready[VCPUS];

    for (;;) {
        ready[vcpu] |= atomic_exchange(&control[vcpu].ready, 0);
        if (ready[vcpu] == 0)
            return 0;

        unsigned int q = (unsigned int)__builtin_ctz(ready[vcpu]);
        evtchn_port_t port =
            next[vcpu][q] != 0 ? next[vcpu][q] : atomic_load(&control[vcpu].head[q]);

        next[vcpu][q] = unlink_word(&words[port]);
        if (next[vcpu][q] == 0)
            ready[vcpu] &= ~(1U << q);
        if ((atomic_load(&words[port]) & (PENDING | MASKED)) == PENDING) {
            atomic_clear_bit(EVTCHN_FIFO_PENDING, &words[port]);
            return port;
        }
    }
}

static void expect_order(const char *name, unsigned int vcpu, const evtchn_port_t *wanted)
{
    for (; *wanted != 0; wanted++)
        check_number(name, take(vcpu), *wanted);
    check_number(name, take(vcpu), 0);
}

#define ORDER(name, vcpu, ...) expect_order(name, vcpu, (const evtchn_port_t[]){ __VA_ARGS__, 0 })

/* ---- One step ---- */

static const struct {
    const char *name;
    bool unmask; /* else raise */
    uint32_t before, after;
    unsigned int result;
    bool ready;
} steps[] = {
    { "nothing set", false, 0, PENDING | LINKED, FIFO_ARRIVED | FIFO_TELL, true },
    { "masked", false, MASKED, MASKED | PENDING, FIFO_ARRIVED, false },
    { "linked", false, LINKED, LINKED | PENDING, FIFO_ARRIVED, false },
    { "pending, by the guest", false, PENDING, PENDING | LINKED, FIFO_TELL, true },
    { "pending and masked", false, PENDING | MASKED, PENDING | MASKED, 0, false },
    { "pending and linked", false, PENDING | LINKED, PENDING | LINKED, 0, false },
    { "BUSY and a link are no matter", false, BUSY | 5, BUSY | 5 | PENDING | LINKED,
      FIFO_ARRIVED | FIFO_TELL, true },
    { "unmask, not pending", true, MASKED, 0, 0, false },
    { "unmask, pending", true, MASKED | PENDING, PENDING | LINKED, FIFO_TELL, true },
    { "unmask, pending and linked", true, MASKED | PENDING | LINKED, PENDING | LINKED, 0, false },
};

static void test_steps(void **state)
{
    static const evtchn_port_t at[] = { 1, 1023, 1024, PORTS - 1 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
        for (size_t k = 0; k < ARRAY_SIZE(at); k++) {
            unsigned int result;

            start();
            words[at[k]] = steps[i].before;
            result =
                steps[i].unmask ? evtchn_fifo_unmask(&fifo, &ports[at[k]], at[k]) : raise(at[k]);
            check_number(steps[i].name, result, steps[i].result);
            check_number(steps[i].name, words[at[k]], steps[i].after);
            check_number(steps[i].name, control[0].ready, steps[i].ready ? 1U << 7 : 0);
            check_number(steps[i].name, control[0].head[7], steps[i].ready ? at[k] : 0);
        }
}

static void test_what_is_missing(void **state)
{
    (void)state;
    start();
    fifo.pages = 1;
    assert_int_equal(raise(1024), 0);
    assert_true(ports[1024].fifo.waiting);
    assert_int_equal(words[1024], 0);
    assert_false(evtchn_fifo_test(&fifo, 1024, EVTCHN_FIFO_PENDING));
    assert_int_equal(evtchn_fifo_unmask(&fifo, &ports[1024], 1024), 0);
    evtchn_fifo_forget(&fifo, &ports[1024], 1024);
    assert_false(ports[1024].fifo.waiting);

    fifo.vcpu[1].control = NULL;
    ports[3].vcpu = 1;
    assert_int_equal(raise(3), 0);
    assert_int_equal(words[3], 0);

    memset(&fifo, 0, sizeof(fifo));
    assert_int_equal(evtchn_fifo_add_page(&fifo, NULL), RULE_EVT_18);
    assert_int_equal(fifo.pages, 0);
    for (unsigned int page = 0; page < FIFO_PAGES; page++)
        assert_int_equal(evtchn_fifo_add_page(&fifo, words), RULE_NONE);
    assert_int_equal(evtchn_fifo_add_page(&fifo, words), RULE_EVT_20);
    assert_int_equal(evtchn_fifo_add_page(&fifo, NULL), RULE_EVT_20);
    assert_false(evtchn_fifo_test(&fifo, EVTCHN_FIFO_NR_CHANNELS, EVTCHN_FIFO_PENDING));
    assert_false(evtchn_fifo_test(&fifo, UINT32_MAX, EVTCHN_FIFO_PENDING));
}

/* ---- Queues ---- */

static void test_order(void **state)
{
    (void)state;
    start();
    assert_int_equal(raise(5), FIFO_ARRIVED | FIFO_TELL);
    assert_int_equal(raise(3), FIFO_ARRIVED);
    assert_int_equal(raise(1500), FIFO_ARRIVED);
    assert_int_equal(words[5], PENDING | LINKED | 3);
    assert_int_equal(words[3], PENDING | LINKED | 1500);
    ORDER("in the order of the events", 0, 5, 3, 1500);
    assert_int_equal(raise(5), FIFO_ARRIVED | FIFO_TELL);
    assert_int_equal(take(0), 5);
    assert_int_equal(raise(5), FIFO_ARRIVED | FIFO_TELL);
    ORDER("the last one again, after it was taken out", 0, 5);

    for (evtchn_port_t port = 1; port <= 16; port++) {
        ports[port].fifo.priority = (uint8_t)(16 - port);
        assert_int_equal(raise(port), FIFO_ARRIVED | FIFO_TELL);
    }
    ORDER("by priority", 0, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
}

/* The last port of a queue goes to another: what comes next must not be put behind it there. */
static void test_moves(void **state)
{
    (void)state;
    for (unsigned int other = 0; other < 2; other++) {
        start();
        raise(1);
        raise(2);
        ORDER("before", 0, 1, 2);
        if (other == 0)
            ports[2].vcpu = 1;
        else
            ports[2].fifo.priority = 0;
        raise(2);
        raise(1);
        raise(3);
        if (other == 0) {
            ORDER("stayed", 0, 1, 3);
            ORDER("moved", 1, 2);
        } else {
            ORDER("moved to a higher priority", 0, 2, 1, 3);
        }
    }
    start();
    raise(1);
    raise(2);
    ports[1].vcpu = 1;
    assert_int_equal(raise(1), 0);
    ORDER("what is linked stays where it is", 0, 1, 2);
    raise(1);
    ORDER("and goes with the next event", 1, 1);
}

static void test_forget(void **state)
{
    (void)state;
    start();
    raise(1);
    raise(2);
    evtchn_fifo_forget(&fifo, &ports[1], 1);
    assert_true(evtchn_fifo_test(&fifo, 1, EVTCHN_FIFO_LINKED));
    ORDER("a closed port in the queue is passed over", 0, 2);
    assert_false(evtchn_fifo_test(&fifo, 1, EVTCHN_FIFO_LINKED));
}

/* Whatever the guest writes: no word but those of ports in use changes, and nothing goes on for
 * ever. The links and heads are never followed, so their values are tried all the same. */
static void test_hostile_values(void **state)
{
    uint32_t seed = 1;

    (void)state;
    start();
    for (unsigned int round = 0; round < 200000; round++) {
        evtchn_port_t port = 1 + round % 8;

        seed = seed * 1664525 + 1013904223;
        words[1 + (seed >> 8) % 8] = seed * 2654435761U;
        control[0].head[seed % 16] = ~seed;
        control[0].ready = seed >> 3;
        ports[port].vcpu = (uint16_t)(seed >> 5 & 1);
        ports[port].fifo.priority = (uint8_t)(seed >> 7 & 15);
        raise(port);
        if (seed & 1U << 20)
            evtchn_fifo_unmask(&fifo, &ports[port], port);
        if (seed & 1U << 21)
            evtchn_fifo_forget(&fifo, &ports[port], port);
    }
    for (evtchn_port_t port = 9; port < PORTS; port++)
        assert_int_equal(words[port], 0);
    for (unsigned int vcpu = 0; vcpu < VCPUS; vcpu++)
        for (unsigned int q = 0; q < EVTCHN_FIFO_MAX_QUEUES; q++)
            assert_true(fifo.vcpu[vcpu].tail[q] <= 8);
}

/* ---- Races ---- */

#define SENDERS 3
#define SENT    20000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t served[SENDERS + 1];

/* Each of its events is sent when the one before was served: each must be served exactly once. */
static void *sender(void *argument)
{
    evtchn_port_t port = (evtchn_port_t)(uintptr_t)argument;

    for (uint32_t n = 1; n <= SENT; n++) {
        pthread_mutex_lock(&lock);
        ports[port].fifo.priority = (uint8_t)(n / 64 % 2);
        raise(port);
        pthread_mutex_unlock(&lock);
        while (atomic_load(&served[port]) != n)
            sched_yield();
    }
    return NULL;
}

/* A guest that flips the words of ports in use for as long as *argument is 0. */
static void *flipper(void *argument)
{
    while (atomic_load((uint32_t *)argument) == 0)
        for (evtchn_port_t port = 1; port <= 8; port++)
            atomic_store(&words[port], LINKED | atomic_load(&words[port] + 1) % 7);
    return NULL;
}

static void test_senders_race_with_the_guest(void **state)
{
    pthread_t thread[SENDERS];
    uint32_t count = 0;

    (void)state;
    start();
    memset(served, 0, sizeof(served));
    for (uintptr_t i = 0; i < SENDERS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, sender, (void *)(i + 1)), 0);
    while (count < SENDERS * SENT) {
        evtchn_port_t port = take(0);

        if (port == 0) {
            sched_yield();
            continue;
        }
        assert_true(port <= SENDERS);
        (void)atomic_add_return(&served[port], 1);
        count++;
    }
    for (unsigned int i = 0; i < SENDERS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(served[i + 1], SENT);
    }
    assert_int_equal(take(0), 0);
}

static void test_flipping_words(void **state)
{
    uint32_t stop = 0;
    pthread_t thread;

    (void)state;
    start();
    assert_int_equal(pthread_create(&thread, NULL, flipper, &stop), 0);
    for (unsigned int n = 0; n < 1000000; n++)
        raise(1 + n % 8);
    atomic_store(&stop, 1);
    pthread_join(thread, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_forget),
        cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_senders_race_with_the_guest),
        cmocka_unit_test(test_flipping_words),
    };

    return RUN_TESTS(tests);
}
