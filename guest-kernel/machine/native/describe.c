/* SPDX-License-Identifier: MIT */
/*
 * What a person may want to know of a PC: which lines of its interrupt controller are in use.
 */
#include "lib/print.h"
#include "machine/native/instructions.h"
#include "machine/native/native.h"

#define FIRST_DATA 0x21 /* a read gives the mask of the first controller's lines */

size_t machine_describe(char *text, size_t size)
{
    uint8_t masked = in8(FIRST_DATA);
    size_t length = 0;

    for (unsigned line = 0; line < 8; line++)
        if (!(masked & 1u << line))
            length += print_to(text + length, size - length, "interrupt line %u: in use\n", line);
    return length;
}
