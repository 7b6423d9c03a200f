/* SPDX-License-Identifier: MIT */
/* What of a random context the two widths say for themselves. */
#ifndef TESTS_GUESTS_VCPU_CONTEXTS_CONTEXTS_H
#define TESTS_GUESTS_VCPU_CONTEXTS_CONTEXTS_H

#include "tests/guests/support/support.h"

/* Where each vCPU ends up: yields for ever, whether its kernel or a program came here. */
extern char park[];

/* Code near the guest's last byte, which is not there. */
extern const unsigned long last_bytes;

/* Of G, D, L and AVL those that a descriptor in use may have. */
extern const uint64_t descriptor_flags;

/* The rest of a context. A kernel that has lost its stack cannot be told of its fault: that rightly
 * is the end, and is not to be. */
void finish_context(struct vcpu_guest_context *context);

#endif
