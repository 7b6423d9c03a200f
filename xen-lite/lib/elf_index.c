/* SPDX-License-Identifier: MIT */
/*
 * Symbols in order; see lib/elf_index.h. The index holds numbers of symbols only: names and
 * addresses are read from the file, and checked, whenever they are used; but once only to sort
 * them.
 */
#include "lib/elf_index.h"

/* A name ends within so many bytes. */
#define NAME_SIZE_MAX 512

uint32_t elf_index_count(const struct elf_symbols *symbols)
{
    uint32_t count = 0, total = elf_symbol_count(symbols);
    struct elf_symbol symbol;

    for (uint32_t i = 0; i < total && count < ELF_INDEX_MAX; i++)
        count += elf_code_symbol(symbols, i, &symbol);
    return count;
}

static uint64_t value_of(const struct elf_index *index, uint32_t number)
{
    struct elf_symbol symbol;

    return elf_code_symbol(&index->symbols, number, &symbol) ? symbol.value : 0;
}

/* Of several at one address the first comes last, where the search ends. */
static bool comes_before(struct elf_key a, struct elf_key b)
{
    return a.value != b.value ? a.value < b.value : a.number > b.number;
}

/* Lets the key at `at` sink to its place in the heap of the first `end`. */
static void sink(struct elf_key *keys, uint32_t at, uint32_t end)
{
    struct elf_key key = keys[at];
    uint32_t child;

    while ((child = 2 * at + 1) < end) {
        if (child + 1 < end && comes_before(keys[child], keys[child + 1]))
            child++;
        if (!comes_before(key, keys[child]))
            break;
        keys[at] = keys[child];
        at = child;
    }
    keys[at] = key;
}

/* By a heap: in place, and no table makes it slower than n log n. */
static void sort(struct elf_key *keys, uint32_t n)
{
    for (uint32_t i = n / 2; i-- > 0;)
        sink(keys, i, n);
    for (uint32_t end = n; end-- > 1;) {
        struct elf_key last = keys[0];

        keys[0] = keys[end];
        keys[end] = last;
        sink(keys, 0, end);
    }
}

void elf_index_sort(struct elf_index *index, struct elf_key *keys)
{
    uint32_t n = 0, total = elf_symbol_count(&index->symbols);
    struct elf_symbol symbol;

    for (uint32_t i = 0; i < total && n < index->count; i++)
        if (elf_code_symbol(&index->symbols, i, &symbol))
            keys[n++] = (struct elf_key){ .value = symbol.value, .number = i };
    sort(keys, n);
    for (uint32_t i = 0; i < n; i++)
        index->order[i] = keys[i].number;
}

void elf_index_segments(struct elf_index *index, const struct elf *elf)
{
    index->segments = 0;
    for (uint32_t i = 0; i < elf->segment_count && index->segments < ELF_INDEX_SEGMENTS; i++) {
        struct elf_segment segment = elf_get_segment(elf, i);

        if (segment.type != ELF_LOAD || !(segment.flags & ELF_EXECUTE))
            continue;
        index->code[index->segments].start = segment.vaddr;
        index->code[index->segments++].size = segment.memory_size;
    }
}

/* Whether the symbol reaches as far as address, which is not below it and below the next one. */
static bool reaches(const struct elf_index *index, const struct elf_symbol *symbol,
                    uint64_t address)
{
    uint64_t offset = address - symbol->value;

    if (symbol->size != 0 && offset > symbol->size)
        return false;
    for (uint32_t i = 0; i < index->segments; i++)
        if (symbol->value - index->code[i].start < index->code[i].size)
            return address - index->code[i].start < index->code[i].size;
    return index->segments == 0;
}

const char *elf_index_find(const struct elf_index *index, uint64_t address, uint64_t *offset)
{
    uint32_t low = 0, high = index->count;
    struct elf_symbol symbol;
    struct span name;

    /* Those below low are not behind address, those from high on are. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (value_of(index, index->order[middle]) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    *offset = 0;
    if (low == 0 || !elf_code_symbol(&index->symbols, index->order[low - 1], &symbol) ||
        !reaches(index, &symbol, address))
        return NULL;
    *offset = address - symbol.value;
    name = index->symbols.strings;
    if (symbol.name >= name.size)
        return NULL;
    (void)span_sub(name, symbol.name, min(name.size - symbol.name, (uint64_t)NAME_SIZE_MAX), &name);
    return span_string(name, 0);
}
