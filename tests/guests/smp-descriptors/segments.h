/* SPDX-License-Identifier: MIT */
/* How a kernel of each width uses selectors whose descriptors may be changed at any time. */
#ifndef TESTS_GUESTS_SMP_DESCRIPTORS_SEGMENTS_H
#define TESTS_GUESTS_SMP_DESCRIPTORS_SEGMENTS_H

#include "tests/guests/support/support.h"

/* For trap_hook, always. */
void trap_in_kernel(struct frame *frame);

/* Loads a segment register, and another one; the fault that came of it. */
struct fault load_first(unsigned long selector);
struct fault load_second(unsigned long selector);

/* Neither holds anything afterwards. */
void unload(void);

/* An iret whose stack segment is being changed; and how many of them arrived. */
void iret(unsigned long selector);
extern volatile unsigned landed;

/* How often all of it. */
extern const unsigned rounds;

/* What comes of a 64-bit code segment in the table. */
extern const long code64_result;

#endif
