/* SPDX-License-Identifier: MIT */
/*
 * The 2-level event-channel bitmaps, which hypervisor and guest write at the same time:
 *
 *     shared_info.evtchn_pending[], evtchn_mask[]   one bit a port, arrays of guest words
 *     vcpu_info.evtchn_pending_sel                  one bit per word of evtchn_pending
 *     vcpu_info.evtchn_upcall_pending               a byte: the vCPU is to look
 *
 * The hard idea is the order. The sender sets PENDING, then reads MASK. The guest clears MASK,
 * then reads PENDING (a hypercall does it where the port is bound to another vCPU). Each side's
 * write is before its read, so at least one of them sees both bits in the state that asks for an
 * upcall. Every step below is a locked instruction, which orders like a full barrier.
 *
 * Nothing that a guest writes here is trusted: only bits are read, and any value is a legal one.
 */
#ifndef CORE_EVTCHN_2L_H
#define CORE_EVTCHN_2L_H

#include "lib/assert.h"
#include "lib/atomic.h"
#include "lib/types.h"

/* The shared words of one domain and of the vCPU that a port is bound to. word_shift is 6 or 5:
 * 64 or 32 ports are what one bit of the selector stands for, and so many bits it has. */
struct evtchn_2l {
    void *pending;  /* a bit for each port */
    void *mask;     /* the same */
    void *selector; /* a bit for each word of .pending */
    uint8_t *upcall_pending;
    unsigned int word_shift;
};

/* The ports that a guest of this width has: 4096 or 1024. */
static inline unsigned int evtchn_2l_ports(unsigned int word_shift)
{
    return 1U << 2 * word_shift;
}

/* port is pending and not masked: tell the vCPU, from the port's word upwards. The selector before
 * the upcall byte: the guest clears the byte, then reads the selector. */
static inline bool evtchn_2l_raise(const struct evtchn_2l *words, unsigned int port)
{
    if (atomic_test_and_set_bit(port >> words->word_shift, words->selector))
        return false;
    return atomic_exchange(words->upcall_pending, 1) == 0;
}

/* The two halves of evtchn_2l_set_pending(). The first says whether port was pending already: then
 * whoever made it so has told the vCPU, or the guest will find it on unmasking. */
static inline bool evtchn_2l_mark_pending(const struct evtchn_2l *words, unsigned int port)
{
    return atomic_test_and_set_bit(port, words->pending);
}

static inline bool evtchn_2l_tell(const struct evtchn_2l *words, unsigned int port)
{
    return !atomic_test_bit(port, words->mask) && evtchn_2l_raise(words, port);
}

/* An event has arrived at port. Says whether the vCPU is to be woken or interrupted, which is when
 * upcall_pending goes from 0 to 1. port is below evtchn_2l_ports. */
static inline bool evtchn_2l_set_pending(const struct evtchn_2l *words, unsigned int port)
{
    ASSERT(port < evtchn_2l_ports(words->word_shift));
    if (evtchn_2l_mark_pending(words, port))
        return false;
    return evtchn_2l_tell(words, port);
}

/* The guest asks to clear the mask of port and to be told of what arrived meanwhile. Result as of
 * evtchn_2l_set_pending. */
bool evtchn_2l_unmask(const struct evtchn_2l *words, unsigned int port);

/* A port was closed: it must not be pending when it is next used. */
void evtchn_2l_clear_pending(const struct evtchn_2l *words, unsigned int port);

bool evtchn_2l_is_pending(const struct evtchn_2l *words, unsigned int port);
bool evtchn_2l_is_masked(const struct evtchn_2l *words, unsigned int port);

/* Sets all bits that could be missing after the vCPU's words have moved
 * (VCPUOP_register_vcpu_info): the guest then scans everything once. */
void evtchn_2l_set_all_selectors(const struct evtchn_2l *words);

#endif
