/* SPDX-License-Identifier: MIT */
/*
 * Multiboot 1 boot information; see lib/multiboot1.h. A flag word says which fields are valid.
 */
#include "lib/multiboot1.h"

#include "lib/span.h"
#include "lib/string.h"
#include "lib/text.h"

enum flag {
    FLAG_COMMAND_LINE = 1 << 2,
    FLAG_MODULES = 1 << 3,
    FLAG_MEMORY_MAP = 1 << 6,
    FLAG_LOADER_NAME = 1 << 9,
    FLAG_FRAMEBUFFER = 1 << 12,
};

/* Offsets in the structure. */
enum field {
    FIELD_FLAGS = 0,
    FIELD_COMMAND_LINE = 16,
    FIELD_MODULE_COUNT = 20,
    FIELD_MODULES = 24,
    FIELD_MAP_SIZE = 44,
    FIELD_MAP = 48,
    FIELD_LOADER_NAME = 64,
    FIELD_FRAMEBUFFER = 88,
    STRUCTURE_SIZE = 116,
};

#define MODULE_SIZE        16
/* A module list or a memory map that is larger than this is no such thing. */
#define MAX_MODULES_LISTED 1024
#define MAX_MAP_SIZE       (64 * KIB)

/* What the functions below share. */
struct reader {
    multiboot1_map *map;
    void *ctx;
    struct boot_info *info;
    struct span structure;
};

/* The structure was mapped whole, so a field cannot be missing. */
static uint32_t field(const struct reader *reader, unsigned int offset)
{
    uint32_t value;

    span_read_u32(reader->structure, offset, &value);
    return value;
}

static bool map_span(const struct reader *reader, paddr_t paddr, size_t size, struct span *span)
{
    const void *data = reader->map(reader->ctx, paddr, size);

    *span = SPAN(data, data == NULL ? 0 : size);
    return data != NULL;
}

/* Copies a string a byte at a time: nobody says how long it is, and the memory behind it may not
 * be reachable. */
static void copy_string(const struct reader *reader, paddr_t paddr, char *to, size_t size,
                        const char *what)
{
    for (size_t i = 0; i < size; i++) {
        const char *c = reader->map(reader->ctx, paddr + i, 1);

        to[i] = c == NULL ? '\0' : *c;
        if (to[i] == '\0')
            return;
    }
    to[size - 1] = '\0';
    boot_info_problem(reader->info, "%s is longer than %zu bytes and was cut", what, size - 1);
}

/* QEMU passes what follows -initrd as modules in this list; the command line of each begins with
 * the file's name. */
static void read_modules(const struct reader *reader)
{
    uint32_t count = field(reader, FIELD_MODULE_COUNT);
    struct span list;

    if (count > MAX_MODULES_LISTED ||
        !map_span(reader, field(reader, FIELD_MODULES), count * MODULE_SIZE, &list)) {
        boot_info_problem(reader->info, "list of %u modules at 0x%x cannot be read", count,
                          field(reader, FIELD_MODULES));
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t start, end, text;

        span_read_u32(list, i * MODULE_SIZE, &start);
        span_read_u32(list, i * MODULE_SIZE + 4, &end);
        span_read_u32(list, i * MODULE_SIZE + 8, &text);

        struct boot_module *module = boot_info_add_module(reader->info, start, end);

        if (module != NULL && text != 0)
            copy_string(reader, text, module->command_line, sizeof(module->command_line),
                        "module command line");
    }
}

/* Each entry has its size, not counting the size field itself, in front. */
static void read_memory_map(const struct reader *reader)
{
    uint32_t map_size = field(reader, FIELD_MAP_SIZE);
    uint64_t base, length;
    uint32_t entry_size, type;
    struct span map;

    if (map_size > MAX_MAP_SIZE || !map_span(reader, field(reader, FIELD_MAP), map_size, &map)) {
        boot_info_problem(reader->info, "memory map of 0x%x bytes at 0x%x cannot be read", map_size,
                          field(reader, FIELD_MAP));
        return;
    }
    for (uint64_t at = 0; span_read_u32(map, at, &entry_size); at += 4 + (uint64_t)entry_size) {
        if (entry_size < 20 || !span_has(map, at + 4, entry_size)) {
            boot_info_problem(reader->info, "memory map entry at 0x%llx has size %u",
                              (unsigned long long)at, entry_size);
            return;
        }
        span_read_u64(map, at + 4, &base);
        span_read_u64(map, at + 12, &length);
        span_read_u32(map, at + 20, &type);
        boot_info_add_range(reader->info, base, length, type);
    }
}

/* Set by GRUB, not by QEMU. The colour fields are garbage unless the type is RGB, and nobody reads
 * them then. */
static void read_framebuffer(const struct reader *reader)
{
    struct boot_framebuffer *fb = &reader->info->framebuffer;
    struct span span = reader->structure;

    span_read_u64(span, FIELD_FRAMEBUFFER, &fb->address);
    span_read_u32(span, FIELD_FRAMEBUFFER + 8, &fb->pitch);
    span_read_u32(span, FIELD_FRAMEBUFFER + 12, &fb->width);
    span_read_u32(span, FIELD_FRAMEBUFFER + 16, &fb->height);
    span_read_u8(span, FIELD_FRAMEBUFFER + 20, &fb->bits_per_pixel);
    span_read_u8(span, FIELD_FRAMEBUFFER + 21, &fb->type);
    span_read_u8(span, FIELD_FRAMEBUFFER + 22, &fb->red_position);
    span_read_u8(span, FIELD_FRAMEBUFFER + 23, &fb->red_size);
    span_read_u8(span, FIELD_FRAMEBUFFER + 24, &fb->green_position);
    span_read_u8(span, FIELD_FRAMEBUFFER + 25, &fb->green_size);
    span_read_u8(span, FIELD_FRAMEBUFFER + 26, &fb->blue_position);
    span_read_u8(span, FIELD_FRAMEBUFFER + 27, &fb->blue_size);
    fb->present = true;
}

/* The memory map first: without one there is nothing to run in, and the rest would be wasted work.
 * A root pointer of ACPI is not part of this protocol; the caller searches low memory for it. */
bool multiboot1_read(multiboot1_map *map, void *ctx, paddr_t paddr, struct boot_info *info,
                     struct problem *problem)
{
    struct reader reader = { .map = map, .ctx = ctx, .info = info };

    memset(info, 0, sizeof(*info));
    if (!map_span(&reader, paddr, STRUCTURE_SIZE, &reader.structure))
        return problem_say(problem, "boot information at 0x%llx cannot be read",
                           (unsigned long long)paddr);

    uint32_t flags = field(&reader, FIELD_FLAGS);

    if (!(flags & FLAG_MEMORY_MAP))
        return problem_say(problem, "the boot loader passed no memory map (flags 0x%x)", flags);
    read_memory_map(&reader);
    if (flags & FLAG_COMMAND_LINE)
        copy_string(&reader, field(&reader, FIELD_COMMAND_LINE), info->command_line,
                    sizeof(info->command_line), "command line");
    if (flags & FLAG_LOADER_NAME)
        copy_string(&reader, field(&reader, FIELD_LOADER_NAME), info->loader_name,
                    sizeof(info->loader_name), "boot loader name");
    if (flags & FLAG_MODULES)
        read_modules(&reader);
    if (flags & FLAG_FRAMEBUFFER)
        read_framebuffer(&reader);
    return true;
}
