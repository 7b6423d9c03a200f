/* SPDX-License-Identifier: MIT */
/*
 * Multiboot2 boot information; see lib/multiboot2.h. Each tag becomes a span of its own, so that
 * a reader of one tag cannot see into the next.
 */
#include "lib/multiboot2.h"

#include "lib/string.h"
#include "lib/text.h"

/* Tags that mean something to us. A loader passes more: ELF sections, APM, networking, SMBIOS. */
enum tag_type {
    TAG_END = 0,
    TAG_COMMAND_LINE = 1,
    TAG_LOADER_NAME = 2,
    TAG_MODULE = 3,
    TAG_MEMORY_MAP = 6,
    TAG_FRAMEBUFFER = 8,
    TAG_EFI64_TABLE = 12,
    TAG_RSDP_OLD = 14,
    TAG_RSDP_NEW = 15,
};

#define BLOCK_HEADER 8
#define TAG_HEADER   8

uint32_t multiboot2_total_size(struct span first_bytes)
{
    uint32_t total;

    if (!span_read_u32(first_bytes, 0, &total) || total < BLOCK_HEADER + TAG_HEADER ||
        total > MULTIBOOT2_MAX_SIZE)
        return 0;
    return total;
}

/* Copies the string at offset of a tag, which the tag's size ends if nothing else does. */
static void copy_string(struct boot_info *info, struct span tag, uint64_t offset, char *to,
                        size_t size, const char *what)
{
    struct span text;

    if (offset > tag.size || !span_sub(tag, offset, tag.size - offset, &text))
        return;

    size_t length = strnlen((const char *)text.data, text.size);

    if (!text_copy_bytes(to, size, (const char *)text.data, length))
        boot_info_problem(info, "%s is longer than %zu bytes and was cut", what, size - 1);
}

/* A module: 32-bit addresses, then its command line. Loaders keep modules below 4 GiB. */
static void read_module(struct boot_info *info, struct span tag)
{
    uint32_t start, end;

    if (!span_read_u32(tag, 8, &start) || !span_read_u32(tag, 12, &end)) {
        boot_info_problem(info, "module tag of %zu bytes: ignored", tag.size);
        return;
    }

    struct boot_module *module = boot_info_add_module(info, start, end);

    if (module != NULL)
        copy_string(info, tag, 16, module->command_line, sizeof(module->command_line),
                    "module command line");
}

static void read_memory_map(struct boot_info *info, struct span tag)
{
    uint32_t entry_size, type;
    uint64_t base, size;

    /* The entry size may grow in later versions; smaller than what we read it cannot be. */
    if (!span_read_u32(tag, 8, &entry_size) || entry_size < 20) {
        boot_info_problem(info, "memory map entries of %u bytes: map ignored", entry_size);
        return;
    }
    for (uint64_t at = 16; span_has(tag, at, entry_size); at += entry_size) {
        span_read_u64(tag, at, &base);
        span_read_u64(tag, at + 8, &size);
        span_read_u32(tag, at + 16, &type);
        boot_info_add_range(info, base, size, type);
    }
}

/* The colours' places are there for RGB only. An incomplete tag is as good as none. */
static void read_framebuffer(struct boot_info *info, struct span tag)
{
    struct boot_framebuffer *fb = &info->framebuffer;
    bool complete;

    complete = span_read_u64(tag, 8, &fb->address);
    complete &= span_read_u32(tag, 16, &fb->pitch);
    complete &= span_read_u32(tag, 20, &fb->width);
    complete &= span_read_u32(tag, 24, &fb->height);
    complete &= span_read_u8(tag, 28, &fb->bits_per_pixel);
    complete &= span_read_u8(tag, 29, &fb->type);
    if (complete && fb->type == 1) {
        complete &= span_read_u8(tag, 32, &fb->red_position);
        complete &= span_read_u8(tag, 33, &fb->red_size);
        complete &= span_read_u8(tag, 34, &fb->green_position);
        complete &= span_read_u8(tag, 35, &fb->green_size);
        complete &= span_read_u8(tag, 36, &fb->blue_position);
        complete &= span_read_u8(tag, 37, &fb->blue_size);
    }
    fb->present = complete;
}

/* Keeps the newer root pointer when the loader passes both. */
static void read_rsdp(struct boot_info *info, struct span tag, unsigned int size)
{
    if (size < info->rsdp_size)
        return;
    if (span_read(tag, TAG_HEADER, info->rsdp, size))
        info->rsdp_size = size;
    else
        boot_info_problem(info, "ACPI root pointer tag of %zu bytes: ignored", tag.size);
}

/* A known tag that makes no sense is told and left out; boot goes on with what there is. */
static void read_tag(struct boot_info *info, uint32_t type, struct span tag)
{
    switch (type) {
    case TAG_COMMAND_LINE:
        copy_string(info, tag, TAG_HEADER, info->command_line, sizeof(info->command_line),
                    "command line");
        break;
    case TAG_LOADER_NAME:
        copy_string(info, tag, TAG_HEADER, info->loader_name, sizeof(info->loader_name),
                    "boot loader name");
        break;
    case TAG_MODULE: read_module(info, tag); break;
    case TAG_MEMORY_MAP: read_memory_map(info, tag); break;
    case TAG_FRAMEBUFFER: read_framebuffer(info, tag); break;
    case TAG_EFI64_TABLE: span_read_u64(tag, TAG_HEADER, &info->efi_system_table); break;
    case TAG_RSDP_OLD: read_rsdp(info, tag, 20); break;
    case TAG_RSDP_NEW: read_rsdp(info, tag, BOOT_RSDP_SIZE); break;
    default:
        /* A loader may pass more than we know about. */
        break;
    }
}

/* Only what makes the walk itself impossible is an error: sizes that lead outside the block. */
bool multiboot2_read(struct span block, struct boot_info *info, struct problem *problem)
{
    uint32_t total = multiboot2_total_size(block);
    uint64_t at = BLOCK_HEADER;

    memset(info, 0, sizeof(*info));
    if (total == 0 || total > block.size) {
        span_read_u32(block, 0, &total);
        return problem_say(problem, "boot information: impossible size %u", total);
    }
    block.size = total;
    for (;;) {
        uint32_t type, tag_size;
        struct span tag;

        if (!span_read_u32(block, at, &type) || !span_read_u32(block, at + 4, &tag_size))
            return problem_say(problem, "boot information: no end tag, tags end at 0x%llx of 0x%x",
                               (unsigned long long)at, total);
        /* At least a header: a size of 0 would make this a loop without end. */
        if (tag_size < TAG_HEADER || !span_sub(block, at, tag_size, &tag))
            return problem_say(problem,
                               "boot information: tag of type %u at 0x%llx has size 0x%x of 0x%x",
                               type, (unsigned long long)at, tag_size, total);
        if (type == TAG_END)
            return true;
        read_tag(info, type, tag);
        at += ((uint64_t)tag_size + 7) & ~7ULL;
    }
}
