/* SPDX-License-Identifier: MIT */
/*
 * The readers of guest images: headers, segments, sections, symbols, notes and the layout. What is
 * accepted must lie inside the file and must not overlap.
 */
#include "fuzz.h"

#include "lib/assert.h"
#include "lib/elf_index.h"
#include "lib/xen_notes.h"
#include "tests/unit/sample_elf.h"

/* What the domain builder relies on. */
static void check_loads(const struct elf *elf)
{
    for (uint32_t i = 0; i < elf->segment_count; i++) {
        struct elf_segment segment = elf_get_segment(elf, i);

        if (segment.type != ELF_LOAD || segment.memory_size == 0)
            continue;
        BUG_ON(!span_has(elf->file, segment.offset, segment.file_size));
        BUG_ON(segment.file_size > segment.memory_size);
        BUG_ON(segment.paddr + segment.memory_size < segment.paddr);
    }
}

static void read_symbols(const struct elf *elf)
{
    struct elf_section section;
    struct elf_symbols symbols;
    struct span contents;
    uint64_t offset;

    if (elf_find_section(elf, "__xen_guest", &section, &contents))
        BUG_ON(contents.size > elf->file.size);
    if (!elf_find_symbols(elf, &symbols))
        return;

    struct elf_index index = { .symbols = symbols, .count = elf_index_count(&symbols) };

    struct elf_key *keys = malloc(index.count * sizeof(keys[0]));

    index.order = malloc(index.count * sizeof(index.order[0]));
    elf_index_sort(&index, keys);
    free(keys);

    const char *name = elf_index_find(&index, elf->entry, &offset);

    BUG_ON(name != NULL && strlen(name) > symbols.strings.size);
    free(index.order);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xen_image_layout layout;
    struct xen_image_notes notes;
    struct problem problem;
    struct elf elf;

    if (!elf_open(&elf, SPAN(data, size), &problem))
        return 0;
    read_symbols(&elf);
    if (!xen_notes_read(&elf, &notes, &problem) || !elf_check_loads(&elf, &problem))
        return 0;
    check_loads(&elf);
    if (!xen_image_layout(&elf, &notes, &layout, &problem))
        return 0;
    BUG_ON(layout.kernel_start < layout.virt_base || layout.kernel_end < layout.kernel_start);
    BUG_ON(layout.entry < layout.kernel_start || layout.entry >= layout.kernel_end);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct sample sample, notes;

    if (seed % FUZZ_SAMPLE_RATE > 1)
        return LLVMFuzzerMutate(data, size, max_size);
    memset(&notes, 0, sizeof(notes));
    sample_usual_notes(&notes, seed % 2);
    sample_elf(&sample, seed % 2, &notes);
    return fuzz_put_sample(&sample, data, max_size);
}
