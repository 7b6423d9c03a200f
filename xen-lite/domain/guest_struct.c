/* SPDX-License-Identifier: MIT */
/*
 * The 32-bit half of guest_struct.h.
 */
#include "domain/guest_struct.h"

#include "lib/assert.h"
#include "lib/string.h"

int guest_struct_in_32(const struct struct_forms *forms, void *to, gva_t from)
{
    uint64_t form[STRUCT_FORM_MAX / sizeof(uint64_t)];
    int result;

    ASSERT(forms->size32 <= sizeof(form));
    /* Where it fails the rest is 0, as guest_copy_in() has it. */
    result = guest_copy_in(form, from, forms->size32);
    struct_widen(forms, to, form);
    return result;
}

int guest_struct_out_32(const struct struct_forms *forms, gva_t to, const void *from)
{
    uint64_t form[STRUCT_FORM_MAX / sizeof(uint64_t)];

    ASSERT(forms->size32 <= sizeof(form));
    struct_narrow(forms, form, from);
    return guest_copy_out(to, form, forms->size32);
}

size_t guest_struct_form(const struct vcpu *v, const struct struct_forms *forms, void *form,
                         const void *from)
{
    if (guest_is_native(v))
        memcpy(form, from, forms->size64);
    else
        struct_narrow(forms, form, from);
    return guest_struct_size(v, forms);
}

/* One by one: the lists are short, or are taken element by element. */
int guest_words_in_32(uint64_t *to, gva_t from, size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        uint32_t word;

        result = guest_copy_in(&word, guest_index(from, i, sizeof(word)), sizeof(word));
        to[i] = word;
    }
    return result;
}

int guest_words_out_32(gva_t to, const uint64_t *from, size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        uint32_t word = (uint32_t)from[i];

        result = guest_copy_out(guest_index(to, i, sizeof(word)), &word, sizeof(word));
    }
    return result;
}
