/* SPDX-License-Identifier: MIT */
/*
 * /dev/peer: bytes to and from the machine beside this one, through a page that both have.
 *
 * Each way is a ring of bytes with two counters, each written by one side. Closing a file that was
 * written to is told to the other side as an end of file, and nothing more is written until that
 * has been read: so every end is read once, behind the bytes that belong before it. Until somebody
 * is there, reading and writing wait. When the other machine has ended, it is as with a
 * closed pipe: what has come can still be read.
 *
 * The other machine is not trusted: whatever it writes into the page, a counter only ever gives a
 * place in the ring, and a number of bytes that is at most the ring's.
 */
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/tree.h"

#define RING 1024        /* bytes; a power of 2, as counters wrap at 2^32 */
#define LOOK 20000000ull /* ns between two looks whether the other one has come, or gone */

/* The first of two is filled by the one that offers. */
struct way {
    volatile uint32_t put, ends;         /* the writer's: bytes, ends of files */
    volatile uint32_t taken, ends_taken; /* the reader's */
    char ring[RING];
};

/* The lock is for all of it, and for what is this side's in the page. */
static struct lock lock = LOCK(RANK_PIPE);
static const struct machine_peer *peer;
static struct way *in, *out; /* NULL: nobody is there yet, or any more */
static bool gone;

static uint32_t bytes_in(const struct way *way)
{
    uint32_t count = way->put - way->taken;

    return count < RING ? count : RING;
}

static bool can_read(void)
{
    return bytes_in(in) > 0 || in->ends != in->ends_taken;
}

/* Or never will. */
static bool can_write(void)
{
    return (bytes_in(out) < RING && out->ends == out->ends_taken) || !peer->is_there();
}

/* Asked in this order: who is gone writes no more. */
static void look(void)
{
    if (!in && !gone) {
        struct way *ways = peer->join();

        in = ways ? &ways[peer->offers] : NULL;
        out = ways ? &ways[!peer->offers] : NULL;
    } else if (!gone && !peer->is_there() && !can_read()) {
        gone = true;
        in = out = NULL;
        peer->leave();
        wake(&lock);
    }
}

/* 0 when it can be done, or never will. */
static long wait_until(bool (*can)(void), int flags)
{
    for (;;) {
        uint64_t until = machine_time() + LOOK;

        look();
        if (gone || (in && can()))
            return 0;
        if (flags & API_O_NONBLOCK)
            return -API_EAGAIN;
        if (!wait_for(&lock, &lock, until) && machine_time() < until)
            return -API_EINTR;
    }
}

static void signalled(void)
{
    lock_take(&lock);
    wake(&lock);
    lock_release(&lock);
}

/* ---- The file ---- */

static long peer_read(struct file *file, void *buffer, size_t size)
{
    long result;

    lock_take(&lock);
    result = wait_until(can_read, file->flags);
    if (result == 0 && in) {
        uint32_t count = bytes_in(in);

        if (count == 0)
            in->ends_taken = in->ends;
        result = (long)(size < count ? size : count);
        __asm__ volatile("" ::: "memory"); /* x86 keeps the order; so must the compiler */
        for (long i = 0; i < result; i++)
            ((char *)buffer)[i] = in->ring[(in->taken + (uint32_t)i) % RING];
        __asm__ volatile("" ::: "memory");
        in->taken += (uint32_t)result;
        peer->signal();
    }
    lock_release(&lock);
    return result;
}

static long peer_write(struct file *file, const void *buffer, size_t size)
{
    long result;

    lock_take(&lock);
    result = wait_until(can_write, file->flags);
    if (result == 0 && (!out || !peer->is_there()))
        result = -API_EPIPE;
    if (result == 0) {
        uint32_t room = RING - bytes_in(out);

        result = (long)(size < room ? size : room);
        for (long i = 0; i < result; i++)
            out->ring[(out->put + (uint32_t)i) % RING] = ((const char *)buffer)[i];
        __asm__ volatile("" ::: "memory");
        out->put += (uint32_t)result;
        file->data = out; /* the end is to be told */
        peer->signal();
    }
    lock_release(&lock);
    if (result == -API_EPIPE)
        signal_process(current()->pid, API_SIGPIPE);
    return result;
}

static void peer_release(struct file *file)
{
    lock_take(&lock);
    if (out && file->data && out->ends == out->ends_taken) {
        out->ends++;
        peer->signal();
    }
    lock_release(&lock);
}

const struct file_operations peer_operations = {
    .read = peer_read,
    .write = peer_write,
    .release = peer_release,
};

bool peer_init(void)
{
    peer = machine_peer_find(signalled);
    return peer != NULL;
}
