/* SPDX-License-Identifier: MIT */
/*
 * Claim: a console read into a buffer that cannot be written is EFAULT and loses nothing; with
 *     nothing typed it is 0 whatever the buffer. What is read in pieces is in order and complete.
 * Rule: HCALL-2, IO-2
 * Runs on: xen-lite, xen-dom0
 * Ends: poweroff
 *
 * The real Xen has this call for its initial domain only.
 *
 * Alone nothing is typed. "typed=N" on the command line: "0123456789" is, again and again, N bytes
 * (tests/qemu/test_console.py).
 */
#include "tests/guests/support/support.h"

#define PIECE    7
#define PATIENCE 20000000000ull /* ns */

static long read(void *buffer, unsigned long size)
{
    return CALL(console_io, CONSOLEIO_read, size, buffer);
}

static void nothing_there(void)
{
    char buffer[4];

    expect(read(buffer, sizeof(buffer)), 0, "nothing is there");
    expect(read((void *)UNMAPPED_ADDRESS, 4), 0, "nothing, to nowhere");
    expect(read((void *)HYPERVISOR_ADDRESS, 4), 0, "nothing, to the hypervisor");
    expect(read(buffer, 0x80000000), -XEN_E2BIG, "2 GiB");
}

static void wait_for_input(void)
{
    uint64_t end = system_time() + PATIENCE;

    while (read((void *)UNMAPPED_ADDRESS, 1) == 0 && system_time() < end)
        CALL(sched_op, SCHEDOP_yield);
}

static void read_pieces(unsigned wanted)
{
    uint64_t end = system_time() + PATIENCE;
    unsigned got = 0;

    while (got < wanted && system_time() < end) {
        char piece[PIECE];
        long bad = read((void *)UNMAPPED_ADDRESS, PIECE);
        long size = read(piece, PIECE);

        expect_true(bad == 0 || bad == -XEN_EFAULT, "a bad buffer: %ld", bad);
        expect_true(size >= 0 && size <= PIECE, "a piece of %ld bytes", size);
        for (long i = 0; i < size; i++, got++)
            expect(piece[i], '0' + got % 10, "byte %u", got);
    }
    expect((long)got, (long)wanted, "bytes in all");
}

void test_main(void)
{
    unsigned wanted = (unsigned)option_number("typed=", 0);

    if (wanted == 0) {
        nothing_there();
        return;
    }
    expect(read((void *)UNMAPPED_ADDRESS, 1), 0, "nothing yet");
    print("ready\n");
    wait_for_input();
    expect(read((void *)UNMAPPED_ADDRESS, 1), -XEN_EFAULT, "something, to nowhere");
    expect(read((void *)HYPERVISOR_ADDRESS, 100), -XEN_EFAULT, "something, to the hypervisor");
    read_pieces(wanted);
}
