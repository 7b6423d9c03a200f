/* SPDX-License-Identifier: MIT */
/* See width.h. The low page is in reach of 32-bit programs, too. */
#include "tests/guests/software-interrupts/width.h"

#include "tests/guests/support/support.h"

const unsigned long code_at = LOW_PAGE;
const unsigned hypercall_vector = ~0u; /* hypercalls are SYSCALL */

uint8_t *code_new(void)
{
    return low_page_new("", 0);
}

static struct frame start_wide(void)
{
    return code_frame((const void *)LOW_PAGE, true);
}

static struct frame start_narrow(void)
{
    return low_frame(0, true);
}

const struct program programs[] = {
    { "program", start_wide, FLAT_USER_CS },
    { "32-bit program", start_narrow, FLAT_RING3_CS32 },
    { NULL, NULL, 0 },
};
