/* SPDX-License-Identifier: MIT */
/*
 * A small Xen PV kernel image, 32 or 64 bits, as a sample: two loadable segments, a note segment
 * at 0x800, and sections for names, symbols and strings.
 */
#ifndef TESTS_UNIT_SAMPLE_ELF_H
#define TESTS_UNIT_SAMPLE_ELF_H

#include <stdbool.h>

#include "abi/constants.h"
#include "tests/unit/sample.h"

#define SAMPLE_NOTES_AT    0x800
#define SAMPLE_NAMES_AT    0xa00
#define SAMPLE_SYMBOLS_AT  0xb00
#define SAMPLE_STRINGS_AT  0xc00
#define SAMPLE_SECTIONS_AT 0xd00
#define SAMPLE_VIRT_BASE   0xffffffff80000000
#define SAMPLE_VIRT_BASE32 0xc0000000

struct sample_segment {
    uint32_t type;
    uint64_t offset, vaddr, paddr, file_size, memory_size;
};

struct sample_section {
    uint32_t name, type, link;
    uint64_t offset, size, entry_size;
};

static inline void sample_put_word(struct sample *sample, bool is_64, uint64_t value)
{
    if (is_64)
        sample_put64(sample, value);
    else
        sample_put32(sample, (uint32_t)value);
}

static inline void sample_elf_header(struct sample *sample, bool is_64, uint64_t entry,
                                     uint16_t segments, uint16_t sections)
{
    static const uint8_t ident[16] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };

    sample_put(sample, ident, sizeof(ident));
    sample->data[4] = is_64 ? 2 : 1;
    sample_put16(sample, 2);
    sample_put16(sample, is_64 ? 62 : 3);
    sample_put32(sample, 1);
    sample_put_word(sample, is_64, entry);
    sample_put_word(sample, is_64, is_64 ? 64 : 52);
    sample_put_word(sample, is_64, SAMPLE_SECTIONS_AT);
    sample_put32(sample, 0);
    sample_put16(sample, is_64 ? 64 : 52);
    sample_put16(sample, is_64 ? 56 : 32);
    sample_put16(sample, segments);
    sample_put16(sample, is_64 ? 64 : 40);
    sample_put16(sample, sections);
    sample_put16(sample, 1);
}

static inline void sample_elf_segment(struct sample *sample, bool is_64,
                                      const struct sample_segment *segment)
{
    sample_put32(sample, segment->type);
    if (is_64)
        sample_put32(sample, 7);
    sample_put_word(sample, is_64, segment->offset);
    sample_put_word(sample, is_64, segment->vaddr);
    sample_put_word(sample, is_64, segment->paddr);
    sample_put_word(sample, is_64, segment->file_size);
    sample_put_word(sample, is_64, segment->memory_size);
    if (!is_64)
        sample_put32(sample, 7);
    sample_put_word(sample, is_64, 0x1000);
}

static inline void sample_elf_section(struct sample *sample, bool is_64,
                                      const struct sample_section *section)
{
    sample_put32(sample, section->name);
    sample_put32(sample, section->type);
    sample_put_word(sample, is_64, 0);
    sample_put_word(sample, is_64, 0);
    sample_put_word(sample, is_64, section->offset);
    sample_put_word(sample, is_64, section->size);
    sample_put32(sample, section->link);
    sample_put32(sample, 0);
    sample_put_word(sample, is_64, 1);
    sample_put_word(sample, is_64, section->entry_size);
}

static inline void sample_elf_symbol(struct sample *sample, bool is_64, uint32_t name,
                                     uint64_t value, uint8_t type, uint16_t section)
{
    sample_put32(sample, name);
    if (is_64) {
        sample_put8(sample, type);
        sample_put8(sample, 0);
        sample_put16(sample, section);
        sample_put64(sample, value);
        sample_put64(sample, 0);
    } else {
        sample_put32(sample, (uint32_t)value);
        sample_put32(sample, 0);
        sample_put8(sample, type);
        sample_put8(sample, 0);
        sample_put16(sample, section);
    }
}

/* ---- notes ---- */

static inline void sample_note(struct sample *sample, const char *owner, uint32_t type,
                               const void *bytes, size_t size)
{
    sample_put32(sample, (uint32_t)strlen(owner) + 1);
    sample_put32(sample, (uint32_t)size);
    sample_put32(sample, type);
    sample_put_text(sample, owner);
    sample_align(sample, 4);
    sample_put(sample, bytes, size);
    sample_align(sample, 4);
}

static inline void sample_note_text(struct sample *sample, uint32_t type, const char *text)
{
    sample_note(sample, "Xen", type, text, strlen(text) + 1);
}

static inline void sample_note_word(struct sample *sample, bool is_64, uint32_t type,
                                    uint64_t value)
{
    sample_note(sample, "Xen", type, &value, is_64 ? 8 : 4);
}

/* The notes of a kernel as Linux has them. */
static inline void sample_usual_notes(struct sample *notes, bool is_64)
{
    uint64_t base = is_64 ? SAMPLE_VIRT_BASE : SAMPLE_VIRT_BASE32;
    uint64_t mask_and_value[2] = { 1, 1 };

    sample_note(notes, "GNU", 3, "abcd", 4);
    sample_note_text(notes, XEN_ELFNOTE_GUEST_OS, "linux");
    sample_note_text(notes, XEN_ELFNOTE_GUEST_VERSION, "2.6");
    sample_note_text(notes, XEN_ELFNOTE_XEN_VERSION, "xen-3.0");
    sample_note_word(notes, is_64, XEN_ELFNOTE_VIRT_BASE, base);
    sample_note_word(notes, is_64, XEN_ELFNOTE_INIT_P2M, is_64 ? 0x8000000000 : 0xe0000000);
    sample_note_word(notes, is_64, XEN_ELFNOTE_ENTRY, base + 0x1000100);
    sample_note_word(notes, is_64, XEN_ELFNOTE_HYPERCALL_PAGE, base + 0x1001000);
    sample_note_text(notes, XEN_ELFNOTE_FEATURES,
                     "!writable_page_tables|pae_pgdir_above_4gb|never_heard_of");
    sample_note_word(notes, false, XEN_ELFNOTE_SUPPORTED_FEATURES, 1 << XENFEAT_dom0);
    sample_note_text(notes, XEN_ELFNOTE_PAE_MODE, "yes");
    sample_note_text(notes, XEN_ELFNOTE_LOADER, "generic");
    sample_note(notes, "Xen", XEN_ELFNOTE_L1_MFN_VALID, mask_and_value, 16);
    sample_note_word(notes, false, XEN_ELFNOTE_MOD_START_PFN, 1);
    sample_note_word(notes, false, XEN_ELFNOTE_SUSPEND_CANCEL, 1);
    sample_note_word(notes, is_64, XEN_ELFNOTE_HV_START_LOW, 0xf5800000);
    sample_note_word(notes, is_64, XEN_ELFNOTE_PADDR_OFFSET, 0);
}

/* An image with these notes. */
static inline void sample_elf(struct sample *sample, bool is_64, const struct sample *notes)
{
    uint64_t base = is_64 ? SAMPLE_VIRT_BASE : SAMPLE_VIRT_BASE32;
    size_t symbol_size = is_64 ? 24 : 16;
    const struct sample_segment segments[] = {
        { 1, 0x400, base + 0x1000000, 0x1000000, 0x200, 0x200 },
        { 1, 0x600, base + 0x1001000, 0x1001000, 0x100, 0x2000 },
        { 4, SAMPLE_NOTES_AT, 0, 0, notes->size, notes->size },
    };
    const struct sample_section sections[] = {
        { 0, 0, 0, 0, 0, 0 },
        { 1, 3, 0, SAMPLE_NAMES_AT, 64, 0 },
        { 7, 2, 3, SAMPLE_SYMBOLS_AT, 5 * symbol_size, symbol_size },
        { 13, 3, 0, SAMPLE_STRINGS_AT, 32, 0 },
        { 19, 7, 0, SAMPLE_NOTES_AT, notes->size, 0 },
    };
    static const char names[64] = "\0names\0table\0texts\0notes\0";
    static const char strings[32] = "\0start\0middle\0number\0";

    memset(sample, 0, sizeof(*sample));
    sample_elf_header(sample, is_64, base + 0x1000000, 3, 5);
    for (size_t i = 0; i < 3; i++)
        sample_elf_segment(sample, is_64, &segments[i]);
    sample_set(sample, SAMPLE_NOTES_AT, notes->data, notes->size);
    sample_set(sample, SAMPLE_NAMES_AT, names, sizeof(names));
    sample->size = SAMPLE_SYMBOLS_AT;
    sample_elf_symbol(sample, is_64, 0, 0, 0, 0);
    sample_elf_symbol(sample, is_64, 7, base + 0x1000080, 2, 1);
    sample_elf_symbol(sample, is_64, 1, base + 0x1000000, 0, 1);
    sample_elf_symbol(sample, is_64, 14, base + 0x1000090, 2, 0xfff1);
    sample_elf_symbol(sample, is_64, 14, base + 0x1000090, 1, 1);
    sample_set(sample, SAMPLE_STRINGS_AT, strings, sizeof(strings));
    sample->size = SAMPLE_SECTIONS_AT;
    for (size_t i = 0; i < 5; i++)
        sample_elf_section(sample, is_64, &sections[i]);
}

#endif
