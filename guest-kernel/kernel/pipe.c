/* SPDX-License-Identifier: MIT */
/*
 * Pipes: one page as a ring, between two open files without a node.
 *
 * What one write gives is never mixed with another's: a write takes at most PIPE_ATOMIC bytes and
 * waits until there is room for all of them. The call (call_file.c) brings larger ones in such
 * parts.
 */
#include "kernel/file.h"
#include "kernel/lock.h"
#include "kernel/pages.h"
#include "kernel/process.h"
#include "lib/string.h"

/* Keys: c = set at creation; p = lock. */
struct pipe {
    struct lock lock;
    char *ring;              /* c; a page */
    size_t start, length;    /* p; the bytes that are in it */
    bool readable, writable; /* p; whether each end is open */
};

/* ---- The ring ---- */

/* How many of size bytes come before the end of the page, if the first one is at `at`. The others
 * begin with it. */
static size_t before_end(size_t at, size_t size)
{
    return size < PAGE_SIZE - at ? size : PAGE_SIZE - at;
}

static void ring_put(struct pipe *pipe, const char *from, size_t size)
{
    size_t at = (pipe->start + pipe->length) % PAGE_SIZE;
    size_t part = before_end(at, size);

    memcpy(pipe->ring + at, from, part);
    memcpy(pipe->ring, from + part, size - part);
    pipe->length += size;
}

static void ring_take(struct pipe *pipe, char *to, size_t size)
{
    size_t part = before_end(pipe->start, size);

    memcpy(to, pipe->ring + pipe->start, part);
    memcpy(to + part, pipe->ring, size - part);
    pipe->start = (pipe->start + size) % PAGE_SIZE;
    pipe->length -= size;
}

/* ---- Reading ---- */

/* 0 when something can be read, or nothing ever will. */
static long wait_for_bytes(struct pipe *pipe, int flags)
{
    while (pipe->length == 0 && pipe->writable) {
        if (flags & API_O_NONBLOCK)
            return -API_EAGAIN;
        if (!wait_for(pipe, &pipe->lock, FOR_EVER))
            return -API_EINTR;
    }
    return 0;
}

static long pipe_read(struct file *file, void *buffer, size_t size)
{
    struct pipe *pipe = file->data;
    long result;

    if (size == 0)
        return 0;
    lock_take(&pipe->lock);
    result = wait_for_bytes(pipe, file->flags);
    if (result == 0) {
        if (size > pipe->length)
            size = pipe->length;
        ring_take(pipe, buffer, size);
        result = (long)size;
        wake(pipe);
    }
    lock_release(&pipe->lock);
    return result;
}

/* ---- Writing ---- */

/* 0 when there is room for size bytes and somebody who can read them. */
static long wait_for_room(struct pipe *pipe, int flags, size_t size)
{
    while (pipe->readable && PAGE_SIZE - pipe->length < size) {
        if (flags & API_O_NONBLOCK)
            return -API_EAGAIN;
        if (!wait_for(pipe, &pipe->lock, FOR_EVER))
            return -API_EINTR;
    }
    return pipe->readable ? 0 : -API_EPIPE;
}

static long pipe_write(struct file *file, const void *buffer, size_t size)
{
    struct pipe *pipe = file->data;
    long result;

    if (size > PIPE_ATOMIC)
        size = PIPE_ATOMIC;
    lock_take(&pipe->lock);
    result = wait_for_room(pipe, file->flags, size);
    if (result == 0) {
        ring_put(pipe, buffer, size);
        result = (long)size;
        wake(pipe);
    }
    lock_release(&pipe->lock);
    return result;
}

/* ---- Its life ---- */

/* One end is closed: the other one has to know; with the second end the pipe goes. */
static void close_end(struct pipe *pipe, bool *end)
{
    bool last;

    lock_take(&pipe->lock);
    *end = false;
    last = !pipe->readable && !pipe->writable;
    wake(pipe);
    lock_release(&pipe->lock);
    if (last) {
        page_put(pipe->ring);
        heap_put(pipe);
    }
}

static void reader_release(struct file *file)
{
    struct pipe *pipe = file->data;

    close_end(pipe, &pipe->readable);
}

static void writer_release(struct file *file)
{
    struct pipe *pipe = file->data;

    close_end(pipe, &pipe->writable);
}

static const struct file_operations reader_operations = {
    .read = pipe_read,
    .release = reader_release,
};

static const struct file_operations writer_operations = {
    .write = pipe_write,
    .release = writer_release,
};

long pipe_new(struct file **reader, struct file **writer)
{
    struct pipe *pipe = heap_get(sizeof(*pipe));
    char *ring = page_get();

    *reader = file_new(&reader_operations, API_O_RDONLY);
    *writer = file_new(&writer_operations, API_O_WRONLY);
    if (!pipe || !ring || !*reader || !*writer) {
        heap_put(*writer);
        heap_put(*reader);
        page_put(ring);
        heap_put(pipe);
        return -API_ENOMEM;
    }
    *pipe = (struct pipe){
        .lock = LOCK(RANK_PIPE),
        .ring = ring,
        .readable = true,
        .writable = true,
    };
    (*reader)->data = pipe;
    (*writer)->data = pipe;
    return 0;
}
