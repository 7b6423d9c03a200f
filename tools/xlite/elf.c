/* SPDX-License-Identifier: MIT */
/*
 * ELF headers. The numbers and offsets are those of the System V ABI; both widths go through one
 * reader, so that the checks exist once.
 */
#include "elf.h"

#include <string.h>

enum {
    IDENT_CLASS = 4,
    IDENT_DATA = 5,
    IDENT_LENGTH = 16,
    CLASS_32 = 1,
    CLASS_64 = 2,
    DATA_LITTLE = 1,
    TYPE_EXEC = 2,
    TYPE_DYN = 3,
    MACHINE_386 = 3,
    MACHINE_X86_64 = 62,
};

/* Where things are in the header and in table entries of each width. */
struct layout {
    unsigned header, entry, phoff, shoff,
        phentsize; /* the five u16 after phentsize follow it directly */
    unsigned segment, section;
    uint16_t machine;
};

static const struct layout layout_32 = { 52, 24, 28, 32, 42, 32, 40, MACHINE_386 };
static const struct layout layout_64 = { 64, 24, 32, 40, 54, 56, 64, MACHINE_X86_64 };

static const struct layout *layout_of(const struct elf *elf)
{
    return elf->is_64 ? &layout_64 : &layout_32;
}

/* An address-sized field. */
static uint64_t read_address(const struct elf *elf, uint64_t offset)
{
    return elf->is_64 ? bytes_u64(elf->file, offset) : bytes_u32(elf->file, offset);
}

bool elf_is(struct bytes file)
{
    return bytes_start_with(file,
                            "\x7f"
                            "ELF",
                            4);
}

static const char *machine_name(uint16_t machine)
{
    switch (machine) {
    case MACHINE_386: return "i386";
    case MACHINE_X86_64: return "x86-64";
    case 40: return "ARM";
    case 183: return "AArch64";
    case 243: return "RISC-V";
    default: return "unknown";
    }
}

/* The first bytes and the type: is this a program for this machine at all? */
static bool check_identity(struct elf *elf, struct problem *problem)
{
    uint8_t class, data;
    uint16_t type, machine;

    if (!bytes_has(elf->file, 0, IDENT_LENGTH + 4)) {
        return problem_set(problem, "ELF: truncated in its header (%zu bytes)", elf->file.size);
    }
    class = elf->file.data[IDENT_CLASS];
    data = elf->file.data[IDENT_DATA];
    if (class != CLASS_32 && class != CLASS_64) {
        return problem_set(problem, "ELF: wrong class %u (1 = 32 bits or 2 = 64 bits is needed)",
                           class);
    }
    if (data != DATA_LITTLE) {
        return problem_set(problem, "ELF: wrong byte order %u (1 = little-endian is needed)", data);
    }
    elf->is_64 = class == CLASS_64;
    type = bytes_u16(elf->file, IDENT_LENGTH);
    machine = bytes_u16(elf->file, IDENT_LENGTH + 2);
    if (machine != layout_of(elf)->machine) {
        return problem_set(problem, "ELF%d: wrong machine %u (%s); %u (%s) is needed",
                           elf->is_64 ? 64 : 32, machine, machine_name(machine),
                           layout_of(elf)->machine, machine_name(layout_of(elf)->machine));
    }
    if (type != TYPE_EXEC && type != TYPE_DYN) {
        return problem_set(problem, "ELF: type %u is no program (2 = EXEC or 3 = DYN is needed)",
                           type);
    }
    return true;
}

/* Program headers must be there and whole. */
static bool check_segment_table(const struct elf *elf, struct problem *problem)
{
    uint64_t length = (uint64_t)elf->segment_count * elf->segment_size;

    if (elf->segment_count == 0) {
        return problem_set(problem, "ELF: it has no program headers, so nothing to load");
    }
    if (elf->segment_size < layout_of(elf)->segment) {
        return problem_set(problem,
                           "ELF: program headers of %u bytes are too short (%u are needed)",
                           elf->segment_size, layout_of(elf)->segment);
    }
    if (!bytes_has(elf->file, elf->segments_at, length)) {
        return problem_set(problem,
                           "ELF: truncated: %u program headers at byte %#llx end outside the file "
                           "(%zu bytes)",
                           elf->segment_count, (unsigned long long)elf->segments_at,
                           elf->file.size);
    }
    return true;
}

bool elf_open(struct bytes file, struct elf *elf, struct problem *problem)
{
    const struct layout *layout;

    *elf = (struct elf){ .file = file };
    if (!check_identity(elf, problem)) {
        return false;
    }
    layout = layout_of(elf);
    if (!bytes_has(file, 0, layout->header)) {
        return problem_set(problem, "ELF: truncated in its header (%zu bytes)", file.size);
    }
    elf->entry = read_address(elf, layout->entry);
    elf->segments_at = read_address(elf, layout->phoff);
    elf->sections_at = read_address(elf, layout->shoff);
    elf->segment_size = bytes_u16(file, layout->phentsize);
    elf->segment_count = bytes_u16(file, layout->phentsize + 2);
    elf->section_size = bytes_u16(file, layout->phentsize + 4);
    elf->section_count = bytes_u16(file, layout->phentsize + 6);
    elf->names_index = bytes_u16(file, layout->phentsize + 8);
    if (elf->section_size < layout->section ||
        !bytes_has(file, elf->sections_at, (uint64_t)elf->section_count * elf->section_size)) {
        elf->section_count = 0;
    }
    return check_segment_table(elf, problem);
}

struct elf_segment elf_segment(const struct elf *elf, unsigned index)
{
    uint64_t at = elf->segments_at + (uint64_t)index * elf->segment_size;
    unsigned step = elf->is_64 ? 8 : 4;
    /* The 64-bit form has the flags between type and offset, the 32-bit form behind memory_size. */
    uint64_t fields = at + step;

    return (struct elf_segment){
        .type = bytes_u32(elf->file, at),
        .offset = read_address(elf, fields),
        .vaddr = read_address(elf, fields + step),
        .paddr = read_address(elf, fields + 2 * step),
        .file_size = read_address(elf, fields + 3 * step),
        .memory_size = read_address(elf, fields + 4 * step),
    };
}

struct elf_section elf_section(const struct elf *elf, unsigned index)
{
    uint64_t at = elf->sections_at + (uint64_t)index * elf->section_size;
    unsigned step = elf->is_64 ? 8 : 4;

    return (struct elf_section){
        .name = bytes_u32(elf->file, at),
        .type = bytes_u32(elf->file, at + 4),
        .offset = read_address(elf, at + 8 + 2 * step),
        .size = read_address(elf, at + 8 + 3 * step),
    };
}

bool elf_section_is(const struct elf *elf, const struct elf_section *section, const char *name)
{
    struct elf_section names;
    size_t length = strlen(name) + 1;

    if (elf->names_index >= elf->section_count) {
        return false;
    }
    names = elf_section(elf, elf->names_index);
    return bytes_has(elf->file, names.offset, names.size) && section->name <= names.size &&
           length <= names.size - section->name &&
           memcmp(elf->file.data + names.offset + section->name, name, length) == 0;
}
