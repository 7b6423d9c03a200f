/* SPDX-License-Identifier: MIT */
/*
 * The readers of boot information: the same bytes as a Multiboot2 block and as the low memory in
 * which Multiboot 1 has its structures. Whatever is accepted must be fit to be used; a screen must
 * have room for all letters that are said to fit.
 */
#include "fuzz.h"

#include "core/framebuffer.h"
#include "lib/assert.h"
#include "lib/multiboot1.h"
#include "lib/multiboot2.h"
#include "tests/unit/sample_multiboot.h"

static void check_screen(const struct boot_framebuffer *from)
{
    enum { ADDRESS_BITS = 40 };
    struct framebuffer fb;
    struct problem problem;

    if (!framebuffer_read(from, ADDRESS_BITS, &fb, &problem))
        return;
    BUG_ON(fb.columns == 0 || fb.rows == 0 || fb.size > FRAMEBUFFER_MAX_BYTES);
    BUG_ON(fb.address >> ADDRESS_BITS != 0 || (fb.address + fb.size - 1) >> ADDRESS_BITS != 0);
    BUG_ON((uint64_t)fb.columns * FONT_WIDTH * fb.scale * fb.pixel_bytes > fb.pitch);
    BUG_ON((uint64_t)fb.rows * FONT_HEIGHT * fb.scale * fb.pitch > fb.size);
}

static void check_info(const struct boot_info *info)
{
    BUG_ON(info->module_count > BOOT_MAX_MODULES || info->range_count > BOOT_MAX_RANGES);
    BUG_ON(strnlen(info->command_line, BOOT_COMMAND_LINE) == BOOT_COMMAND_LINE);
    BUG_ON(strnlen(info->loader_name, BOOT_LOADER_NAME) == BOOT_LOADER_NAME);
    for (unsigned int i = 0; i < info->module_count; i++) {
        const struct boot_module *module = &info->modules[i];

        BUG_ON(module->end < module->start);
        BUG_ON(strnlen(module->command_line, BOOT_COMMAND_LINE) == BOOT_COMMAND_LINE);
    }
    for (unsigned int i = 0; i < info->range_count; i++) {
        const struct boot_range *range = &info->ranges[i];

        BUG_ON(range->size == 0 || range->base + range->size < range->base);
    }
    check_screen(&info->framebuffer);
    BUG_ON(info->rsdp_size != 0 && info->rsdp_size != 20 && info->rsdp_size != 36);
}

static const void *map_memory(void *ctx, paddr_t paddr, size_t size)
{
    const struct span *memory = ctx;

    return span_has(*memory, paddr, size) ? memory->data + paddr : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct boot_info info;
    struct span input = SPAN(data, size);
    struct problem problem;

    if (multiboot2_read(input, &info, &problem))
        check_info(&info);
    if (multiboot1_read(map_memory, &input, SAMPLE_INFO_AT, &info, &problem))
        check_info(&info);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct sample sample;

    if (seed % FUZZ_SAMPLE_RATE > 1)
        return LLVMFuzzerMutate(data, size, max_size);
    if (seed % FUZZ_SAMPLE_RATE == 0)
        sample_multiboot1(&sample);
    else
        sample_multiboot2(&sample);
    return fuzz_put_sample(&sample, data, max_size);
}
