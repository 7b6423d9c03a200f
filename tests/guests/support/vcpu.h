/* SPDX-License-Identifier: MIT */
/* More vCPUs, for tests about several at once. */
#ifndef TESTS_GUESTS_SUPPORT_VCPU_H
#define TESTS_GUESTS_SUPPORT_VCPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills context for a vCPU that calls function(argument) on a stack of its own, with the same page
 * tables, handlers and callbacks as this one. function never returns. */
struct vcpu_guest_context;
void vcpu_context(struct vcpu_guest_context *context, void (*function)(unsigned long),
                  unsigned long argument);

/* Starts vCPU 1 so. Skips the test if the domain has no second one. */
void vcpu_start(void (*function)(unsigned long), unsigned long argument);

/* Starts vCPU id so, on a stack of size bytes and with its events masked. */
void vcpu_start_on(unsigned id, void (*function)(unsigned long), unsigned long argument,
                   void *its_stack, size_t size);

/* Starts vCPU 1 as one that does nothing but yield; and waits until it has run once more, so that
 * where both have one CPU this vCPU has been off it. */
void vcpu_start_other(void);
void vcpu_let_other_run(void);

/* Yields until *word is not zero. Returns false if that takes more than 20 seconds. */
bool wait_for(const volatile unsigned *word);

#endif
