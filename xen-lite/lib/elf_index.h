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

/* .order: numbers of the code symbols, by address; .count of them. */
struct elf_index {
    struct elf_symbols symbols;
    uint32_t *order;
    uint32_t count;
};

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

/* The name of the code symbol at or below address, the first in the table if several are there, and
 * how far behind it address is. Null if there is none, or its name has no end nearby. */
const char *elf_index_find(const struct elf_index *index, uint64_t address, uint64_t *offset);

#endif
