/* SPDX-License-Identifier: MIT */
/* See width.h. Programs are in ring 3, their kernel in ring 1. */
#include "tests/guests/software-interrupts/width.h"

#include "tests/guests/support/support.h"

static uint8_t code[16];

const unsigned long code_at = (unsigned long)code;
const unsigned hypercall_vector = 0x82;

uint8_t *code_new(void)
{
    return code;
}

static struct frame start(void)
{
    return code_frame(code, true);
}

const struct program programs[] = {
    { "program", start, FLAT_USER_CS },
    { NULL, NULL, 0 },
};
