/* SPDX-License-Identifier: MIT */
/*
 * ELF files; see lib/elf.h. The two classes differ in where a field is and whether an address has
 * 4 or 8 bytes, never in meaning: each structure has one table of offsets per class.
 */
#include "lib/elf.h"

#include "lib/string.h"

/* Where a field is in the 32-bit and in the 64-bit form. An address-sized field has 4 or 8 bytes.
 */
struct field {
    uint8_t offset32;
    uint8_t offset64;
};

/* The file header. The first 24 bytes are the same in both forms. */
static const struct field header_entry = { 24, 24 };
static const struct field header_segments = { 28, 32 };
static const struct field header_sections = { 32, 40 };
static const struct field header_segment_size = { 42, 54 };
static const struct field header_segment_count = { 44, 56 };
static const struct field header_section_size = { 46, 58 };
static const struct field header_section_count = { 48, 60 };
static const struct field header_names_index = { 50, 62 };

/* A segment (program) header. The flags moved when addresses grew, to keep them aligned. */
static const struct field segment_type = { 0, 0 };
static const struct field segment_offset = { 4, 8 };
static const struct field segment_vaddr = { 8, 16 };
static const struct field segment_paddr = { 12, 24 };
static const struct field segment_file_size = { 16, 32 };
static const struct field segment_memory_size = { 20, 40 };
static const struct field segment_flags = { 24, 4 };

/* A section header. */
static const struct field section_name = { 0, 0 };
static const struct field section_type = { 4, 4 };
static const struct field section_address = { 12, 16 };
static const struct field section_offset = { 16, 24 };
static const struct field section_size = { 20, 32 };
static const struct field section_link = { 24, 40 };
static const struct field section_entry_size = { 36, 56 };

/* An entry of the symbol table; its fields are in another order in each form. */
static const struct field symbol_name = { 0, 0 };
static const struct field symbol_value = { 4, 8 };
static const struct field symbol_size = { 8, 16 };
static const struct field symbol_info = { 12, 4 };
static const struct field symbol_section = { 14, 6 };

/* Sizes of the structures: the least that a header table's entry size may be. */
enum structure_size {
    HEADER_32 = 52,
    HEADER_64 = 64,
    SEGMENT_32 = 32,
    SEGMENT_64 = 56,
    SECTION_32 = 40,
    SECTION_64 = 64,
    SYMBOL_32 = 16,
    SYMBOL_64 = 24,
};

/* Values of the fields that we look at; the others of each field are of no interest. */
enum elf_constant {
    CLASS_32 = 1,
    CLASS_64 = 2,
    LITTLE_ENDIAN = 1,
    TYPE_EXECUTABLE = 2,
    TYPE_SHARED = 3,
    MACHINE_386 = 3,
    MACHINE_X86_64 = 62,
    SYMBOL_NOTYPE = 0,
    SYMBOL_FUNCTION = 2,
    SECTION_UNDEFINED = 0,
    SECTION_RESERVED = 0xff00, /* from here on: absolute, common, ... */
};

/* Fields are read from a span that is known to hold the whole structure: they cannot fail. */
static uint64_t read_address(struct span at, bool is_64, struct field field)
{
    uint64_t wide;
    uint32_t narrow;

    if (is_64) {
        span_read_u64(at, field.offset64, &wide);
        return wide;
    }
    span_read_u32(at, field.offset32, &narrow);
    return narrow;
}

static uint32_t read_u32(struct span at, bool is_64, struct field field)
{
    uint32_t value;

    span_read_u32(at, is_64 ? field.offset64 : field.offset32, &value);
    return value;
}

static uint16_t read_u16(struct span at, bool is_64, struct field field)
{
    uint16_t value;

    span_read_u16(at, is_64 ? field.offset64 : field.offset32, &value);
    return value;
}

/* Checks what kind of file this is: the part that is the same in both forms, then that the whole
 * header is there, then that it is a program for x86. From here on the header's fields can be read
 * without a check. */
static bool check_identity(struct elf *elf, struct problem *problem)
{
    static const uint8_t magic[4] = { 0x7f, 'E', 'L', 'F' };
    uint8_t ident[16];
    uint16_t type, machine;

    if (!span_read(elf->file, 0, ident, sizeof(ident)) || memcmp(ident, magic, 4) != 0)
        return problem_say(problem, "not an ELF file");
    if (ident[4] != CLASS_32 && ident[4] != CLASS_64)
        return problem_say(problem, "ELF class is %u, neither 32 nor 64 bits", ident[4]);
    if (ident[5] != LITTLE_ENDIAN)
        return problem_say(problem, "ELF byte order is not little-endian");
    elf->is_64 = ident[4] == CLASS_64;

    size_t size = elf->is_64 ? HEADER_64 : HEADER_32;

    if (!span_has(elf->file, 0, size))
        return problem_say(problem, "truncated: the ELF header ends at 0x%zx, the file has 0x%zx",
                           size, elf->file.size);
    span_read_u16(elf->file, 16, &type);
    span_read_u16(elf->file, 18, &machine);
    if (type != TYPE_EXECUTABLE && type != TYPE_SHARED)
        return problem_say(problem, "ELF type is %u, not an executable", type);
    if (machine != (elf->is_64 ? MACHINE_X86_64 : MACHINE_386))
        return problem_say(problem, "ELF machine is %u, not %d-bit x86", machine,
                           elf->is_64 ? 64 : 32);
    return true;
}

/* Checks that a header table lies inside the file. Its entries may be larger than we know them. */
static bool check_table(const struct elf *elf, const char *what, uint64_t offset, uint32_t count,
                        uint32_t entry_size, uint32_t least_size, struct problem *problem)
{
    uint64_t size = (uint64_t)count * entry_size;

    if (count == 0)
        return true;
    if (entry_size < least_size)
        return problem_say(problem, "%s headers of %u bytes, at least %u expected", what,
                           entry_size, least_size);
    if (!span_has(elf->file, offset, size))
        return problem_say(
            problem, "truncated: %s headers at 0x%llx take 0x%llx bytes, the file has 0x%zx", what,
            (unsigned long long)offset, (unsigned long long)size, elf->file.size);
    return true;
}

/* A count of 0 is fine for both tables: elf_check_loads tells a file without segments, and kernels
 * are often stripped of their sections. The extended form of the counts (0xffff: look elsewhere) is
 * for files with more headers than any kernel has; such a file is refused by its table's size. */
bool elf_open(struct elf *elf, struct span file, struct problem *problem)
{
    *elf = (struct elf){ .file = file };
    if (!check_identity(elf, problem))
        return false;

    bool is_64 = elf->is_64;

    elf->entry = read_address(file, is_64, header_entry);
    elf->segments_offset = read_address(file, is_64, header_segments);
    elf->segment_count = read_u16(file, is_64, header_segment_count);
    elf->segment_size = read_u16(file, is_64, header_segment_size);
    elf->sections_offset = read_address(file, is_64, header_sections);
    elf->section_count = read_u16(file, is_64, header_section_count);
    elf->section_size = read_u16(file, is_64, header_section_size);
    elf->names_index = read_u16(file, is_64, header_names_index);
    return check_table(elf, "segment", elf->segments_offset, elf->segment_count, elf->segment_size,
                       is_64 ? SEGMENT_64 : SEGMENT_32, problem) &&
           check_table(elf, "section", elf->sections_offset, elf->section_count, elf->section_size,
                       is_64 ? SECTION_64 : SECTION_32, problem);
}

/* The three functions below read from a table that elf_open has found to be inside the file. */
struct elf_segment elf_get_segment(const struct elf *elf, uint32_t index)
{
    bool is_64 = elf->is_64;
    struct span at;

    span_sub(elf->file, elf->segments_offset + (uint64_t)index * elf->segment_size,
             elf->segment_size, &at);
    return (struct elf_segment){
        .type = read_u32(at, is_64, segment_type),
        .flags = read_u32(at, is_64, segment_flags),
        .offset = read_address(at, is_64, segment_offset),
        .vaddr = read_address(at, is_64, segment_vaddr),
        .paddr = read_address(at, is_64, segment_paddr),
        .file_size = read_address(at, is_64, segment_file_size),
        .memory_size = read_address(at, is_64, segment_memory_size),
    };
}

struct elf_section elf_get_section(const struct elf *elf, uint32_t index)
{
    bool is_64 = elf->is_64;
    struct span at;

    span_sub(elf->file, elf->sections_offset + (uint64_t)index * elf->section_size,
             elf->section_size, &at);
    return (struct elf_section){
        .name = read_u32(at, is_64, section_name),
        .type = read_u32(at, is_64, section_type),
        .address = read_address(at, is_64, section_address),
        .offset = read_address(at, is_64, section_offset),
        .size = read_address(at, is_64, section_size),
        .link = read_u32(at, is_64, section_link),
        .entry_size = read_address(at, is_64, section_entry_size),
    };
}

/* One segment by itself. Its physical address is where it goes (see lib/xen_layout.c); the virtual
 * one is only checked because a range that wraps is a sign of a broken file. */
static bool check_load(const struct elf *elf, uint32_t index, const struct elf_segment *segment,
                       struct problem *problem)
{
    if (!span_has(elf->file, segment->offset, segment->file_size))
        return problem_say(problem,
                           "truncated: segment %u at 0x%llx takes 0x%llx bytes, the file has 0x%zx",
                           index, (unsigned long long)segment->offset,
                           (unsigned long long)segment->file_size, elf->file.size);
    if (segment->file_size > segment->memory_size)
        return problem_say(problem, "segment %u has 0x%llx bytes for 0x%llx bytes of memory", index,
                           (unsigned long long)segment->file_size,
                           (unsigned long long)segment->memory_size);
    if (segment->paddr + segment->memory_size < segment->paddr ||
        segment->vaddr + segment->memory_size < segment->vaddr)
        return problem_say(problem, "segment %u wraps around the end of memory", index);
    return true;
}

/* Both are not empty. */
static bool loads_overlap(const struct elf_segment *a, const struct elf_segment *b)
{
    return a->paddr < b->paddr + b->memory_size && b->paddr < a->paddr + a->memory_size;
}

/* Costs at most ELF_MAX_LOADS comparisons a segment. Empty segments load nothing: linkers leave
 * them behind, at any address. */
bool elf_check_loads(const struct elf *elf, struct problem *problem)
{
    uint32_t seen[ELF_MAX_LOADS];
    uint32_t count = 0;

    for (uint32_t i = 0; i < elf->segment_count; i++) {
        struct elf_segment segment = elf_get_segment(elf, i);

        if (segment.type != ELF_LOAD || segment.memory_size == 0)
            continue;
        if (!check_load(elf, i, &segment, problem))
            return false;
        for (uint32_t k = 0; k < count; k++) {
            struct elf_segment other = elf_get_segment(elf, seen[k]);

            if (loads_overlap(&segment, &other))
                return problem_say(problem, "segments %u and %u overlap at 0x%llx", seen[k], i,
                                   (unsigned long long)max(segment.paddr, other.paddr));
        }
        if (count == ELF_MAX_LOADS)
            return problem_say(problem, "more than %u segments to load", ELF_MAX_LOADS);
        seen[count++] = i;
    }
    return count != 0 || problem_say(problem, "nothing to load: no loadable segment");
}

bool elf_find_section(const struct elf *elf, const char *name, struct elf_section *section,
                      struct span *contents)
{
    struct span names;

    if (elf->names_index >= elf->section_count)
        return false;
    *section = elf_get_section(elf, elf->names_index);
    if (!span_sub(elf->file, section->offset, section->size, &names))
        return false;
    for (uint32_t i = 0; i < elf->section_count; i++) {
        size_t size = strlen(name) + 1;
        struct span its_name;

        *section = elf_get_section(elf, i);
        /* Compared with its end mark, and no further: names may overlap, and reading each to its
         * end would make the work grow with the square of the file. */
        if (span_sub(names, section->name, size, &its_name) &&
            memcmp(its_name.data, name, size) == 0)
            return span_sub(elf->file, section->offset, section->size, contents);
    }
    return false;
}

bool elf_next_note(struct span notes, uint64_t *at, struct elf_note *note)
{
    uint32_t name_size, description_size;

    if (!span_read_u32(notes, *at, &name_size) ||
        !span_read_u32(notes, *at + 4, &description_size) ||
        !span_read_u32(notes, *at + 8, &note->type))
        return false;

    /* Sums of 32-bit numbers in 64 bits: nothing wraps. */
    uint64_t name_at = *at + 12;
    uint64_t description_at = name_at + round_up(name_size, 4);

    if (!span_sub(notes, name_at, name_size, &note->name) || description_at > notes.size)
        return false;
    span_sub(notes, description_at, min((uint64_t)description_size, notes.size - description_at),
             &note->description);
    if (name_size != 0 && note->name.data[name_size - 1] == '\0')
        note->name.size--;
    *at = description_at + round_up(description_size, 4);
    return true;
}

bool elf_note_is_from(const struct elf_note *note, const char *name)
{
    return note->name.size == strlen(name) && memcmp(note->name.data, name, note->name.size) == 0;
}

/* The first symbol table whose strings can be reached is taken. Dynamic symbols are another type.
 */
bool elf_find_symbols(const struct elf *elf, struct elf_symbols *symbols)
{
    symbols->is_64 = elf->is_64;
    for (uint32_t i = 0; i < elf->section_count; i++) {
        struct elf_section section = elf_get_section(elf, i);

        if (section.type != ELF_SECTION_SYMBOLS || section.link >= elf->section_count)
            continue;

        struct elf_section strings = elf_get_section(elf, section.link);

        if (span_sub(elf->file, section.offset, section.size, &symbols->table) &&
            span_sub(elf->file, strings.offset, strings.size, &symbols->strings))
            return true;
    }
    return false;
}

uint32_t elf_symbol_count(const struct elf_symbols *symbols)
{
    uint64_t count = symbols->table.size / (symbols->is_64 ? SYMBOL_64 : SYMBOL_32);

    return (uint32_t)min(count, (uint64_t)UINT32_MAX);
}

/* Data, files and sections have symbols too, and undefined or absolute ones say nothing about an
 * address: only functions and labels of the image count. */
bool elf_code_symbol(const struct elf_symbols *symbols, uint32_t number, struct elf_symbol *symbol)
{
    bool is_64 = symbols->is_64;
    size_t size = is_64 ? SYMBOL_64 : SYMBOL_32;
    struct span at;
    uint8_t first;

    if (!span_sub(symbols->table, (uint64_t)number * size, size, &at))
        return false;

    uint8_t type = at.data[is_64 ? symbol_info.offset64 : symbol_info.offset32] & 15;
    uint16_t section = read_u16(at, is_64, symbol_section);

    symbol->value = read_address(at, is_64, symbol_value);
    symbol->size = read_address(at, is_64, symbol_size);
    symbol->name = read_u32(at, is_64, symbol_name);
    if (type != SYMBOL_FUNCTION && type != SYMBOL_NOTYPE)
        return false;
    if (section == SECTION_UNDEFINED || section >= SECTION_RESERVED)
        return false;
    return span_read_u8(symbols->strings, symbol->name, &first) && first != '\0';
}
