/* SPDX-License-Identifier: MIT */
/*
 * Segment descriptors that a guest wants the CPU to use.
 */
#ifndef CORE_DESCRIPTOR_H
#define CORE_DESCRIPTOR_H

#include <stdint.h>

#include "core/rules.h"

#define DESCRIPTORS_PER_PAGE 512

/*
 * Checks one 8-byte descriptor of a 64-bit guest and makes it safe in place: the privilege level of
 * a segment becomes 3, that of a call gate 0. RULE_NONE or RULE_DESC_5.
 */
enum rule_id descriptor_check(uint64_t *descriptor);

#endif
