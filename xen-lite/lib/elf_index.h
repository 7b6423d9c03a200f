/* SPDX-License-Identifier: MIT */
/*
 * The symbols of an ELF file in order of their addresses, so that one is found without a look at
 * all of them: the file is a guest's, and its table may have millions.
 */
#ifndef XEN_LITE_LIB_ELF_INDEX_H
#define XEN_LITE_LIB_ELF_INDEX_H

#include <stdint.h>

#include "lib/elf.h"

/* Symbols that an index can have; those beyond are not found. A kernel has a third of that. */
#define ELF_INDEX_MAX 262144U

/* Segments of code that an index knows; a kernel has two or three. */
#define ELF_INDEX_SEGMENTS 8

/* .order: numbers of the code symbols, by address; .count of them. */
struct elf_index {
    struct elf_symbols symbols;
    uint32_t *order;
    uint32_t count;
    uint32_t segments; /* of .code; 0: all addresses may be code */
    struct {
        uint64_t start, size;
    } code[ELF_INDEX_SEGMENTS];
};

/* Notes which addresses are code: those of the executable segments of the file. */
void elf_index_segments(struct elf_index *index, const struct elf *elf);

/* How many there will be in the index of these symbols. One pass over the table. */
uint32_t elf_index_count(const struct elf_symbols *symbols);

/* What is sorted. */
struct elf_key {
    uint64_t value;
    uint32_t number;
};

/* Fills .order, which has room for the .count that elf_index_count() said of .symbols; keys is room
 * for as many, of no use afterwards. */
void elf_index_sort(struct elf_index *index, struct elf_key *keys);

/* The name of the code symbol in which address is, the first in the table if several are there, and
 * how far behind its beginning. One that has no size reaches up to the next; the address just
 * behind one counts as in it, as a return address there does. Null if there is none, or its name
 * has no end nearby. */
const char *elf_index_find(const struct elf_index *index, uint64_t address, uint64_t *offset);

#endif
