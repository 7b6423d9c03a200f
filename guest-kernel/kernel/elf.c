/* SPDX-License-Identifier: MIT */
/* Programs are read from ELF files. Whoever wrote the file is not trusted: each number is checked
 * before it is used, and each read says how much the file really had. */
#include "kernel/elf.h"

#include "kernel/file.h"
#include "kernel/memory.h"
#include "lib/string.h"
#include "machine/machine.h"

#define TYPE_EXECUTABLE 2
#define MACHINE_386     3
#define MACHINE_X86_64  62
#define SEGMENTS_MAX    16
#define SEGMENT_LOAD    1
#define FUNCTION        2 /* the low 4 bits of a symbol's info */

enum { SEGMENT_EXECUTE = 1, SEGMENT_WRITE = 2 };

/* These two have their fields in another order at each width. */
struct segment32 {
    uint32_t type, offset, address, physical, file_size, size, flags, align;
};

struct segment64 {
    uint32_t type, flags;
    uint64_t offset, address, physical, file_size, size, align;
};

struct symbol32 {
    uint32_t name, value, size;
    uint8_t info, other;
    uint16_t section;
};

struct symbol64 {
    uint32_t name;
    uint8_t info, other;
    uint16_t section;
    uint64_t value, size;
};

/* What both widths have of a segment. */
struct segment {
    uint32_t type, flags;
    uint64_t offset, address, file_size, size;
};

static bool read(struct node *program, uint64_t place, void *to, size_t size)
{
    return node_read(program, place, to, size) == (long)size;
}

bool elf_read_header(struct node *program, struct elf_header *header)
{
    bool is_64 = machine_facts()->is_64;

    return read(program, 0, header, sizeof(*header)) && memcmp(header->magic, "\177ELF", 4) == 0 &&
           header->width == (is_64 ? 2 : 1) && header->type == TYPE_EXECUTABLE &&
           header->machine == (is_64 ? MACHINE_X86_64 : MACHINE_386);
}

bool elf_read_section(struct node *program, const struct elf_header *header, unsigned index,
                      struct elf_section *section)
{
    return index < header->sections && header->section_size == sizeof(*section) &&
           read(program, (uint64_t)header->sections_at + index * sizeof(*section), section,
                sizeof(*section));
}

bool elf_read_symbol(struct node *program, const struct elf_section *table, unsigned index,
                     struct elf_symbol *symbol)
{
    union {
        struct symbol32 narrow;
        struct symbol64 wide;
    } in = { .wide = { 0 } };
    bool is_64 = machine_facts()->is_64;
    size_t size = is_64 ? sizeof(in.wide) : sizeof(in.narrow);

    if (index >= table->size / size ||
        !read(program, (uint64_t)table->offset + index * size, &in, size))
        return false;
    if (is_64)
        *symbol = (struct elf_symbol){ in.wide.name, (uintptr_t)in.wide.value,
                                       (uintptr_t)in.wide.size, (in.wide.info & 15) == FUNCTION };
    else
        *symbol = (struct elf_symbol){ in.narrow.name, in.narrow.value, in.narrow.size,
                                       (in.narrow.info & 15) == FUNCTION };
    return true;
}

static bool read_segment(struct node *program, const struct elf_header *header, unsigned index,
                         struct segment *segment)
{
    union {
        struct segment32 narrow;
        struct segment64 wide;
    } in = { .wide = { 0 } };
    bool is_64 = machine_facts()->is_64;
    size_t size = is_64 ? sizeof(in.wide) : sizeof(in.narrow);

    if (header->segment_size != size ||
        !read(program, (uint64_t)header->segments_at + index * size, &in, size))
        return false;
    if (is_64)
        *segment = (struct segment){ in.wide.type,    in.wide.flags,     in.wide.offset,
                                     in.wide.address, in.wide.file_size, in.wide.size };
    else
        *segment = (struct segment){ in.narrow.type,    in.narrow.flags,     in.narrow.offset,
                                     in.narrow.address, in.narrow.file_size, in.narrow.size };
    return true;
}

/* Reads the file's part of a segment, page by page, into the kernel's view of the memory. All these
 * pages are new, as regions have no page in common. The rest of the segment is zero: its pages come
 * when they are touched. */
static long read_pages(struct node *program, struct memory *memory, const struct segment *segment)
{
    for (uint64_t done = 0, part; done < segment->file_size; done += part) {
        uintptr_t address = (uintptr_t)(segment->address + done);
        char *page = memory_new_page(memory, address);

        if (!page)
            return -API_ENOMEM;
        part = PAGE_SIZE - address % PAGE_SIZE;
        if (part > segment->file_size - done)
            part = segment->file_size - done;
        if (!read(program, segment->offset + done, page + address % PAGE_SIZE, (size_t)part))
            return -API_ENOEXEC;
    }
    return 0;
}

static long load_segment(struct node *program, struct memory *memory, const struct segment *segment)
{
    unsigned access = ACCESS_READ;
    uint64_t end = segment->address + segment->size;
    long error;

    if (segment->file_size > segment->size || segment->address < USER_START ||
        segment->address > MMAP_START || segment->size > MMAP_START || end > MMAP_START)
        return -API_ENOEXEC;
    if (segment->flags & SEGMENT_WRITE)
        access |= ACCESS_WRITE;
    if (segment->flags & SEGMENT_EXECUTE)
        access |= ACCESS_EXECUTE;

    error = memory_add(memory, page_floor((uintptr_t)segment->address),
                       page_ceiling((uintptr_t)end), access);
    if (error == -API_EEXIST)
        return -API_ENOEXEC; /* two of them in one page */
    if (error)
        return error;
    if (memory->heap_end < page_ceiling((uintptr_t)end))
        memory->heap_start = memory->heap_end = page_ceiling((uintptr_t)end);
    return read_pages(program, memory, segment);
}

long elf_load(struct node *program, struct memory *memory, uintptr_t *entry)
{
    struct elf_header header;
    struct segment segment;
    long error;

    if (!elf_read_header(program, &header) || header.segments > SEGMENTS_MAX)
        return -API_ENOEXEC;
    for (unsigned i = 0; i < header.segments; i++) {
        if (!read_segment(program, &header, i, &segment))
            return -API_ENOEXEC;
        if (segment.type != SEGMENT_LOAD || segment.size == 0)
            continue;
        error = load_segment(program, memory, &segment);
        if (error)
            return error;
    }
    if (memory->heap_end == 0)
        return -API_ENOEXEC; /* nothing to run */
    *entry = header.entry;
    return 0;
}
