/* SPDX-License-Identifier: MIT */
/*
 * guest-kernel/kernel/: peer.c. The other machine is the test: it writes to the page what one that
 * keeps the rules would, or what it should not. The page is as large as the two rings and is freed
 * when the kernel leaves it, so the sanitizer finds any access beside it, or later.
 */
#include "guest_files.h"

#define RING 1024

/* The layout of the page, as docs/teaching-kernel.md draws it. */
struct ring {
    uint32_t put, ends, taken, ends_taken;
    char bytes[RING];
};

static struct ring *page;
static bool joined, alive;
static unsigned signals, left;
static long device; /* the descriptor */

static void *join(void)
{
    return joined ? page : NULL;
}

static bool is_there(void)
{
    return alive;
}

static void count_signal(void)
{
    signals++;
}

static void leave(void)
{
    left++;
    free(page);
    page = NULL;
}

static struct machine_peer machine = { false, join, is_there, count_signal, leave };

/* What the kernel reads and what it writes: the one that offers fills the first ring. */
static struct ring *to_kernel(void)
{
    return &page[machine.offers];
}

static struct ring *from_kernel(void)
{
    return &page[!machine.offers];
}

static void start(void)
{
    kernel.peer = &machine;
    kernel_reset(); /* closes what was open */
    free(page);
    page = calloc(2, sizeof(*page));
    joined = alive = true;
    signals = left = 0;
    check("there is one", peer_init());
    device = CALL(open, "/dev/peer", API_O_RDWR);
    check("opened", device >= 0);
}

static void start_without_waiting(void)
{
    start();
    CALL(setflags, device, API_O_NONBLOCK, 1);
}

static void send(const char *bytes, size_t size)
{
    struct ring *ring = to_kernel();

    for (size_t i = 0; i < size; i++)
        ring->bytes[(ring->put + i) % RING] = bytes[i];
    ring->put += (uint32_t)size;
}

static size_t receive(char *bytes)
{
    struct ring *ring = from_kernel();
    size_t size = ring->put - ring->taken;

    for (size_t i = 0; i < size; i++)
        bytes[i] = ring->bytes[(ring->taken + i) % RING];
    ring->taken = ring->put;
    return size;
}

/* ---- One that keeps the rules ---- */

static void test_nobody_is_there(void **state)
{
    char text[8];

    (void)state;
    start();
    joined = false;
    check_number("read", CALL(read, device, text, 8), -API_EINTR);
    check_number("write", CALL(write, device, text, 8), -API_EINTR);
    CALL(setflags, device, API_O_NONBLOCK, 1);
    check_number("read", CALL(read, device, text, 8), -API_EAGAIN);
    check_number("write", CALL(write, device, text, 8), -API_EAGAIN);
    check_number("signals", signals, 0);
    joined = true;
    check_number("write", CALL(write, device, text, 8), 8);
}

static void test_bytes(void **state)
{
    char text[RING + 8], got[RING];

    (void)state;
    for (unsigned offers = 0; offers < 2; offers++) {
        machine.offers = offers;
        start_without_waiting();
        for (unsigned size = 1; size <= RING; size += 61) {
            memset(text, (int)size, sizeof(text));
            check_number("write", CALL(write, device, text, size), size);
            check_number("received", receive(got), size);
            check("the same", memcmp(got, text, size) == 0);
            send(text, size);
            memset(got, 0, sizeof(got));
            check_number("read part", CALL(read, device, got, 1), 1);
            if (size > 1)
                check_number("read rest", CALL(read, device, got + 1, RING - 1), size - 1);
            check("the same", memcmp(got, text, size) == 0);
            check_number("no more", CALL(read, device, got, 1), -API_EAGAIN);
        }
        check_number("more than it holds", CALL(write, device, text, sizeof(text)), RING);
        check_number("full", CALL(write, device, text, 1), -API_EAGAIN);
        check("told", signals > 0);
    }
}

static void test_ends(void **state)
{
    char text[8];
    long other;

    (void)state;
    machine.offers = false;
    start_without_waiting();
    send("abc", 3);
    to_kernel()->ends++;
    check_number("bytes first", CALL(read, device, text, 8), 3);
    check_number("not read yet", to_kernel()->ends_taken, 0);
    check_number("end", CALL(read, device, text, 8), 0);
    check_number("read", to_kernel()->ends_taken, 1);
    check_number("once", CALL(read, device, text, 8), -API_EAGAIN);

    other = CALL(open, "/dev/peer", API_O_WRONLY | API_O_NONBLOCK);
    CALL(setflags, other, API_O_NONBLOCK, 1);
    check_number("two writers", CALL(write, device, "a", 1), 1);
    check_number("two writers", CALL(write, other, "b", 1), 1);
    CALL(close, other);
    check_number("told", from_kernel()->ends, 1);
    check_number("an end is not read yet", CALL(write, device, "c", 1), -API_EAGAIN);
    CALL(close, device);
    check_number("both have ended", from_kernel()->ends, 1);
    from_kernel()->taken = from_kernel()->put;
    from_kernel()->ends_taken = 1;

    device = CALL(open, "/dev/peer", API_O_RDONLY);
    CALL(close, device);
    check_number("who only reads has no end", from_kernel()->ends, 1);
}

static bool nothing_happens(uint64_t until)
{
    kernel.time = until;
    return false;
}

static bool it_takes_all(uint64_t until)
{
    char got[RING];

    (void)until;
    check_number("full", receive(got), RING);
    kernel.on_signal();
    kernel.asleep = nothing_happens;
    return true;
}

static bool it_sends(uint64_t until)
{
    kernel.time = until; /* the signal was lost: it looks again all the same */
    send("late", 4);
    return false;
}

static void test_waiting(void **state)
{
    static char big[2 * RING], text[8];

    (void)state;
    start();
    kernel.asleep = it_takes_all;
    check_number("both halves", CALL(write, device, big, sizeof(big)), 2 * RING);
    check_number("woken", kernel.wakes, 1);
    kernel.asleep = it_sends;
    check_number("read", CALL(read, device, text, 8), 4);
}

/* ---- One that ends ---- */

static bool it_ends(uint64_t until)
{
    kernel.time = until;
    alive = false;
    return false;
}

static void test_it_has_ended(void **state)
{
    char text[8];

    (void)state;
    start();
    send("abc", 3);
    alive = false;
    check_number("nobody reads", CALL(write, device, "x", 1), -API_EPIPE);
    check_number("signal", kernel.signal, API_SIGPIPE);
    check_number("what has come", CALL(read, device, text, 8), 3);
    check_number("then the end", CALL(read, device, text, 8), 0);
    check_number("left", left, 1);
    check_number("again", CALL(read, device, text, 8), 0);
    check_number("again", CALL(write, device, "x", 1), -API_EPIPE);
    CALL(close, device);
    check_number("left once", left, 1);
}

static void test_it_ends_meanwhile(void **state)
{
    static char big[2 * RING];

    (void)state;
    start();
    kernel.asleep = it_ends;
    check_number("half is written", CALL(write, device, big, sizeof(big)), RING);
    check_number("signal", kernel.signal, API_SIGPIPE);
    check_number("read", CALL(read, device, big, 8), 0);
    start();
    kernel.asleep = it_ends;
    check_number("read", CALL(read, device, big, 8), 0);
    check_number("left", left, 1);
    check("woken: others wait, too", kernel.wakes > 0);
}

/* ---- One that breaks the rules ---- */

/* After three bytes each way, of which the kernel has read one; and what the other machine does to
 * the page then. */
static const struct {
    const char *name;
    size_t where;
    uint32_t value;
    bool bad;
} cases[] = {
    { "all that fits", offsetof(struct ring, put), 1 + RING, false },
    { "more than fits", offsetof(struct ring, put), 2 + RING, true },
    { "taken back", offsetof(struct ring, put), 0, true },
    { "very many", offsetof(struct ring, put), 0x80000000, true },
    { "an end", offsetof(struct ring, ends), 1, false },
    { "two ends", offsetof(struct ring, ends), 2, true },
    { "an end taken back", offsetof(struct ring, ends), UINT32_MAX, true },
    { "our counters", offsetof(struct ring, taken), 0x12345678, false },
    { "our counters", offsetof(struct ring, ends_taken), 0x12345678, false },
    { "has read all", sizeof(struct ring) + offsetof(struct ring, taken), 3, false },
    { "has read more", sizeof(struct ring) + offsetof(struct ring, taken), 4, true },
    { "has read less", sizeof(struct ring) + offsetof(struct ring, taken), 0x80000000, true },
    { "an end that is none", sizeof(struct ring) + offsetof(struct ring, ends_taken), 1, true },
    { "our counters", sizeof(struct ring) + offsetof(struct ring, put), 0x12345678, false },
    { "our counters", sizeof(struct ring) + offsetof(struct ring, ends), 0x12345678, false },
};

static void check_case(const char *name, size_t where, uint32_t value, bool bad)
{
    char text[8];

    start_without_waiting();
    check_number(name, CALL(write, device, "abc", 3), 3);
    send("123", 3);
    check_number(name, CALL(read, device, text, 1), 1);
    memcpy((char *)page + where, &value, sizeof(value));
    if (bad) {
        check_number(name, CALL(read, device, text, 8), -API_EIO);
        check_number(name, CALL(write, device, text, 8), -API_EIO);
        check_number(name, left, 1);
        check_number(name, kernel.signal, 0);
        return;
    }
    check_number(name, CALL(write, device, "d", 1), 1);
    check_number(name, from_kernel()->put, 4);
    check(name, memcmp(from_kernel()->bytes, "abcd", 4) == 0);
    check(name, CALL(read, device, text, 2) == 2 && memcmp(text, "23", 2) == 0);
    check_number(name, to_kernel()->taken, 3);
    check_number(name, left, 0);
}

static void test_it_breaks_the_rules(void **state)
{
    (void)state;
    machine.offers = false; /* the first ring is the one that it reads */
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_case(cases[i].name, cases[i].where, cases[i].value, cases[i].bad);
}

static bool it_writes_anything(uint64_t until)
{
    kernel.time = until;
    for (unsigned i = 0; page && i < 4; i++)
        ((unsigned char *)page)[(unsigned)rand() % 16 + (rand() % 2 ? sizeof(*page) : 0)] =
            (unsigned char)(rand() % 3);
    alive = rand() % 20 != 0;
    return rand() % 2;
}

/* Whatever it does, results are counts that were asked for, or one of four errors; and after the
 * end nothing comes. */
static void check_result(long result, bool over)
{
    check("result", (result >= 0 && result <= 1500) || result == -API_EIO || result == -API_EPIPE ||
                        result == -API_EAGAIN || result == -API_EINTR);
    check("over is over", !over || result <= 0);
}

static void test_it_writes_anything(void **state)
{
    static char text[1500];

    (void)state;
    srand(1);
    for (unsigned round = 0; round < 3000; round++) {
        machine.offers = round % 2;
        start();
        kernel.asleep = it_writes_anything;
        for (unsigned i = 0; i < 10; i++) {
            bool over = left > 0;

            check_result(rand() % 2 ? CALL(read, device, text, 1 + (unsigned)rand() % 1500)
                                    : CALL(write, device, text, 1 + (unsigned)rand() % 1500),
                         over);
            it_writes_anything(kernel.time);
        }
        check("left at most once", left <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_is_there),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_it_has_ended),
        cmocka_unit_test(test_it_ends_meanwhile),
        cmocka_unit_test(test_it_breaks_the_rules),
        cmocka_unit_test(test_it_writes_anything),
    };
    int failed = RUN_TESTS(tests);

    free(page);
    return failed;
}
