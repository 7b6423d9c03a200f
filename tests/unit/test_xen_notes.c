/* SPDX-License-Identifier: MIT */
/*
 * lib/xen_notes.c: notes of a Linux-like kernel at both widths, the legacy text, and what is
 * refused.
 */
#include "unit.h"

#include "lib/xen_notes.h"
#include "tests/unit/sample_elf.h"

/* Reads the notes of an image that has only these notes. */
static bool read_notes(const struct sample *notes_made, bool is_64, struct xen_image_notes *notes,
                       struct problem *problem)
{
    static struct sample image;
    struct elf elf;

    sample_elf(&image, is_64, notes_made);
    *problem = (struct problem){ "" };
    assert_true(elf_open(&elf, sample_span(&image), problem));
    return xen_notes_read(&elf, notes, problem);
}

static void test_linux(void **state)
{
    static struct sample made;

    (void)state;
    for (int is_64 = 0; is_64 <= 1; is_64++) {
        uint64_t base = is_64 ? SAMPLE_VIRT_BASE : SAMPLE_VIRT_BASE32;
        const char *name = is_64 ? "64 bits" : "32 bits";
        struct xen_image_notes notes;
        struct problem problem;

        memset(&made, 0, sizeof(made));
        sample_usual_notes(&made, is_64);
        check(name, read_notes(&made, is_64, &notes, &problem));
        check(name, !notes.legacy);
        check_number(name, notes.virt_base, base);
        check_number(name, notes.entry, base + 0x1000100);
        check_number(name, notes.hypercall_page, base + 0x1001000);
        check_number(name, notes.init_p2m, is_64 ? 0x8000000000 : 0xe0000000);
        check_number(name, notes.hv_start_low, 0xf5800000);
        check_number(name, notes.paddr_offset, 0);
        check_number(name, notes.l1_mfn_mask, 1);
        check_number(name, notes.l1_mfn_value, 1);
        check(name, notes.has_virt_base && notes.has_entry && notes.has_hypercall_page &&
                        notes.has_init_p2m && notes.has_paddr_offset && notes.has_l1_mfn_valid);
        check(name, notes.mod_start_pfn && notes.suspend_cancel && !notes.bsd_symtab);
        check_number(name, notes.pae_mode, XEN_PAE_EXTENDED_CR3);
        check_number(name, notes.features_required, 1 << XENFEAT_writable_page_tables);
        check_number(name, notes.features_supported,
                     1 << XENFEAT_writable_page_tables | 1 << XENFEAT_pae_pgdir_above_4gb |
                         1 << XENFEAT_dom0);
        check_string(name, notes.guest_os, "linux");
        check_string(name, notes.guest_version, "2.6");
        check_string(name, notes.xen_version, "xen-3.0");
        check_string(name, notes.loader, "generic");
    }
}

static void test_few_notes(void **state)
{
    static struct sample made;
    struct xen_image_notes notes;
    struct problem problem;

    (void)state;
    memset(&made, 0, sizeof(made));
    sample_note_text(&made, XEN_ELFNOTE_XEN_VERSION, "xen-3.0");
    sample_note_text(&made, XEN_ELFNOTE_LOADER, "generic");
    assert_true(read_notes(&made, true, &notes, &problem));
    assert_true(notes.entry == SAMPLE_VIRT_BASE + 0x1000000);
    assert_false(notes.has_entry || notes.has_virt_base || notes.has_hypercall_page ||
                 notes.has_init_p2m || notes.has_paddr_offset);
    assert_int_equal(notes.virt_base, 0);
    assert_int_equal(notes.pae_mode, XEN_PAE_NO);
}

static void test_pae_modes(void **state)
{
    static const struct {
        const char *text;
        enum xen_pae_mode expect;
    } cases[] = {
        { "yes", XEN_PAE_EXTENDED_CR3 },
        { "yes[extended-cr3]", XEN_PAE_EXTENDED_CR3 },
        { "no", XEN_PAE_NO },
        { "bimodal", XEN_PAE_BIMODAL },
        { "yes,bimodal", XEN_PAE_BIMODAL },
        { "maybe", XEN_PAE_NO },
    };
    static struct sample made;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct xen_image_notes notes;
        struct problem problem;

        memset(&made, 0, sizeof(made));
        sample_note_text(&made, XEN_ELFNOTE_XEN_VERSION, "xen-3.0");
        sample_note_text(&made, XEN_ELFNOTE_LOADER, "generic");
        sample_note_text(&made, XEN_ELFNOTE_PAE_MODE, cases[i].text);
        check(cases[i].text, read_notes(&made, false, &notes, &problem));
        check_number(cases[i].text, notes.pae_mode, cases[i].expect);
    }
}

/* As in GRUB's i386-xen image: the segment, here also the file, ends behind "yes" and a zero, where
 * the note says 12 bytes. */
static void test_short_segment(void **state)
{
    static struct sample image, made;
    struct xen_image_notes notes;
    struct problem problem;
    struct elf elf;

    (void)state;
    memset(&made, 0, sizeof(made));
    sample_note_text(&made, XEN_ELFNOTE_XEN_VERSION, "xen-3.0");
    sample_note_text(&made, XEN_ELFNOTE_LOADER, "generic");
    sample_note(&made, "Xen", XEN_ELFNOTE_PAE_MODE, "yes\0bimodal", 12);
    sample_elf(&image, false, &made);
    sample_set_number(&image, 52 + 2 * 32 + 16, made.size - 8, 4);
    assert_true(elf_open(&elf, sample_span(&image), &problem));
    assert_true(xen_notes_read(&elf, &notes, &problem));
    assert_int_equal(notes.pae_mode, XEN_PAE_EXTENDED_CR3);
    /* A segment that reaches behind the file is another matter. */
    sample_set_number(&image, 52 + 2 * 32 + 16, 0x10000, 4);
    assert_false(xen_notes_read(&elf, &notes, &problem));
    assert_string_equal(problem.text,
                        "truncated: notes at 0x800 take 0x10000 bytes, the file has 0xdc8");
}

static void test_refused(void **state)
{
    static const struct {
        const char *name;
        uint32_t type;
        const char *bytes;
        size_t size;
        const char *expect;
    } cases[] = {
        { "old version", XEN_ELFNOTE_XEN_VERSION, "xen-2.0", 8,
          "built for Xen version \"xen-2.0\"; xen-3.0 is the one there is" },
        { "other loader", XEN_ELFNOTE_LOADER, "mine", 5,
          "needs the loader \"mine\"; there is only \"generic\"" },
        { "no version", XEN_ELFNOTE_XEN_VERSION, "", 1,
          "the note XEN_VERSION is missing: it must be \"xen-3.0\"" },
        { "no loader", XEN_ELFNOTE_LOADER, "", 1,
          "the note LOADER is missing: it must be \"generic\"" },
        { "unknown requirement", XEN_ELFNOTE_FEATURES, "dom0|!warp", 11,
          "the kernel requires an unknown feature: warp" },
        { "bits of 3 bytes", XEN_ELFNOTE_SUPPORTED_FEATURES, "abc", 3,
          "Xen note 17: a number of 3 bytes" },
        { "flag of 16 bytes", XEN_ELFNOTE_MOD_START_PFN, "0123456789abcdef", 16,
          "Xen note 16: a number of 16 bytes" },
        { "number of 3 bytes", XEN_ELFNOTE_VIRT_BASE, "abc", 3, "Xen note 3: a number of 3 bytes" },
        { "short mask", XEN_ELFNOTE_L1_MFN_VALID, "abcdefg", 7,
          "Xen note L1_MFN_VALID has 7 bytes" },
    };
    static struct sample made;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct xen_image_notes notes;
        struct problem problem;

        memset(&made, 0, sizeof(made));
        sample_note_text(&made, XEN_ELFNOTE_XEN_VERSION, "xen-3.0");
        sample_note_text(&made, XEN_ELFNOTE_LOADER, "generic");
        sample_note(&made, "Xen", cases[i].type, cases[i].bytes, cases[i].size);
        check(cases[i].name, !read_notes(&made, true, &notes, &problem));
        check_string(cases[i].name, problem.text, cases[i].expect);
    }
}

/* What not every kernel says. */
static void test_rare_notes(void **state)
{
    static struct sample made;
    struct xen_image_notes notes;
    struct problem problem;

    (void)state;
    memset(&made, 0, sizeof(made));
    sample_note_text(&made, XEN_ELFNOTE_XEN_VERSION, "xen-3.0");
    sample_note_text(&made, XEN_ELFNOTE_LOADER, "generic");
    sample_note_text(&made, XEN_ELFNOTE_BSD_SYMTAB, "yes");
    sample_note(&made, "Xen", XEN_ELFNOTE_SUPPORTED_FEATURES, "\x11\x08\0\0", 4);
    sample_note(&made, "Xen", XEN_ELFNOTE_HV_START_LOW, "\0\0\0\xf5", 4);
    sample_note(&made, "Xen", XEN_ELFNOTE_SUSPEND_CANCEL, "\0", 1);
    sample_note(&made, "Xen", XEN_ELFNOTE_L1_MFN_VALID, "\x05\0\0\0\x01\0\0\0", 8);
    sample_note(&made, "Xen", 4711, "whatever comes", 14);
    assert_true(read_notes(&made, false, &notes, &problem));
    assert_true(notes.bsd_symtab);
    assert_false(notes.suspend_cancel);
    assert_int_equal(notes.features_supported, 1 << XENFEAT_writable_page_tables |
                                                   1 << XENFEAT_pae_pgdir_above_4gb |
                                                   1 << XENFEAT_dom0);
    assert_int_equal(notes.features_required, 0);
    assert_int_equal(notes.hv_start_low, 0xf5000000);
    assert_int_equal(notes.l1_mfn_mask, 5);
    assert_int_equal(notes.l1_mfn_value, 1);
}

/* Old kernels have no note segment, only a section of that type. */
static void test_note_section(void **state)
{
    static struct sample image, made;
    struct xen_image_notes notes;
    struct problem problem;
    struct elf elf;

    (void)state;
    memset(&made, 0, sizeof(made));
    sample_usual_notes(&made, true);
    sample_elf(&image, true, &made);
    sample_set_number(&image, 64 + 2 * 56, 0, 4);
    assert_true(elf_open(&elf, sample_span(&image), &problem));
    assert_true(xen_notes_read(&elf, &notes, &problem));
    assert_int_equal(notes.entry, SAMPLE_VIRT_BASE + 0x1000100);
    /* The section's offset: behind the file. */
    sample_set_number(&image, SAMPLE_SECTIONS_AT + 4 * 64 + 24, 0x100000, 8);
    assert_false(xen_notes_read(&elf, &notes, &problem));
    assert_non_null(strstr(problem.text, "truncated: notes at 0x100000 take "));
}

/* Makes an image without notes whose section "notes" is called __xen_guest and holds the text. */
static bool read_text(const char *text, struct xen_image_notes *notes, struct problem *problem)
{
    static struct sample image, made;
    struct elf elf;

    memset(&made, 0, sizeof(made));
    sample_put_text(&made, text);
    sample_elf(&image, false, &made);
    /* The third segment is no note segment, the section's type is program data, its name changes.
     */
    sample_set_number(&image, 52 + 2 * 32, 0, 4);
    sample_set_number(&image, SAMPLE_SECTIONS_AT + 4 * 40 + 4, 1, 4);
    sample_set(&image, SAMPLE_NAMES_AT + 19, "__xen_guest", 12);
    *problem = (struct problem){ "" };
    assert_true(elf_open(&elf, sample_span(&image), problem));
    return xen_notes_read(&elf, notes, problem);
}

static void test_legacy(void **state)
{
    struct xen_image_notes notes;
    struct problem problem;
    char item[257];

    (void)state;
    assert_true(read_text("GUEST_OS=linux,GUEST_VER=2.6,XEN_VER=xen-3.0,VIRT_BASE=0xC0000000,"
                          "HYPERCALL_PAGE=0x102,VIRT_ENTRY=0xC0100000,PAE=yes[extended-cr3],"
                          "FEATURES=!auto_translated_physmap|dom0,LOADER=generic,BSD_SYMTAB",
                          &notes, &problem));
    assert_true(notes.legacy && notes.bsd_symtab);
    assert_int_equal(notes.virt_base, 0xc0000000);
    assert_int_equal(notes.entry, 0xc0100000);
    assert_int_equal(notes.hypercall_page, 0xc0102000);
    assert_int_equal(notes.paddr_offset, 0xc0000000);
    assert_int_equal(notes.pae_mode, XEN_PAE_EXTENDED_CR3);
    assert_int_equal(notes.features_required, 1 << XENFEAT_auto_translated_physmap);
    assert_string_equal(notes.guest_os, "linux");
    assert_string_equal(notes.guest_version, "2.6");

    assert_true(read_text("XEN_VER=xen-3.0,GUEST_OS=linux,ELF_PADDR_OFFSET=0", &notes, &problem));
    assert_int_equal(notes.paddr_offset, 0);
    assert_false(read_text("XEN_VER=xen-3.0,VIRT_BASE=nowhere", &notes, &problem));
    assert_string_equal(problem.text, "__xen_guest: VIRT_BASE=nowhere is no number");
    memset(item, 'x', sizeof(item) - 1);
    item[sizeof(item) - 1] = '\0';
    assert_false(read_text(item, &notes, &problem));
    assert_string_equal(problem.text, "__xen_guest: an item is longer than 255 bytes");
    assert_false(read_text("XEN_VER=xen-3.0,FEATURES=!warp", &notes, &problem));
    assert_string_equal(problem.text, "the kernel requires an unknown feature: warp");
    assert_false(read_text("", &notes, &problem));
    assert_string_equal(problem.text, "the key XEN_VER is missing: it must be \"xen-3.0\"");
    assert_false(read_text("XEN_VER=xen-3.0", &notes, &problem));
    assert_string_equal(problem.text, "the key LOADER is missing: it must be \"generic\"");
}

static void test_no_xen(void **state)
{
    static struct sample made;
    struct xen_image_notes notes;
    struct problem problem;

    (void)state;
    memset(&made, 0, sizeof(made));
    sample_note_word(&made, false, XEN_ELFNOTE_PHYS32_ENTRY, 0x1000);
    assert_false(read_notes(&made, true, &notes, &problem));
    assert_string_equal(problem.text, "a PVH kernel only (note PHYS32_ENTRY): it cannot run as PV");
    memset(&made, 0, sizeof(made));
    sample_note(&made, "GNU", 3, "abcd", 4);
    assert_false(read_notes(&made, true, &notes, &problem));
    assert_string_equal(problem.text,
                        "no Xen notes and no section __xen_guest: this is no kernel for Xen");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linux),         cmocka_unit_test(test_few_notes),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_pae_modes),
        cmocka_unit_test(test_short_segment), cmocka_unit_test(test_legacy),
        cmocka_unit_test(test_no_xen),        cmocka_unit_test(test_rare_notes),
        cmocka_unit_test(test_note_section),
    };

    return RUN_TESTS(tests);
}
