/* SPDX-License-Identifier: MIT */
/*
 * Reader of ELF executables for x86, 32 and 64 bits, over a byte range. Nothing is allocated and
 * nothing is believed: each offset and size is checked against the file before it is used, and the
 * work is bounded by the size of the file.
 */
#ifndef LIB_ELF_H
#define LIB_ELF_H

#include "lib/problem.h"
#include "lib/span.h"
#include "lib/types.h"

/* More loadable segments than this is no kernel; checking for overlaps compares all pairs. */
#define ELF_MAX_LOADS 64

enum elf_segment_type {
    ELF_LOAD = 1,
    ELF_NOTE = 4,
};

enum elf_segment_flag {
    ELF_EXECUTE = 1,
    ELF_WRITE = 2,
    ELF_READ = 4,
};

enum elf_section_type {
    ELF_SECTION_SYMBOLS = 2,
    ELF_SECTION_STRINGS = 3,
    ELF_SECTION_NOTE = 7,
    ELF_SECTION_NOBITS = 8,
};

/* An opened file: both header tables are known to lie inside it. */
struct elf {
    struct span file;
    bool is_64;
    uint64_t entry;
    uint64_t segments_offset;
    uint32_t segment_count;
    uint32_t segment_size; /* of one header */
    uint64_t sections_offset;
    uint32_t section_count; /* 0 if the file has been stripped of them */
    uint32_t section_size;  /* of one header */
    uint32_t names_index;   /* section that holds the names of the sections */
};

/* Headers as the file has them, widened to 64 bits. Nothing in them is checked but by
 * elf_check_loads() and elf_find_section(). */
struct elf_segment {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t file_size;
    uint64_t memory_size;
};

struct elf_section {
    uint32_t name; /* offset in the section of names */
    uint32_t type;
    uint64_t address;
    uint64_t offset;
    uint64_t size;
    uint32_t link;
    uint64_t entry_size;
};

/* One note. name and description lie inside the file. */
struct elf_note {
    struct span name; /* without the final zero */
    uint32_t type;
    struct span description;
};

/* The symbol table, on its own so that it can outlive the file as a copy of two ranges. */
struct elf_symbols {
    struct span table;
    struct span strings;
    bool is_64;
};

struct elf_symbol {
    uint64_t value; /* its address */
    uint64_t size;  /* 0: not known, as of a label in assembly */
    uint32_t name;  /* offset in the strings */
};

/* Checks the headers: an executable (or shared object) for x86, both tables inside the file. */
bool elf_open(struct elf *elf, struct span file, struct problem *problem);

/* The header of segment or section number index, which is below the count. */
struct elf_segment elf_get_segment(const struct elf *elf, uint32_t index);
struct elf_section elf_get_section(const struct elf *elf, uint32_t index);

/* Checks that there is something to load, and of each loadable segment: contents inside the file,
 * no larger than its memory, addresses that do not wrap, no overlap (by physical address) with
 * another. After this the offsets of ELF_LOAD segments can be used as they are. */
bool elf_check_loads(const struct elf *elf, struct problem *problem);

/* Finds a section by name. False if there is none or its contents are not inside the file. */
bool elf_find_section(const struct elf *elf, const char *name, struct elf_section *section,
                      struct span *contents);

/* Takes the next note off a range of notes; *at is 0 at first. False at the end, and also where
 * the rest is no note. A description that reaches behind the range is cut: the last note of GRUB's
 * i386-xen image says 12 bytes where 4 are left, and Xen takes it. */
bool elf_next_note(struct span notes, uint64_t *at, struct elf_note *note);

/* Whether the note's owner has this name. */
bool elf_note_is_from(const struct elf_note *note, const char *name);

/* Finds the symbol table. False if there is none or it is broken. */
bool elf_find_symbols(const struct elf *elf, struct elf_symbols *symbols);

uint32_t elf_symbol_count(const struct elf_symbols *symbols);

/* Reads symbol `number`. False if it is not that of a place in the code, or there is none. */
bool elf_code_symbol(const struct elf_symbols *symbols, uint32_t number, struct elf_symbol *symbol);

#endif
