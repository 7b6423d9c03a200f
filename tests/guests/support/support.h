/* SPDX-License-Identifier: MIT */
/*
 * What a test guest can use: one header for all. A test is test_main() in its main.c; when that is
 * called, the shared page is mapped, every exception is caught, events are masked and go to their
 * counters.
 */
#ifndef TESTS_GUESTS_SUPPORT_SUPPORT_H
#define TESTS_GUESTS_SUPPORT_SUPPORT_H

#include "tests/guests/support/compat.h"
#include "tests/guests/support/event.h"
#include "tests/guests/support/fifo.h"
#include "tests/guests/support/hypercall.h"
#include "tests/guests/support/layout.h"
#include "tests/guests/support/memory.h"
#include "tests/guests/support/trap.h"
#include "tests/guests/support/vcpu.h"
#include "tests/guests/support/verdict.h"
#include "tests/guests/support/width.h"

extern const struct start_info *start_info;
extern struct shared_info *shared_info;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A read of a word that the hypervisor changes. */
#define READ_ONCE(x)         (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

/* The initial domain of the real Xen: privileged, and without console and store pages. */
static inline bool is_initial_domain(void)
{
    return start_info->flags & SIF_INITDOMAIN;
}

/* For the few things in which the two differ on purpose (docs/differences.md). */
bool is_xen_lite(void);

/* Ends the domain; does not return if the hypervisor is right. */
_Noreturn void shut_down(unsigned reason);

#endif
