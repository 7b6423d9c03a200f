/* SPDX-License-Identifier: MIT */
/*
 * Claim: an instruction that stores one, two, four or eight bytes to a page table leaves the same
 *     bytes and the same register as on plain memory if it is aligned to its size, and is a page
 *     fault that changes nothing if it is not.
 * Rule: MMU-26; invariants A3
 * Runs on: xen-lite, xen
 * Ends: poweroff
 */
#include "tests/guests/support/support.h"

#define SLOT 8 /* of the table and of the plain page */

/* The bytes that are stored, before, and in the accumulator. No entry becomes present. */
#define STORED 0x80f0e0d0c0b0a010ull
#define BEFORE 0x0123456789abcde0ull

#define WIDTHS (sizeof(long) == 8 ? 4u : 3u) /* 1, 2, 4 and 8 bytes; CMPXCHG8B is in pae-halves */

static uint64_t *table, *plain;

/* One instruction that stores *reg at an address. */
typedef struct fault run_form(char *at, unsigned long *reg);

#define FORM(name, text)                                                                          \
    static struct fault name(char *at, unsigned long *reg)                                        \
    {                                                                                             \
        unsigned long accumulator = (unsigned long)BEFORE;                                        \
        struct fault f = TRY(text, : "+r"(at), "+d"(*reg), "+a"(accumulator) : : "memory", "cc"); \
                                                                                                  \
        *reg ^= accumulator; /* CMPXCHG's other result, too */                                    \
        return f;                                                                                 \
    }

#define FORMS(name, text)                \
    FORM(name##_1, text "b %%dl, (%0)")  \
    FORM(name##_2, text "w %%dx, (%0)")  \
    FORM(name##_4, text "l %%edx, (%0)") \
    FORM(name##_8, text W " " R(dx) ", (%0)")

/* clang-format off */
FORMS(mov, "mov")
FORMS(xchg, "xchg")
FORMS(add, "add")
FORMS(sub, "sub")
FORMS(and, "lock and")
FORMS(or, "lock or")
FORMS(xor, "xor")
FORMS(xadd, "lock xadd")
FORMS(cmpxchg, "lock cmpxchg")
/* clang-format on */

/* clang-format off */
#define ROW(name) { #name, { name##_1, name##_2, name##_4, name##_8 } }
/* clang-format on */

static const struct {
    const char *name;
    run_form *form[4];
} forms[] = { ROW(mov), ROW(xchg), ROW(add),  ROW(sub),    ROW(and),
              ROW(or),  ROW(xor),  ROW(xadd), ROW(cmpxchg) };

/* The last: on Xen it is no fault, whatever its alignment, if it finds another value and so stores
 * nothing. */
#define FORM_CMPXCHG (COUNT(forms) - 1)

static void one(unsigned i, unsigned width, unsigned offset)
{
    unsigned long reg = (unsigned long)STORED, plain_reg = reg;
    struct fault f;

    mmu_update(machine_of(&table[SLOT]), BEFORE);
    mmu_update(machine_of(&table[SLOT + 1]), BEFORE);
    plain[SLOT] = BEFORE;
    plain[SLOT + 1] = BEFORE;
    f = forms[i].form[width]((char *)&table[SLOT] + offset, &reg);
    if (offset % (1u << width) != 0) {
        expect_fault(f, X_PF, PF_WRITE | PF_PRESENT, forms[i].name);
    } else {
        expect_no_fault(f, forms[i].name);
        forms[i].form[width]((char *)&plain[SLOT] + offset, &plain_reg);
        expect_hex(reg, plain_reg, "%s of %u bytes at +%u: the registers", forms[i].name,
                   1u << width, offset);
    }
    expect_hex(table[SLOT], plain[SLOT], "%s of %u bytes at +%u: the entry", forms[i].name,
               1u << width, offset);
    expect_hex(table[SLOT + 1], BEFORE, "%s of %u bytes at +%u: the next entry", forms[i].name,
               1u << width, offset);
}

void test_main(void)
{
    table = table_new();
    plain = page_new();
    expect(CALL(vm_assist, VMASST_CMD_enable, VMASST_TYPE_writable_pagetables), 0,
           "ask for writable page tables");
    if (mmuext(MMUEXT_PIN_L1_TABLE, mfn_of(table)) != 0)
        error("cannot pin an empty table");
    for (unsigned i = 0; i < COUNT(forms); i++)
        for (unsigned width = 0; width < WIDTHS; width++)
            for (unsigned offset = 0; offset < 8; offset++)
                if (i != FORM_CMPXCHG || offset % (1u << width) == 0)
                    one(i, width, offset);
}
