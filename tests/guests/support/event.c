/* SPDX-License-Identifier: MIT */
/* Event channels and time. */
#include "tests/guests/support/event.h"

#include "tests/guests/support/support.h"

volatile unsigned event_count[EVENT_PORTS];
volatile unsigned upcall_count;
void (*event_hook)(unsigned port);

static struct vcpu_info *vcpu(void)
{
    return &shared_info->vcpu_info[0];
}

void events_mask(void)
{
    WRITE_ONCE(vcpu()->evtchn_upcall_mask, 1);
    __asm__ volatile("" ::: "memory");
}

void events_unmask(void)
{
    WRITE_ONCE(vcpu()->evtchn_upcall_mask, 0);
    __asm__ volatile("mfence" ::: "memory");

    /* Unmasking alone tells nobody; the end of any hypercall looks. */
    if (READ_ONCE(vcpu()->evtchn_upcall_pending))
        CALL(xen_version, XENVER_version, NULL);
}

static unsigned long port_bit(unsigned port)
{
    return 1ul << (port % WORD_BITS);
}

bool event_pending(unsigned port)
{
    if (fifo_on)
        return fifo_test(port, EVTCHN_FIFO_PENDING);
    return READ_ONCE(shared_info->evtchn_pending[port / WORD_BITS]) & port_bit(port);
}

bool event_masked(unsigned port)
{
    if (fifo_on)
        return fifo_test(port, EVTCHN_FIFO_MASKED);
    return READ_ONCE(shared_info->evtchn_mask[port / WORD_BITS]) & port_bit(port);
}

void event_clear(unsigned port)
{
    if (fifo_on)
        fifo_change(port, EVTCHN_FIFO_PENDING, false);
    else
        __atomic_and_fetch(&shared_info->evtchn_pending[port / WORD_BITS], ~port_bit(port),
                           __ATOMIC_SEQ_CST);
}

void event_mask(unsigned port)
{
    if (fifo_on)
        fifo_change(port, EVTCHN_FIFO_MASKED, true);
    else
        __atomic_or_fetch(&shared_info->evtchn_mask[port / WORD_BITS], port_bit(port),
                          __ATOMIC_SEQ_CST);
}

void event_unmask_locally(unsigned port)
{
    if (fifo_on)
        fifo_change(port, EVTCHN_FIFO_MASKED, false);
    else
        __atomic_and_fetch(&shared_info->evtchn_mask[port / WORD_BITS], ~port_bit(port),
                           __ATOMIC_SEQ_CST);
}

long event_op(unsigned operation, void *argument)
{
    return CALL(event_channel_op, operation, argument);
}

long event_try_send(unsigned port)
{
    struct evtchn_send send = { .port = port };

    return event_op(EVTCHNOP_send, &send);
}

void event_send(unsigned port)
{
    expect(event_try_send(port), 0, "send");
}

static void serve_port(unsigned port)
{
    event_clear(port);
    if (port < EVENT_PORTS)
        event_count[port]++;
    if (event_hook)
        event_hook(port);
}

static void serve_word(unsigned word)
{
    unsigned long ready =
        READ_ONCE(shared_info->evtchn_pending[word]) & ~READ_ONCE(shared_info->evtchn_mask[word]);

    for (; ready; ready &= ready - 1)
        serve_port(word * (unsigned)WORD_BITS + (unsigned)__builtin_ctzl(ready));
}

bool events_ready(void)
{
    return fifo_on ? fifo_control[0]->ready != 0 : READ_ONCE(vcpu()->evtchn_pending_sel) != 0;
}

void events_forget(void)
{
    if (fifo_on)
        while (fifo_take(0) != 0)
            ;
    else
        WRITE_ONCE(vcpu()->evtchn_pending_sel, 0);
    WRITE_ONCE(vcpu()->evtchn_upcall_pending, 0);
}

static void serve_fifo(void)
{
    unsigned port;

    while ((port = fifo_take(0)) != 0)
        if (event_pending(port) && !event_masked(port))
            serve_port(port);
}

void events_serve(void)
{
    upcall_count++;
    while (READ_ONCE(vcpu()->evtchn_upcall_pending)) {
        unsigned long words;

        WRITE_ONCE(vcpu()->evtchn_upcall_pending, 0);
        if (fifo_on) {
            serve_fifo();
            continue;
        }
        words = __atomic_exchange_n(&vcpu()->evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);
        for (; words; words &= words - 1)
            serve_word((unsigned)__builtin_ctzl(words));
    }
}

/* ticks * mul / 2^32, with a product of 96 bits. */
static uint64_t scale(uint64_t ticks, uint32_t mul)
{
    return (ticks >> 32) * mul + ((uint64_t)(uint32_t)ticks * mul >> 32);
}

uint64_t system_time(void)
{
    const struct vcpu_time_info *time = &vcpu()->time;
    uint32_t version, low, high;
    uint64_t ticks, now;

    do {
        version = READ_ONCE(time->version);
        __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
        ticks = ((uint64_t)high << 32 | low) - time->tsc_timestamp;
        ticks = time->tsc_shift >= 0 ? ticks << time->tsc_shift : ticks >> -time->tsc_shift;
        now = time->system_time + scale(ticks, time->tsc_to_system_mul);
        __asm__ volatile("" ::: "memory");
    } while ((version & 1) || version != READ_ONCE(time->version));
    return now;
}
