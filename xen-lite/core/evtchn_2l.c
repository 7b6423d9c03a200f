/* SPDX-License-Identifier: MIT */
/*
 * The 2-level bitmaps; see core/evtchn_2l.h for the order that everything rests on.
 */
#include "core/evtchn_2l.h"

#include "lib/assert.h"
#include "lib/atomic.h"

bool evtchn_2l_unmask(const struct evtchn_2l *words, unsigned int port)
{
    ASSERT(port < evtchn_2l_ports(words->word_shift));
    if (!atomic_test_and_clear_bit(port, words->mask))
        return false;
    if (!atomic_test_bit(port, words->pending))
        return false;
    return evtchn_2l_raise(words, port);
}

void evtchn_2l_clear_pending(const struct evtchn_2l *words, unsigned int port)
{
    atomic_clear_bit(port, words->pending);
}

bool evtchn_2l_is_pending(const struct evtchn_2l *words, unsigned int port)
{
    return atomic_test_bit(port, words->pending);
}

bool evtchn_2l_is_masked(const struct evtchn_2l *words, unsigned int port)
{
    return atomic_test_bit(port, words->mask);
}

/* More bits than needed are harmless: the guest looks and finds nothing. */
void evtchn_2l_set_all_selectors(const struct evtchn_2l *words)
{
    for (unsigned int bit = 0; bit < 1U << words->word_shift; bit++)
        atomic_set_bit(bit, words->selector);
}
