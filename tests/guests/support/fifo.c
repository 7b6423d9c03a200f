/* SPDX-License-Identifier: MIT */
/* FIFO events: pages given to the hypervisor, and queues taken apart as the ABI wants it. */
#include "tests/guests/support/fifo.h"

#include "tests/guests/support/support.h"

bool fifo_on;
struct evtchn_fifo_control_block *fifo_control[FIFO_TEST_VCPUS];
volatile uint32_t *fifo_page[FIFO_TEST_PAGES];

/* The guest's own: which queues it has not emptied, and where it is in each. */
static struct {
    uint32_t ready;
    uint32_t next[EVTCHN_FIFO_MAX_QUEUES];
} queues[FIFO_TEST_VCPUS];

#define BLOCK_BYTES   128u
#define BLOCKS_A_PAGE (PAGE_SIZE / BLOCK_BYTES)
static char *blocks; /* the page that has those of the last vCPUs */

long fifo_init_control(unsigned vcpu, uint64_t frame, unsigned offset)
{
    struct evtchn_init_control init = { .control_gfn = frame, .offset = offset, .vcpu = vcpu };
    long result = event_op(EVTCHNOP_init_control, &init);

    if (result == 0)
        expect((long)init.link_bits, EVTCHN_FIFO_LINK_BITS, "link_bits");
    return result;
}

long fifo_expand_array(uint64_t frame)
{
    struct evtchn_expand_array expand = { .array_gfn = frame };

    return event_op(EVTCHNOP_expand_array, &expand);
}

long fifo_set_priority(unsigned port, unsigned priority)
{
    struct evtchn_set_priority set = { .port = port, .priority = priority };

    return event_op(EVTCHNOP_set_priority, &set);
}

/* A page that a former fifo_begin() has used, or a new one. */
static void *zeroed_page(void *page)
{
    if (page == NULL)
        return page_new();
    for (unsigned i = 0; i < PAGE_SIZE / sizeof(uint32_t); i++)
        ((volatile uint32_t *)page)[i] = 0;
    return page;
}

/* Many share a page. */
static void begin_vcpu(unsigned vcpu)
{
    unsigned place = vcpu % BLOCKS_A_PAGE * BLOCK_BYTES;

    if (place == 0)
        blocks = zeroed_page(fifo_control[vcpu]);
    fifo_control[vcpu] = (void *)(blocks + place);
    queues[vcpu] = (__typeof__(queues[0])){ 0 };
    if (fifo_init_control(vcpu, mfn_of(blocks), place) != 0)
        error("init_control for vCPU %u", vcpu);
}

void fifo_begin(unsigned vcpus, unsigned pages)
{
    for (unsigned i = 0; i < vcpus; i++)
        begin_vcpu(i);
    for (unsigned i = 0; i < pages; i++) {
        fifo_page[i] = zeroed_page((void *)fifo_page[i]);
        if (fifo_expand_array(mfn_of(fifo_page[i])) != 0)
            error("expand_array, page %u", i);
    }
    fifo_on = true;
}

void fifo_end(void)
{
    fifo_on = false;
}

volatile uint32_t *fifo_word(unsigned port)
{
    return fifo_page[port / FIFO_PAGE_PORTS] + port % FIFO_PAGE_PORTS;
}

bool fifo_test(unsigned port, unsigned bit)
{
    return *fifo_word(port) >> bit & 1;
}

void fifo_change(unsigned port, unsigned bit, bool value)
{
    if (value)
        __atomic_or_fetch(fifo_word(port), 1u << bit, __ATOMIC_SEQ_CST);
    else
        __atomic_and_fetch(fifo_word(port), ~(1u << bit), __ATOMIC_SEQ_CST);
}

/* Takes the port out of its queue; the next one there, or 0. */
static uint32_t unlink_port(unsigned port)
{
    uint32_t mask = 1u << EVTCHN_FIFO_LINKED | EVTCHN_FIFO_LINK_MASK;

    return __atomic_fetch_and(fifo_word(port), ~mask, __ATOMIC_SEQ_CST) & EVTCHN_FIFO_LINK_MASK;
}

unsigned fifo_take(unsigned vcpu)
{
    unsigned q, port;

    queues[vcpu].ready |= __atomic_exchange_n(&fifo_control[vcpu]->ready, 0, __ATOMIC_SEQ_CST);
    if (queues[vcpu].ready == 0)
        return 0;
    q = (unsigned)__builtin_ctz(queues[vcpu].ready);
    port = queues[vcpu].next[q];
    if (port == 0)
        port = READ_ONCE(fifo_control[vcpu]->head[q]);
    queues[vcpu].next[q] = unlink_port(port);
    if (queues[vcpu].next[q] == 0)
        queues[vcpu].ready &= ~(1u << q);
    return port;
}
