/* SPDX-License-Identifier: MIT */
/*
 * ELF files of both widths, read as 64-bit values.
 */
#ifndef XLITE_ELF_H
#define XLITE_ELF_H

#include "bytes.h"

/* A file whose header and header tables have been checked to lie inside it. Segments and sections
 * are read on demand; their contents are not checked. */
struct elf {
    struct bytes file;
    bool is_64;
    uint64_t entry;
    uint64_t segments_at; /* program header table */
    unsigned segment_size, segment_count;
    uint64_t sections_at; /* section header table */
    unsigned section_size, section_count;
    unsigned names_index; /* the section that holds the sections' names */
};

struct elf_segment {
    uint32_t type;
    uint64_t offset, vaddr, paddr, file_size, memory_size;
};

struct elf_section {
    uint32_t name, type;
    uint64_t offset, size;
};

enum { ELF_SEGMENT_LOAD = 1, ELF_SEGMENT_NOTE = 4, ELF_SECTION_NOTE = 7, ELF_SECTION_NOBITS = 8 };

bool elf_is(struct bytes file);

/* Checks the header: an x86 program, 32 or 64 bits wide, whose tables lie inside the file. A
 * section table that does not is treated as absent: what loads a program does not need it. */
bool elf_open(struct bytes file, struct elf *elf, struct problem *problem);

struct elf_segment elf_segment(const struct elf *elf, unsigned index);
struct elf_section elf_section(const struct elf *elf, unsigned index);

/* True if the section's name is this. */
bool elf_section_is(const struct elf *elf, const struct elf_section *section, const char *name);

#endif
