/* SPDX-License-Identifier: MIT */
/*
 * Xen notes. A note is three 32-bit words (length of the name, length of the contents, number), the
 * name and the contents, each padded to four bytes. Numbers are 4 or 8 bytes long whatever the
 * width of the file.
 */
#include "xen_notes.h"

#include "abi/constants.h"

#include <stdlib.h>
#include <string.h>

#define NOTE_HEADER 12

static uint64_t round_up_4(uint64_t value)
{
    return (value + 3) & ~UINT64_C(3);
}

/* Copies a text out of a file: up to its end, a NUL, or the room. */
static void copy_text(char *to, size_t room, struct bytes text)
{
    size_t length = 0;

    while (length < text.size && length < room - 1 && text.data[length] != '\0') {
        to[length] = (char)text.data[length];
        length++;
    }
    to[length] = '\0';
}

static bool read_number(struct bytes contents, uint32_t number, uint64_t *value,
                        struct problem *problem)
{
    if (contents.size != 4 && contents.size != 8) {
        return problem_set(problem, "Xen note %u: %zu bytes are no number (4 or 8 are needed)",
                           number, contents.size);
    }
    *value = contents.size == 8 ? bytes_u64(contents, 0) : bytes_u32(contents, 0);
    return true;
}

static bool take_note(struct xen_notes *notes, uint32_t number, struct bytes contents,
                      struct problem *problem)
{
    notes->found = true;
    switch (number) {
    case XEN_ELFNOTE_ENTRY: return read_number(contents, number, &notes->entry, problem);
    case XEN_ELFNOTE_VIRT_BASE: return read_number(contents, number, &notes->virt_base, problem);
    case XEN_ELFNOTE_PADDR_OFFSET:
        notes->has_paddr_offset = true;
        return read_number(contents, number, &notes->paddr_offset, problem);
    case XEN_ELFNOTE_XEN_VERSION:
        copy_text(notes->xen_version, sizeof(notes->xen_version), contents);
        return true;
    case XEN_ELFNOTE_LOADER: copy_text(notes->loader, sizeof(notes->loader), contents); return true;
    case XEN_ELFNOTE_GUEST_OS:
        copy_text(notes->guest_os, sizeof(notes->guest_os), contents);
        return true;
    case XEN_ELFNOTE_PAE_MODE:
        copy_text(notes->pae_mode, sizeof(notes->pae_mode), contents);
        return true;
    default: return true;
    }
}

/* Reads one area of notes. Notes of other owners (build ids, ...) are passed over. */
static bool read_area(struct bytes area, struct xen_notes *notes, struct problem *problem)
{
    uint64_t at = 0;

    while (bytes_has(area, at, NOTE_HEADER)) {
        uint64_t name_length = bytes_u32(area, at);
        uint64_t length = bytes_u32(area, at + 4);
        uint32_t number = bytes_u32(area, at + 8);
        uint64_t name_at = at + NOTE_HEADER;
        uint64_t contents_at = name_at + round_up_4(name_length);

        if (!bytes_has(area, name_at, round_up_4(name_length)) ||
            !bytes_has(area, contents_at, length)) {
            return problem_set(problem,
                               "ELF: a note (number %u) reaches beyond its area of %zu bytes",
                               number, area.size);
        }
        if (name_length == 4 && memcmp(area.data + name_at, "Xen", 4) == 0 &&
            !take_note(notes, number, bytes_part(area, contents_at, length), problem)) {
            return false;
        }
        at = contents_at + round_up_4(length);
    }
    return true;
}

static bool read_note_segments(const struct elf *elf, struct xen_notes *notes,
                               struct problem *problem)
{
    for (unsigned i = 0; i < elf->segment_count; i++) {
        struct elf_segment segment = elf_segment(elf, i);

        if (segment.type != ELF_SEGMENT_NOTE) {
            continue;
        }
        if (!bytes_has(elf->file, segment.offset, segment.file_size)) {
            return problem_set(problem, "ELF: truncated: note segment %u lies outside the file", i);
        }
        if (!read_area(bytes_part(elf->file, segment.offset, segment.file_size), notes, problem)) {
            return false;
        }
    }
    return true;
}

static bool read_note_sections(const struct elf *elf, struct xen_notes *notes,
                               struct problem *problem)
{
    for (unsigned i = 0; i < elf->section_count; i++) {
        struct elf_section section = elf_section(elf, i);

        if (section.type == ELF_SECTION_NOTE &&
            bytes_has(elf->file, section.offset, section.size) &&
            !read_area(bytes_part(elf->file, section.offset, section.size), notes, problem)) {
            return false;
        }
    }
    return true;
}

/* Takes one KEY=VALUE (or KEY) of `__xen_guest`. Keys that only the hypervisor needs are passed
 * over. */
static void take_guest_word(struct xen_notes *notes, const char *word)
{
    const char *value = strchr(word, '=');
    size_t key = value != NULL ? (size_t)(value - word) : strlen(word);
    struct bytes text = { (uint8_t *)(value != NULL ? value + 1 : ""), 0 };

    text.size = strlen((char *)text.data);
    if (key == 9 && memcmp(word, "VIRT_BASE", key) == 0) {
        notes->virt_base = strtoull((char *)text.data, NULL, 0);
    } else if (key == 16 && memcmp(word, "ELF_PADDR_OFFSET", key) == 0) {
        notes->has_paddr_offset = true;
        notes->paddr_offset = strtoull((char *)text.data, NULL, 0);
    } else if (key == 10 && memcmp(word, "VIRT_ENTRY", key) == 0) {
        notes->entry = strtoull((char *)text.data, NULL, 0);
    } else if (key == 7 && memcmp(word, "XEN_VER", key) == 0) {
        copy_text(notes->xen_version, sizeof(notes->xen_version), text);
    } else if (key == 6 && memcmp(word, "LOADER", key) == 0) {
        copy_text(notes->loader, sizeof(notes->loader), text);
    } else if (key == 8 && memcmp(word, "GUEST_OS", key) == 0) {
        copy_text(notes->guest_os, sizeof(notes->guest_os), text);
    } else if (key == 3 && memcmp(word, "PAE", key) == 0) {
        copy_text(notes->pae_mode, sizeof(notes->pae_mode), text);
    }
}

/* The legacy section is one text: KEY=VALUE words with commas between. */
static void read_guest_section(const struct elf *elf, struct xen_notes *notes)
{
    for (unsigned i = 0; i < elf->section_count; i++) {
        struct elf_section section = elf_section(elf, i);
        char text[1024];
        char *rest = text;
        char *word;

        if (!elf_section_is(elf, &section, "__xen_guest") || section.type == ELF_SECTION_NOBITS ||
            !bytes_has(elf->file, section.offset, section.size)) {
            continue;
        }
        copy_text(text, sizeof(text), bytes_part(elf->file, section.offset, section.size));
        notes->found = true;
        notes->from_guest_section = true;
        while ((word = strsep(&rest, ",")) != NULL) {
            take_guest_word(notes, word);
        }
    }
}

bool xen_notes_read(const struct elf *elf, struct xen_notes *notes, struct problem *problem)
{
    *notes = (struct xen_notes){ .entry = elf->entry };
    if (!read_note_segments(elf, notes, problem)) {
        return false;
    }
    if (!notes->found && !read_note_sections(elf, notes, problem)) {
        return false;
    }
    if (!notes->found) {
        read_guest_section(elf, notes);
    }
    return true;
}
