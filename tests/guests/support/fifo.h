/* SPDX-License-Identifier: MIT */
/* FIFO events: the guest's side. */
#ifndef TESTS_GUESTS_SUPPORT_FIFO_H
#define TESTS_GUESTS_SUPPORT_FIFO_H

#include <stdbool.h>
#include <stdint.h>

#define FIFO_TEST_VCPUS 70
#define FIFO_TEST_PAGES 128
#define FIFO_PAGE_PORTS 1024u

struct evtchn_fifo_control_block;

/* From fifo_begin() until fifo_end(): then the functions of event.h are about these words. */
extern bool fifo_on;
extern struct evtchn_fifo_control_block *fifo_control[FIFO_TEST_VCPUS];
extern volatile uint32_t *fifo_page[FIFO_TEST_PAGES];

/* init_control and expand_array with any frame; the raw results. */
long fifo_init_control(unsigned vcpu, uint64_t frame, unsigned offset);
long fifo_expand_array(uint64_t frame);
long fifo_set_priority(unsigned port, unsigned priority);

/* Changes to FIFO events, with a control block for each of so many vCPUs and zeroed pages for so
 * many ports. Errors end the test. */
void fifo_begin(unsigned vcpus, unsigned pages);
/* After EVTCHNOP_reset: events are two-level again. */
void fifo_end(void);

/* A port's word, and one bit of it (EVTCHN_FIFO_...). */
volatile uint32_t *fifo_word(unsigned port);
bool fifo_test(unsigned port, unsigned bit);
void fifo_change(unsigned port, unsigned bit, bool value);

/* Takes the next port out of the vCPU's queues, the highest priority first, whether it is pending
 * or not; 0: all are empty. For one vCPU of the guest at a time. */
unsigned fifo_take(unsigned vcpu);

#endif
