/* SPDX-License-Identifier: MIT */
/*
 * Structures and words in a guest's memory, in the layout of its width, to and from the 64-bit form
 * that handlers work on.
 *
 * Where a structure is the same at both widths, guest_copy_in() and guest_copy_out() will do.
 */
#ifndef XEN_LITE_DOMAIN_GUEST_STRUCT_H
#define XEN_LITE_DOMAIN_GUEST_STRUCT_H

#include "core/struct_forms.h"
#include "domain/domain.h"
#include "x86/guest_copy.h"

int guest_struct_in_32(const struct struct_forms *forms, void *to, gva_t from);
int guest_struct_out_32(const struct struct_forms *forms, gva_t to, const void *from);
int guest_words_in_32(uint64_t *to, gva_t from, size_t count);
int guest_words_out_32(gva_t to, const uint64_t *from, size_t count);

/* The layout of v's guest is that of the hypervisor. */
static inline bool guest_is_native(const struct vcpu *v)
{
    return likely(v->domain->width->bytes == sizeof(uint64_t));
}

/* Bytes that the structure has in the guest's memory. */
static inline size_t guest_struct_size(const struct vcpu *v, const struct struct_forms *forms)
{
    return guest_is_native(v) ? forms->size64 : forms->size32;
}

/* Where a member is, of a structure at `base`. */
static inline gva_t guest_member_at(const struct vcpu *v, const struct struct_forms *forms,
                                    unsigned int member, gva_t base)
{
    const struct member_forms *m = &forms->members[member];

    return GVA(base.n + (guest_is_native(v) ? m->at64 : m->at32));
}

/* Copies a structure of v's guest in or out: 0 or -XEN_EFAULT. to and from are in the 64-bit form,
 * as guest_copy_in() leaves and guest_copy_out() wants them. */
static inline int guest_struct_in(const struct vcpu *v, const struct struct_forms *forms, void *to,
                                  gva_t from)
{
    if (guest_is_native(v))
        return guest_copy_in(to, from, forms->size64);
    return guest_struct_in_32(forms, to, from);
}

static inline int guest_struct_out(const struct vcpu *v, const struct struct_forms *forms, gva_t to,
                                   const void *from)
{
    if (guest_is_native(v))
        return guest_copy_out(to, from, forms->size64);
    return guest_struct_out_32(forms, to, from);
}

/* The same for a list of words (frame numbers, ...). What is beyond a word going out is cut off. */
static inline int guest_words_in(const struct vcpu *v, uint64_t *to, gva_t from, size_t count)
{
    if (guest_is_native(v))
        return guest_copy_in(to, from, count * sizeof(*to));
    return guest_words_in_32(to, from, count);
}

static inline int guest_words_out(const struct vcpu *v, gva_t to, const uint64_t *from,
                                  size_t count)
{
    if (guest_is_native(v))
        return guest_copy_out(to, from, count * sizeof(*from));
    return guest_words_out_32(to, from, count);
}

/* Where word i of a list is. */
static inline gva_t guest_word_at(const struct vcpu *v, gva_t list, uint64_t i)
{
    return guest_index(list, i, v->domain->width->bytes);
}

/* guest_array_ok() for a 32-bit guest, whose part of the address space ends earlier. What lies
 * above cannot be written, and what lies above 4 GiB is not mapped: this only says so sooner. */
static inline bool guest_array_ok_32(gva_t address, uint64_t count, size_t size)
{
    return guest_array_ok(address, count, size) &&
           address.n + max(count * size, 1UL) <= HYPERVISOR_VIRT_START_32;
}

/* Whether all of a list of `count` elements can be the guest's. */
static inline bool guest_list_ok(const struct vcpu *v, gva_t list, uint64_t count, size_t size)
{
    if (guest_is_native(v))
        return guest_array_ok(list, count, size);
    return guest_array_ok_32(list, count, size);
}

static inline bool guest_words_ok(const struct vcpu *v, gva_t list, uint64_t count)
{
    return guest_list_ok(v, list, count, v->domain->width->bytes);
}

/* Puts the guest's form of a structure into `form`, of STRUCT_FORM_MAX bytes: for what is copied by
 * other means. Returns its size. */
size_t guest_struct_form(const struct vcpu *v, const struct struct_forms *forms, void *form,
                         const void *from);

#endif
