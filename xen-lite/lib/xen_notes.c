/* SPDX-License-Identifier: MIT */
/*
 * Notes of a Xen PV kernel; see lib/xen_notes.h.
 *
 * Looked for in this order, as Xen does: note segments, note sections, section __xen_guest. The
 * first place that has any Xen note is the only one.
 */
#include "lib/xen_notes.h"

#include "abi/constants.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/text.h"

struct feature_name {
    const char *name;
    unsigned int bit;
};

static const struct feature_name feature_names[] = {
#define XENFEAT(number, name) { #name, number },
#include "abi/features.def"
};

/* Adds one word of a list of features to the sets. */
static bool add_feature(struct xen_image_notes *notes, const char *word, size_t length,
                        struct problem *problem)
{
    bool required = length > 0 && word[0] == '!';
    const char *name = required ? word + 1 : word;
    size_t name_length = required ? length - 1 : length;

    for (size_t i = 0; i < ARRAY_SIZE(feature_names); i++) {
        const struct feature_name *feature = &feature_names[i];

        if (strlen(feature->name) != name_length || memcmp(feature->name, name, name_length) != 0)
            continue;
        notes->features_supported |= 1U << feature->bit;
        if (required)
            notes->features_required |= 1U << feature->bit;
        return true;
    }
    /* What it can live with but we have never heard of does no harm. */
    return !required || problem_say(problem, "the kernel requires an unknown feature: %.*s",
                                    (int)min(name_length, (size_t)40), name);
}

/* FEATURES: words joined by '|'; '!' in front of one makes it a requirement. */
static bool read_features(struct xen_image_notes *notes, const char *list, size_t length,
                          struct problem *problem)
{
    size_t start = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && list[i] != '|')
            continue;
        if (!add_feature(notes, list + start, i - start, problem))
            return false;
        start = i + 1;
    }
    return true;
}

/* Whether the word is somewhere in the text. */
static bool text_has(const char *text, const char *word)
{
    for (; *text != '\0'; text++) {
        if (text_starts_with(text, word))
            return true;
    }
    return false;
}

/* "yes", "yes[extended-cr3]", "no", "bimodal" or, in GRUB's image, "yes,bimodal". A kernel that has
 * notes means the extended form by "yes" already, as on Xen; in the legacy section it needs the
 * longer word. */
static void read_pae_mode(struct xen_image_notes *notes, const char *mode)
{
    if (text_has(mode, "bimodal"))
        notes->pae_mode = XEN_PAE_BIMODAL;
    else if (text_starts_with(mode, "yes"))
        notes->pae_mode =
            !notes->legacy || text_has(mode, "[extended-cr3]") ? XEN_PAE_EXTENDED_CR3 : XEN_PAE_YES;
    else
        notes->pae_mode = XEN_PAE_NO;
}

/* ---- ELF notes ---- */

/* A number of 1, 2, 4 or 8 bytes. */
static bool note_number(const struct elf_note *note, uint64_t *value, struct problem *problem)
{
    size_t size = note->description.size;

    *value = 0;
    if (size == 1 || size == 2 || size == 4 || size == 8)
        return span_read(note->description, 0, value, size);
    return problem_say(problem, "Xen note %u: a number of %zu bytes", note->type, size);
}

/* A text, whether or not its end is marked; what is longer than any sensible value is cut. */
static void note_text(const struct elf_note *note, char *to, size_t size)
{
    const char *text = (const char *)note->description.data;

    text_copy_bytes(to, size, text, strnlen(text, note->description.size));
}

/* A text that is "yes" or not. */
static bool note_flag(const struct elf_note *note, bool *flag)
{
    char text[8];

    note_text(note, text, sizeof(text));
    *flag = text_equal(text, "yes");
    return true;
}

/* Two numbers, each of the machine's word: mask and value. Of several pairs the first is taken. */
static bool note_l1_mfn_valid(const struct elf_note *note, struct xen_image_notes *notes,
                              struct problem *problem)
{
    uint32_t mask, value;

    notes->has_l1_mfn_valid = true;
    if (span_read_u64(note->description, 0, &notes->l1_mfn_mask) &&
        span_read_u64(note->description, 8, &notes->l1_mfn_value))
        return true;
    if (!span_read_u32(note->description, 0, &mask) || !span_read_u32(note->description, 4, &value))
        return problem_say(problem, "Xen note L1_MFN_VALID has %zu bytes", note->description.size);
    notes->l1_mfn_mask = mask;
    notes->l1_mfn_value = value;
    return true;
}

static bool note_number_given(const struct elf_note *note, uint64_t *value, bool *given,
                              struct problem *problem)
{
    *given = true;
    return note_number(note, value, problem);
}

/* A number that is 0 or not. */
static bool note_number_flag(const struct elf_note *note, bool *flag, struct problem *problem)
{
    uint64_t value;

    if (!note_number(note, &value, problem))
        return false;
    *flag = value != 0;
    return true;
}

/* Notes that are a text or change more than one field. */
static bool read_other_note(const struct elf_note *note, struct xen_image_notes *notes,
                            struct problem *problem)
{
    char text[XEN_NOTES_TEXT];
    uint64_t bits;

    switch (note->type) {
    case XEN_ELFNOTE_XEN_VERSION:
        note_text(note, notes->xen_version, sizeof(notes->xen_version));
        return true;
    case XEN_ELFNOTE_GUEST_OS:
        note_text(note, notes->guest_os, sizeof(notes->guest_os));
        return true;
    case XEN_ELFNOTE_GUEST_VERSION:
        note_text(note, notes->guest_version, sizeof(notes->guest_version));
        return true;
    case XEN_ELFNOTE_LOADER: note_text(note, notes->loader, sizeof(notes->loader)); return true;
    case XEN_ELFNOTE_PAE_MODE:
        note_text(note, text, sizeof(text));
        read_pae_mode(notes, text);
        return true;
    case XEN_ELFNOTE_FEATURES:
        return read_features(notes, (const char *)note->description.data,
                             strnlen((const char *)note->description.data, note->description.size),
                             problem);
    case XEN_ELFNOTE_SUPPORTED_FEATURES:
        if (!note_number(note, &bits, problem))
            return false;
        notes->features_supported |= (uint32_t)bits;
        return true;
    case XEN_ELFNOTE_PHYS32_ENTRY: notes->has_phys32_entry = true; return true;
    default:
        /* INFO, and whatever later versions add. */
        return true;
    }
}

/* One Xen note. A note that comes twice: the last counts. */
static bool read_note(const struct elf_note *note, struct xen_image_notes *notes,
                      struct problem *problem)
{
    switch (note->type) {
    case XEN_ELFNOTE_ENTRY:
        return note_number_given(note, &notes->entry, &notes->has_entry, problem);
    case XEN_ELFNOTE_HYPERCALL_PAGE:
        return note_number_given(note, &notes->hypercall_page, &notes->has_hypercall_page, problem);
    case XEN_ELFNOTE_VIRT_BASE:
        return note_number_given(note, &notes->virt_base, &notes->has_virt_base, problem);
    case XEN_ELFNOTE_PADDR_OFFSET:
        return note_number_given(note, &notes->paddr_offset, &notes->has_paddr_offset, problem);
    case XEN_ELFNOTE_INIT_P2M:
        return note_number_given(note, &notes->init_p2m, &notes->has_init_p2m, problem);
    case XEN_ELFNOTE_HV_START_LOW:
        return note_number_given(note, &notes->hv_start_low, &notes->has_hv_start_low, problem);
    case XEN_ELFNOTE_L1_MFN_VALID: return note_l1_mfn_valid(note, notes, problem);
    case XEN_ELFNOTE_MOD_START_PFN: return note_number_flag(note, &notes->mod_start_pfn, problem);
    case XEN_ELFNOTE_SUSPEND_CANCEL: return note_number_flag(note, &notes->suspend_cancel, problem);
    case XEN_ELFNOTE_BSD_SYMTAB: return note_flag(note, &notes->bsd_symtab);
    default: return read_other_note(note, notes, problem);
    }
}

/* Reads all Xen notes of the range of the file and counts them. */
static bool read_note_range(const struct elf *elf, uint64_t offset, uint64_t size,
                            struct xen_image_notes *notes, unsigned int *count,
                            struct problem *problem)
{
    struct elf_note note;
    struct span range;
    uint64_t at = 0;

    if (!span_sub(elf->file, offset, size, &range))
        return problem_say(problem,
                           "truncated: notes at 0x%llx take 0x%llx bytes, the file has 0x%zx",
                           (unsigned long long)offset, (unsigned long long)size, elf->file.size);
    while (elf_next_note(range, &at, &note)) {
        if (!elf_note_is_from(&note, "Xen"))
            continue;
        ++*count;
        if (!read_note(&note, notes, problem))
            return false;
    }
    return true;
}

/* Notes that are loaded (or at least meant to be found by a loader). */
static bool read_note_segments(const struct elf *elf, struct xen_image_notes *notes,
                               unsigned int *count, struct problem *problem)
{
    for (uint32_t i = 0; i < elf->segment_count; i++) {
        struct elf_segment segment = elf_get_segment(elf, i);

        if (segment.type == ELF_NOTE &&
            !read_note_range(elf, segment.offset, segment.file_size, notes, count, problem))
            return false;
    }
    return true;
}

/* Notes that only the section table knows of: old Linux and BSD kernels have no note segment. */
static bool read_note_sections(const struct elf *elf, struct xen_image_notes *notes,
                               unsigned int *count, struct problem *problem)
{
    for (uint32_t i = 0; i < elf->section_count; i++) {
        struct elf_section section = elf_get_section(elf, i);

        if (section.type == ELF_SECTION_NOTE &&
            !read_note_range(elf, section.offset, section.size, notes, count, problem))
            return false;
    }
    return true;
}

/* ---- __xen_guest ---- */

static bool legacy_number(const char *key, const char *text, uint64_t *value, bool *given,
                          struct problem *problem)
{
    *given = true;
    return text_to_u64(text, value) ||
           problem_say(problem, "__xen_guest: %s=%s is no number", key, text);
}

/* One KEY=value; a key alone has the value "". */
static bool read_legacy_key(struct xen_image_notes *notes, const char *key, const char *value,
                            struct problem *problem)
{
    if (text_equal(key, "LOADER"))
        text_copy(notes->loader, sizeof(notes->loader), value);
    else if (text_equal(key, "GUEST_OS"))
        text_copy(notes->guest_os, sizeof(notes->guest_os), value);
    else if (text_equal(key, "GUEST_VER"))
        text_copy(notes->guest_version, sizeof(notes->guest_version), value);
    else if (text_equal(key, "XEN_VER"))
        text_copy(notes->xen_version, sizeof(notes->xen_version), value);
    else if (text_equal(key, "BSD_SYMTAB"))
        notes->bsd_symtab = true;
    else if (text_equal(key, "PAE"))
        read_pae_mode(notes, value);
    else if (text_equal(key, "FEATURES"))
        return read_features(notes, value, strlen(value), problem);
    else if (text_equal(key, "VIRT_BASE"))
        return legacy_number(key, value, &notes->virt_base, &notes->has_virt_base, problem);
    else if (text_equal(key, "VIRT_ENTRY"))
        return legacy_number(key, value, &notes->entry, &notes->has_entry, problem);
    else if (text_equal(key, "ELF_PADDR_OFFSET"))
        return legacy_number(key, value, &notes->paddr_offset, &notes->has_paddr_offset, problem);
    else if (text_equal(key, "HYPERCALL_PAGE"))
        return legacy_number(key, value, &notes->hypercall_page, &notes->has_hypercall_page,
                             problem);
    return true;
}

/* Splits the text at commas, which no value contains, and each piece at its first '='. */
static bool read_legacy(struct span text, struct xen_image_notes *notes, struct problem *problem)
{
    const char *at = (const char *)text.data;
    const char *end = at + strnlen(at, text.size);
    char item[256];

    notes->legacy = true;
    while (at < end) {
        const char *comma = at;

        while (comma < end && *comma != ',')
            comma++;
        if (!text_copy_bytes(item, sizeof(item), at, (size_t)(comma - at)))
            return problem_say(problem, "__xen_guest: an item is longer than %zu bytes",
                               sizeof(item) - 1);
        at = comma + 1;

        char *value = strchr(item, '=');

        if (value != NULL)
            *value++ = '\0';
        if (!read_legacy_key(notes, item, value == NULL ? "" : value, problem))
            return false;
    }
    /* Here it is the number of a page, counted from VIRT_BASE. */
    if (notes->has_hypercall_page)
        notes->hypercall_page = (notes->hypercall_page << PAGE_SHIFT) + notes->virt_base;
    if (!notes->has_paddr_offset)
        notes->paddr_offset = notes->virt_base;
    return true;
}

/* ---- both ---- */

/* The two conditions that Xen makes as well. "linux" without a loader is what old Linux says. */
static bool check_kind(const struct xen_image_notes *notes, struct problem *problem)
{
    if (notes->xen_version[0] == '\0' && notes->has_phys32_entry)
        return problem_say(problem, "a PVH kernel only (note PHYS32_ENTRY): it cannot run as PV");
    if (notes->xen_version[0] == '\0')
        return problem_say(problem, "the %s is missing: it must be \"xen-3.0\"",
                           notes->legacy ? "key XEN_VER" : "note XEN_VERSION");
    if (!text_starts_with(notes->xen_version, "xen-3.0"))
        return problem_say(problem, "built for Xen version \"%s\"; xen-3.0 is the one there is",
                           notes->xen_version);
    if (text_starts_with(notes->loader, "generic") || text_starts_with(notes->guest_os, "linux"))
        return true;
    if (notes->loader[0] == '\0')
        return problem_say(problem, "the %s LOADER is missing: it must be \"generic\"",
                           notes->legacy ? "key" : "note");
    return problem_say(problem, "needs the loader \"%s\"; there is only \"generic\"",
                       notes->loader);
}

bool xen_notes_read(const struct elf *elf, struct xen_image_notes *notes, struct problem *problem)
{
    struct elf_section section;
    unsigned int count = 0;
    struct span text;

    *notes = (struct xen_image_notes){ .entry = elf->entry };
    if (!read_note_segments(elf, notes, &count, problem))
        return false;
    if (count == 0 && !read_note_sections(elf, notes, &count, problem))
        return false;
    if (count == 0) {
        if (!elf_find_section(elf, "__xen_guest", &section, &text))
            return problem_say(problem, "no Xen notes and no section __xen_guest: "
                                        "this is no kernel for Xen");
        if (!read_legacy(text, notes, problem))
            return false;
    }
    return check_kind(notes, problem);
}
