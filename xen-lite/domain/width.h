/* SPDX-License-Identifier: MIT */
/*
 * What depends on the width of a guest, for all who are no part of its kind: the size of a word,
 * and where the words of the shared page lie. One constant table per width; the guest's kind has
 * more of the same (pv/width.h). A domain's width is fixed when it is created.
 *
 * Asking "which width is it?" is wrong nearly everywhere: take the number from the table.
 */
#ifndef XEN_LITE_DOMAIN_WIDTH_H
#define XEN_LITE_DOMAIN_WIDTH_H

#include <stdint.h>

struct guest_width {
    uint8_t bits;  /* 32 or 64: of a register, an address, a word of the event bitmaps */
    uint8_t bytes; /* 4 or 8 */
};

#endif
