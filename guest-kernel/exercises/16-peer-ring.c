/* SPDX-License-Identifier: MIT */
/* Exercise 16, a longer ring: /dev/peer takes 16 KiB each way before anybody reads. The kernel
 * beside this one is the same; it says a word, waits, and then sends back what it has got. */
/* Beside it: echo here > /dev/peer; sleep 0.5; cat /dev/peer > /tmp/x; cat /tmp/x > /dev/peer */
#include <fcntl.h>
#include <unistd.h>

#include "exercises/exercise.h"

#define WANTED 16384u

static unsigned char sent[2 * WANTED], got[sizeof(sent)];

static int open_peer(int access)
{
    int peer = open("/dev/peer", access);

    must(peer >= 0, "there is no /dev/peer");
    return peer;
}

/* What has come until the end of the file. */
static size_t receive(void)
{
    int peer = open_peer(O_RDONLY);
    size_t size = 0;
    ssize_t count;

    while (size < sizeof(got) && (count = read(peer, got + size, sizeof(got) - size)) > 0)
        size += (size_t)count;
    close(peer);
    return size;
}

/* As much as is taken at once, while nobody reads. */
static size_t send(void)
{
    int peer = open_peer(O_WRONLY);
    size_t size = 0;
    ssize_t count;

    fcntl(peer, F_SETFL, O_NONBLOCK);
    while (size < sizeof(sent) && (count = write(peer, sent + size, sizeof(sent) - size)) > 0)
        size += (size_t)count;
    close(peer);
    return size;
}

void test(void)
{
    size_t size, i = 0;

    must(receive() > 0, "the kernel beside this one does not say that it is here");
    for (i = 0; i < sizeof(sent); i++)
        sent[i] = (unsigned char)(i * 7 + i / 256);

    size = send();
    must(size >= WANTED, "%u bytes are taken, and then no more", (unsigned)size);
    i = receive();
    must(i == size, "%u bytes were sent, %u come back", (unsigned)size, (unsigned)i);
    for (i = 0; i < size && got[i] == sent[i]; i++)
        ;
    must(i == size, "byte %u comes back as another one", (unsigned)i);
}
