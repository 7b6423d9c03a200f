/* SPDX-License-Identifier: MIT */
/*
 * /dev/peer: bytes to and from the machine beside this one, through a page that both have.
 *
 * Each way is a ring of bytes with four counters, two of each side. Closing a file that was written
 * to is told to the other side as an end of file, and nothing more is written until that has been
 * read: so every end is read once, behind the bytes that belong before it. Until somebody is there,
 * reading and writing wait. When the other machine has ended, it is as with a closed pipe: what has
 * come can still be read.
 *
 * The other machine is not trusted: it may write anything to the page at any time. So what this
 * side has done it counts in its own memory, and only shows in the page; each of the other's
 * counters is read once for a decision; and if they say what cannot be, such as more bytes than the
 * ring has, that is the end: EIO, for reader and writer, and the page is left.
 */
#include "kernel/lock.h"
#include "kernel/process.h"
#include "kernel/tree.h"

#define RING 1024        /* bytes; a power of 2, as counters wrap at 2^32 */
#define LOOK 20000000ull /* ns between two looks whether the other one has come, or gone */

/* The first of two is filled by the one that offers. All volatile, so that the compiler keeps the
 * order: bytes before the counter that shows them. The processor does so anyway. */
struct way {
    volatile uint32_t put, ends;         /* the writer's: bytes, ends of files */
    volatile uint32_t taken, ends_taken; /* the reader's */
    volatile char ring[RING];
};

static struct lock lock = LOCK(RANK_PIPE);

/* Under the lock. */
static struct connection {
    const struct machine_peer *machine;
    enum { ALONE, TOGETHER, OVER } state;
    long why;                   /* OVER: EPIPE, or EIO if the other one broke the rules */
    struct way *in, *out;       /* TOGETHER */
    uint32_t put, ends;         /* what this side shows in out, ... */
    uint32_t taken, ends_taken; /* ... and in in */
} peer;

/* What there is to do, as the other side's counters say. */
struct news {
    uint32_t bytes, ends;         /* that have come; an end is behind the bytes */
    uint32_t unread, ends_unread; /* that the other side has still to read */
    bool is_there;
};

static bool can_read(const struct news *news)
{
    return news->bytes > 0 || news->ends > 0;
}

/* Or never will. */
static bool can_write(const struct news *news)
{
    return (news->unread < RING && news->ends_unread == 0) || !news->is_there;
}

static void end(long error)
{
    peer.state = OVER;
    peer.why = error;
    peer.machine->leave();
    wake(&lock);
}

/* What comes last is looked at first: who is gone writes no more, and before an end all its bytes
 * have been put. */
static void look(struct news *news)
{
    struct way *ways = peer.state == ALONE ? peer.machine->join() : NULL;

    if (ways) {
        peer.state = TOGETHER;
        peer.in = &ways[peer.machine->offers];
        peer.out = &ways[!peer.machine->offers];
    }
    if (peer.state != TOGETHER)
        return;
    news->is_there = peer.machine->is_there();
    news->ends = peer.in->ends - peer.ends_taken;
    news->bytes = peer.in->put - peer.taken;
    news->unread = peer.put - peer.out->taken;
    news->ends_unread = peer.ends - peer.out->ends_taken;
    if (news->bytes > RING || news->ends > 1 || news->unread > RING || news->ends_unread > 1)
        end(-API_EIO);
    else if (!news->is_there && !can_read(news))
        end(-API_EPIPE);
}

/* 0 when it can be done. */
static long wait_until(bool (*can)(const struct news *), int flags, struct news *news)
{
    for (;;) {
        uint64_t until = machine_time() + LOOK;

        look(news);
        if (peer.state == OVER)
            return peer.why;
        if (peer.state == TOGETHER && can(news))
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

static long take(char *buffer, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer[i] = peer.in->ring[peer.taken++ % RING];
    peer.in->taken = peer.taken;
    return (long)size;
}

static long peer_read(struct file *file, void *buffer, size_t size)
{
    struct news news;
    long result;

    lock_take(&lock);
    result = wait_until(can_read, file->flags, &news);
    if (result == 0) {
        result = take(buffer, size < news.bytes ? size : news.bytes);
        if (news.bytes == 0)
            peer.in->ends_taken = ++peer.ends_taken;
        peer.machine->signal();
    }
    lock_release(&lock);
    return result == -API_EPIPE ? 0 : result;
}

static long give(const char *buffer, size_t size)
{
    for (size_t i = 0; i < size; i++)
        peer.out->ring[peer.put++ % RING] = buffer[i];
    peer.out->put = peer.put;
    return (long)size;
}

static long peer_write(struct file *file, const void *buffer, size_t size)
{
    struct news news;
    long result;

    lock_take(&lock);
    result = wait_until(can_write, file->flags, &news);
    if (result == 0 && !news.is_there)
        result = -API_EPIPE;
    if (result == 0) {
        result = give(buffer, size < RING - news.unread ? size : RING - news.unread);
        file->data = peer.out; /* the end is to be told */
        peer.machine->signal();
    }
    lock_release(&lock);
    return result;
}

/* If another end has not been read yet, that one is the end of this file, too. */
static void peer_release(struct file *file)
{
    lock_take(&lock);
    if (peer.state == TOGETHER && file->data && peer.ends == peer.out->ends_taken) {
        peer.out->ends = ++peer.ends;
        peer.machine->signal();
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
    peer = (struct connection){ .machine = machine_peer_find(signalled) };
    return peer.machine != NULL;
}
