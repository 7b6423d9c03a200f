/* SPDX-License-Identifier: MIT */
/*
 * lib/xen_layout.c: where kernels of both widths go, new and legacy ones, and those that cannot go
 * anywhere.
 */
#include "unit.h"

#include "lib/xen_notes.h"
#include "tests/unit/sample_elf.h"

enum field { NOTHING, ENTRY, HYPERCALL_PAGE, INIT_P2M, VIRT_BASE, PADDR_OFFSET };
static const struct {
    const char *name;
    enum field field;
    uint64_t value;
    const char *expect; /* NULL: nothing is wrong */
} layouts[] = {
    { "as Linux has it", NOTHING, 0, NULL },
    { "entry in the last byte", ENTRY, SAMPLE_VIRT_BASE + 0x1002fff, NULL },
    { "entry behind the kernel", ENTRY, SAMPLE_VIRT_BASE + 0x1003000,
      "entry point 0xffffffff81003000 is outside the kernel "
      "(0xffffffff81000000-0xffffffff81003000, with page 0 at VIRT_BASE 0xffffffff80000000)" },
    { "unaligned hypercall page", HYPERCALL_PAGE, SAMPLE_VIRT_BASE + 0x1001010,
      "HYPERCALL_PAGE 0xffffffff81001010 does not begin at a page" },
    { "hypercall page behind the kernel", HYPERCALL_PAGE, SAMPLE_VIRT_BASE + 0x1003000,
      "HYPERCALL_PAGE 0xffffffff81003000 is outside the kernel "
      "(0xffffffff81000000-0xffffffff81003000)" },
    { "p2m in the kernel", INIT_P2M, SAMPLE_VIRT_BASE + 0x1001000,
      "INIT_P2M 0xffffffff81001000 is unaligned or inside the kernel" },
    { "unaligned p2m", INIT_P2M, 0x8000000800,
      "INIT_P2M 0x8000000800 is unaligned or inside the kernel" },
    { "offset moves the kernel below its base", PADDR_OFFSET, 0x1000001,
      "the kernel would be loaded at 0xffffffff7fffffff-0xffffffff80002fff, "
      "VIRT_BASE is 0xffffffff80000000" },
    { "wraps", VIRT_BASE, UINT64_MAX - 0x1000fff,
      "the kernel would be loaded at 0xfffffffffffff000-0x2000, "
      "VIRT_BASE is 0xfffffffffefff000" },
};

static void test_layout(void **state)
{
    static struct sample image, made;

    (void)state;
    memset(&made, 0, sizeof(made));
    sample_usual_notes(&made, true);
    sample_elf(&image, true, &made);
    for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
        struct xen_image_layout layout;
        struct xen_image_notes notes;
        struct problem problem = { "" };
        bool expect = layouts[i].expect == NULL;
        struct elf elf;

        assert_true(elf_open(&elf, sample_span(&image), &problem));
        assert_true(xen_notes_read(&elf, &notes, &problem));

        uint64_t *const fields[] = { NULL,
                                     &notes.entry,
                                     &notes.hypercall_page,
                                     &notes.init_p2m,
                                     &notes.virt_base,
                                     &notes.paddr_offset };

        if (layouts[i].field != NOTHING)
            *fields[layouts[i].field] = layouts[i].value;
        check_number(layouts[i].name, xen_image_layout(&elf, &notes, &layout, &problem), expect);
        check_string(layouts[i].name, problem.text, expect ? "" : layouts[i].expect);
        if (!expect)
            continue;
        check_number(layouts[i].name, layout.kernel_start, SAMPLE_VIRT_BASE + 0x1000000);
        check_number(layouts[i].name, layout.kernel_end, SAMPLE_VIRT_BASE + 0x1003000);
        check_number(layouts[i].name, layout.virt_offset, SAMPLE_VIRT_BASE);
        check_number(layouts[i].name, layout.entry, notes.entry);
    }
}

/* PADDR_OFFSET = VIRT_BASE, as legacy images have it by default: "physical" addresses are virtual
 * ones. A 32-bit kernel's are taken modulo 2^32. */
static void test_offset(void **state)
{
    static const struct {
        const char *name;
        bool is_64;
        uint64_t virt_base, paddr_offset;
        bool expect;
        uint64_t start;
    } cases[] = {
        { "legacy, 32 bits", false, 0x1000000, 0x1000000, true, 0x1000000 },
        { "legacy, 64 bits", true, 0x1000000, 0x1000000, true, 0x1000000 },
        { "moved down", true, 0, 0x1000000, true, 0 },
        { "wraps at 32 bits", false, 0xfffff000, 0, false, 0 },
        { "moved below zero, 32 bits", false, 0, 0x1001000, false, 0 },
    };
    static struct sample image, made;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct xen_image_notes notes = { .virt_base = cases[i].virt_base,
                                         .paddr_offset = cases[i].paddr_offset,
                                         .entry = cases[i].start };
        struct problem problem = { "" };
        struct xen_image_layout layout;
        struct elf elf;

        memset(&made, 0, sizeof(made));
        sample_elf(&image, cases[i].is_64, &made);
        assert_true(elf_open(&elf, sample_span(&image), &problem));
        check_number(cases[i].name, xen_image_layout(&elf, &notes, &layout, &problem),
                     cases[i].expect);
        if (!cases[i].expect)
            continue;
        check_number(cases[i].name, layout.kernel_start, cases[i].start);
        check_number(cases[i].name, layout.kernel_end, cases[i].start + 0x3000);
        check_number(cases[i].name, layout.virt_offset, cases[i].virt_base - cases[i].paddr_offset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_offset),
    };

    return RUN_TESTS(tests);
}
