/* SPDX-License-Identifier: MIT */
/*
 * Boot information of both Multiboot protocols as samples.
 */
#ifndef TESTS_UNIT_SAMPLE_MULTIBOOT_H
#define TESTS_UNIT_SAMPLE_MULTIBOOT_H

#include "tests/unit/sample.h"

/* ---- Multiboot2 ---- */

/* Begins a tag; its size is filled in by sample_tag_end. Returns where it begins. */
static inline size_t sample_tag(struct sample *sample, uint32_t type)
{
    sample_align(sample, 8);

    size_t at = sample->size;

    sample_put32(sample, type);
    sample_put32(sample, 0);
    return at;
}

static inline void sample_tag_end(struct sample *sample, size_t at)
{
    sample_set_number(sample, at + 4, sample->size - at, 4);
}

static inline void sample_tag_text(struct sample *sample, uint32_t type, const char *text)
{
    size_t at = sample_tag(sample, type);

    sample_put_text(sample, text);
    sample_tag_end(sample, at);
}

static inline void sample_tag_module(struct sample *sample, uint32_t start, uint32_t end,
                                     const char *text)
{
    size_t at = sample_tag(sample, 3);

    sample_put32(sample, start);
    sample_put32(sample, end);
    sample_put_text(sample, text);
    sample_tag_end(sample, at);
}

static inline void sample_range(struct sample *sample, uint64_t base, uint64_t size, uint32_t type)
{
    sample_put64(sample, base);
    sample_put64(sample, size);
    sample_put32(sample, type);
    sample_put32(sample, 0);
}

static inline void sample_tag_memory_map(struct sample *sample)
{
    size_t at = sample_tag(sample, 6);

    sample_put32(sample, 24);
    sample_put32(sample, 0);
    sample_range(sample, 0, 0x9fc00, 1);
    sample_range(sample, 0x9fc00, 0x400, 2);
    sample_range(sample, 0x100000, 0x1fee0000, 1);
    sample_range(sample, 0x1ffe0000, 0, 1);
    sample_range(sample, 0x100000000, 0x80000000, 1);
    sample_range(sample, 0xffffffffffff0000, 0x20000, 1);
    sample_tag_end(sample, at);
}

static inline void sample_tag_framebuffer(struct sample *sample)
{
    static const uint8_t colours[6] = { 16, 8, 8, 8, 0, 8 };
    size_t at = sample_tag(sample, 8);

    sample_put64(sample, 0xfd000000);
    sample_put32(sample, 4096);
    sample_put32(sample, 1024);
    sample_put32(sample, 768);
    sample_put8(sample, 32);
    sample_put8(sample, 1);
    sample_put16(sample, 0);
    sample_put(sample, colours, sizeof(colours));
    sample_tag_end(sample, at);
}

/* Bytes of an RSDP, size 20 or 36. */
static inline void sample_tag_rsdp(struct sample *sample, uint32_t type, size_t size)
{
    size_t at = sample_tag(sample, type);

    for (size_t i = 0; i < size; i++)
        sample_put8(sample, (uint8_t)(size + i));
    sample_tag_end(sample, at);
}

static inline void sample_multiboot2(struct sample *sample)
{
    size_t at;

    memset(sample, 0, sizeof(*sample));
    sample_put64(sample, 0);
    sample_tag_text(sample, 1, "console=com1 loglvl=all");
    sample_tag_text(sample, 2, "GRUB 2.06");
    sample_tag_module(sample, 0x1000000, 0x1234567, "kernel name=demo -- hello");
    sample_tag_module(sample, 0x2000000, 0x2000000, "");
    sample_tag_memory_map(sample);
    sample_tag_framebuffer(sample);
    sample_tag_rsdp(sample, 15, 36);
    sample_tag_rsdp(sample, 14, 20);
    at = sample_tag(sample, 12);
    sample_put64(sample, 0x7f9ee018);
    sample_tag_end(sample, at);
    at = sample_tag(sample, 4711);
    sample_put8(sample, 1);
    sample_tag_end(sample, at);
    at = sample_tag(sample, 0);
    sample_tag_end(sample, at);
    sample_set_number(sample, 0, sample->size, 4);
}

/* ---- Multiboot 1: the sample is the low memory ---- */

#define SAMPLE_INFO_AT 0x100

static inline void sample_multiboot1(struct sample *sample)
{
    memset(sample, 0, sizeof(*sample));
    sample_set_number(sample, SAMPLE_INFO_AT, 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9 | 1 << 12, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 16, 0x400, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 20, 2, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 24, 0x200, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 44, 2 * 24, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 48, 0x300, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 64, 0x440, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 88, 0xb8000, 8);
    sample_set_number(sample, SAMPLE_INFO_AT + 96, 160, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 100, 80, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 104, 25, 4);
    sample_set_number(sample, SAMPLE_INFO_AT + 108, 0x0210, 2);
    /* Modules. */
    sample_set_number(sample, 0x200, 0x1000000, 4);
    sample_set_number(sample, 0x204, 0x1100000, 4);
    sample_set_number(sample, 0x208, 0x480, 4);
    sample_set_number(sample, 0x210, 0x1200000, 4);
    sample_set_number(sample, 0x214, 0x1300000, 4);
    /* Memory map: each entry has its size, without the size field, in front. */
    sample_set_number(sample, 0x300, 20, 4);
    sample_set_number(sample, 0x304, 0, 8);
    sample_set_number(sample, 0x30c, 0x9fc00, 8);
    sample_set_number(sample, 0x314, 1, 4);
    sample_set_number(sample, 0x318, 20, 4);
    sample_set_number(sample, 0x31c, 0x100000, 8);
    sample_set_number(sample, 0x324, 0x7f00000, 8);
    sample_set_number(sample, 0x32c, 1, 4);
    sample_set(sample, 0x400, "xen-lite.elf loglvl=all", 24);
    sample_set(sample, 0x440, "qemu", 5);
    sample_set(sample, 0x480, "guest.elf kernel", 17);
    sample_set_number(sample, 0x4ff, 0, 1);
}

#endif
